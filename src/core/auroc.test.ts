import fc from 'fast-check';
import { expect, test } from 'vitest';
import { auroc, aurocDifferenceError, aurocEitherWay } from './auroc.ts';

test('equals the share of (good, defective) pairs in the right order, ties counting half', () => {
  const image = fc.record({ label: fc.constantFrom(0, 1), score: fc.integer({ min: -5, max: 5 }) });
  fc.assert(
    fc.property(fc.array(image, { minLength: 2, maxLength: 60 }), (images) => {
      const good = images.filter(({ label }) => label === 0);
      const defective = images.filter(({ label }) => label === 1);
      fc.pre(good.length > 0 && defective.length > 0);
      let right = 0;
      for (const a of good) for (const b of defective) right += b.score > a.score ? 1 : b.score === a.score ? 0.5 : 0;
      const labels = images.map(({ label }) => label);
      const scores = Float32Array.from(images, ({ score }) => score);
      expect(auroc(scores, labels)).toBeCloseTo(right / (good.length * defective.length), 12);
    }),
  );
});

test.each([
  ['nothing', [], []],
  ['unequal lengths', [0, 1], [1]],
  ['a score that is not a number', [0, 1], [1, Number.NaN]],
  ['an infinite score', [0, 1], [1, Number.POSITIVE_INFINITY]],
  ['one class only', [1, 1], [1, 2]],
])('refuses %s', (_, labels, scores) => {
  expect(() => auroc(scores, labels)).toThrow(expect.objectContaining({ code: 'SCORES_INVALID' }));
});

test('the error of a difference of AUROCs is that of DeLong, and 0 for the same ranks', () => {
  const defective = [false, false, false, true, true, true];
  const a = [1, 2, 5, 3, 6, 7];
  expect(
    aurocDifferenceError(
      a,
      a.map((x) => x ** 3),
      defective,
    ),
  ).toBe(0);
  // placements of a: defective 2/3 1 1, good 1 1 2/3; of b: defective 1/3 1 1, good 1 2/3 2/3; differences 1/3 0 0 and 0 1/3 0
  const b = [1, 4, 5, 3, 6, 7];
  const variance = ((1 / 3) ** 2 * (1 - 1 / 3)) / 2 / 3;
  expect(aurocDifferenceError(a, b, defective)).toBeCloseTo(Math.sqrt(2 * variance), 12);
  expect(aurocDifferenceError([1, 2, 3], [3, 2, 1], [false, true, false])).toBe(Number.POSITIVE_INFINITY);
});

test('a baseline counts as much whether its defects are brighter or darker', () => {
  const [values, defective] = [
    [1, 2, 3, 4],
    [1, 0, 1, 0],
  ];
  expect(aurocEitherWay(values, defective)).toBe(0.75);
  expect(aurocEitherWay(values.map((v) => -v), defective)).toBe(0.75); // biome-ignore format: one line
});
