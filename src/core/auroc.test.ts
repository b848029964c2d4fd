import fc from 'fast-check';
import { expect, test } from 'vitest';
import { auroc } from './auroc.ts';

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
