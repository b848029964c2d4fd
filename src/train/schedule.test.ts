import { describe, expect, it } from 'vitest';
import { constant, cosine, plateau, type ScheduleState } from './schedule.ts';

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

describe('cosine', () => {
  const { start, rate, next } = cosine({ from: 2e-3, warmUp: 0.1 });

  it('rises to its highest rate within the warm-up, halves it midway and ends at nothing', () => {
    expect(rate!(start, 0)).toBeCloseTo(2e-4, 12);
    expect(rate!(start, 0.1)).toBeCloseTo(1e-3 * (1 + Math.cos(0.1 * Math.PI)), 12);
    expect(rate!(start, 0.5)).toBeCloseTo(1e-3, 12);
    expect(rate!(start, 1)).toBeCloseTo(0, 12);
    expect(rate!(start, 1.2)).toBeCloseTo(0, 12);
  });

  it('falls all the way from the warm-up on', () => {
    const rates = Array.from({ length: 91 }, (_, i) => rate!(start, 0.1 + i / 100));
    expect(rates).toEqual([...rates].sort((a, b) => b - a));
  });

  it('needs no warm-up and takes no notice of losses', () => {
    expect(cosine({ from: 1, warmUp: 0 }).rate!(start, 0.5)).toBeCloseTo(0.5, 12);
    expect(next(start, 3)).toEqual(start);
  });
});
