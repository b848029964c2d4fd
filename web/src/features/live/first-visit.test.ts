import { expect, it } from 'vitest';
import { firstVisit } from './first-visit.ts';

const counts = (good: number) => ({ counts: { good, defective: 0, unlabelled: 0, masks: 0 } });
const done = (...known: Parameters<typeof firstVisit>) => firstVisit(...known).map((step) => step.done);

it('counts what is missing, and ticks off what is there', () => {
  const [first] = firstVisit({ dataSets: [], trainings: [], recipes: [] });
  expect([first!.done, first!.text]).toEqual([false, expect.stringContaining('20 to try')]);
  expect(firstVisit({ dataSets: [counts(12), counts(3)], trainings: [], recipes: [] })[0]!.text).toContain(
    '12 of 20 good images to try with; 8 more',
  );
  expect(done({ dataSets: [counts(25)], trainings: [], recipes: [] })).toEqual([true, false, false, false]);
  const running = { state: 'running', recipe: null } as const;
  const [, train] = firstVisit({ dataSets: [counts(25)], trainings: [running], recipes: [] });
  expect([train!.done, train!.text]).toEqual([false, expect.stringContaining('runs')]);
  const finished = { state: 'finished', recipe: 'r' } as const;
  expect(done({ dataSets: [counts(120)], trainings: [finished], recipes: [{ active: false }] })).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
