import { describe, expect, it } from 'vitest';
import { constant, plateau, type ScheduleState } from './schedule.ts';

describe('plateau', () => {
  const schedule = plateau({ from: 1e-4, to: 1e-6, factor: 0.1, patience: 5 });
  const stateAfter = (losses: (number | undefined)[], from: ScheduleState = schedule.start): ScheduleState =>
    losses.reduce<ScheduleState>((state, loss) => schedule.next(state, loss), from);

  it('keeps the rate while the loss improves', () => {
    expect(stateAfter([5, 4, 3, 2, 1, 0.5, 0.4]).learningRate).toBe(1e-4);
  });

  it('lowers the rate after five epochs without improvement, not after four', () => {
    expect(stateAfter([1, 2, 2, 2, 2]).learningRate).toBe(1e-4);
    expect(stateAfter([1, 2, 2, 2, 2, 2]).learningRate).toBeCloseTo(1e-5, 12);
  });

  it('never goes below its lower end', () => {
    expect(stateAfter(new Array(60).fill(1)).learningRate).toBe(1e-6);
  });

  it('waits where nothing was judged', () => {
    expect(stateAfter([1, undefined, undefined, undefined, undefined, undefined, undefined]).learningRate).toBe(1e-4);
  });
});

describe('constant', () => {
  it('stays', () => {
    const schedule = constant(2e-4);
    expect(schedule.next(schedule.start, 7)).toEqual(schedule.start);
  });
});
