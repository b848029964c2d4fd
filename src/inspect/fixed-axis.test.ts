import { expect, test } from 'vitest';
import { placeOf, timesAt } from './fixed-axis.ts';

test('scores of one recipe have places of their own, whatever the score is that is shown', () => {
  // all of these stood at the very same place of an axis that ended at the score itself
  const places = [8, 9.9, 22.6, 1630, 16301].map((score) => placeOf(score, 6.92));
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(new Set(places).size).toBe(places.length);
  expect(placeOf(6.92, 6.92)).toBeCloseTo(0.2);
});

test('what lies beyond either end is held there, and a place tells its score', () => {
  expect([placeOf(0, 2), placeOf(-5, 2), placeOf(1e9, 2)]).toEqual([0, 0, 1]);
  for (const times of [0.1, 0.5, 1, 40, 1e4]) expect(timesAt(placeOf(times * 3, 3))).toBeCloseTo(times);
});
