import fc from 'fast-check';
import { expect, test } from 'vitest';
import { histogram, scoreAxis } from './score-axis.ts';

const scores = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { maxLength: 60 });

test('every score has a place, larger scores not before smaller ones, and the place leads back', () => {
  fc.assert(
    fc.property(scores, scores, (values, marks) => {
      const axis = scoreAxis(values, marks);
      const sorted = [...values, ...marks].sort((a, b) => a - b);
      const places = sorted.map((v) => axis.place(v));
      expect(places.every((p, i) => p >= 0 && p <= 1 && (i === 0 || p >= places[i - 1]!))).toBe(true);
      for (const [i, v] of sorted.entries()) {
        expect(Math.abs(axis.score(places[i]!) - v)).toBeLessThanOrEqual(1e-6 * (axis.high - axis.low));
      }
    }),
  );
});

test('a histogram counts every score once', () => {
  fc.assert(
    fc.property(scores, scores, fc.integer({ min: 1, max: 50 }), (good, defective, bins) => {
      const made = histogram(scoreAxis([...good, ...defective]), good, defective, bins);
      expect(made.reduce((sum, bin) => sum + bin.good, 0)).toBe(good.length);
      expect(made.reduce((sum, bin) => sum + bin.defective, 0)).toBe(defective.length);
    }),
  );
});

test('the axis is logarithmic where few scores are far above the others', () => {
  expect(scoreAxis([0.6, 0.7, 0.8, 0.9, 14]).kind).toBe('logarithmic');
  expect(scoreAxis([0.6, 0.7, 0.8, 0.9, 1.4]).kind).toBe('linear');
  const beyond = scoreAxis([-2, 0, 2, 3, 4, 5, 700]);
  expect(beyond.kind).toBe('logarithmic');
  // the usual scores get room: a linear axis gives them a hundredth
  expect(beyond.place(5) - beyond.place(-2)).toBeGreaterThan(0.25);
  expect(beyond.ticks).toEqual([-2, 0, 2, 5, 10, 20, 50, 100, 200, 500]);
  expect(scoreAxis([-2, 0, 2, 3, 4, 5, 7]).kind).toBe('linear');
});
