import { expect, test } from 'vitest';
import { tensor } from '../core/tensor.ts';
import type { ViewScore } from '../judge/reason.ts';
import { disagreement } from './golden.ts';
import { viewsIn, viewTensors } from './views.ts';

const views: ViewScore[] = [
  { view: 'place', rarity: 3.5, weight: 0.75 },
  { view: 'whole', rarity: 0.25, weight: 0.25 },
];

test('what views say is read back from the outputs that hold it; models without have none', () => {
  const outputs = new Map<string, { data: Float32Array }>(viewTensors(views));
  expect(viewsIn((name) => outputs.get(name))).toEqual(views);
  expect(viewsIn(() => undefined)).toBeUndefined();
});

test('golden outputs cover them: another number, one that is missing and one too many disagree', () => {
  const found = { score: 2.7, map: tensor([1, 1, 1, 1], [1]) };
  expect(disagreement({ ...found, views }, { ...found, views }).score).toBe(0);
  const other = views.map((one) => ({ ...one, rarity: 1.1 * one.rarity }));
  expect(disagreement({ ...found, views: other }, { ...found, views }).score).toBeCloseTo(0.1);
  expect(disagreement(found, { ...found, views }).score).toBeNaN();
  expect(disagreement({ ...found, views }, found).score).toBeNaN();
});
