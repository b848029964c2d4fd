import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { auroc } from '../core/auroc.ts';
import {
  accuracy,
  averagePrecision,
  confusion,
  f1,
  f1Max,
  falseAlarmRate,
  precision,
  precisionRecallCurve,
  recall,
  rocCurve,
} from './metrics.ts';
import { chooseThreshold } from './rules/choose.ts';

interface GoldenCase {
  labels: number[];
  scores: number[];
  auroc: number;
  average_precision: number;
  f1_max: number;
  best_accuracy: number;
  highest_threshold_at_best_accuracy: number;
  precision: number;
  recall: number;
}
const golden: GoldenCase[] = JSON.parse(
  readFileSync(new URL('../../test/golden/metrics.json', import.meta.url), 'utf8'),
);

describe.each(golden.map((c) => ({ ...c, n: c.scores.length })))("scikit-learn's figures for $n images", (c) => {
  test('areas and the best F1', () => {
    expect(auroc(c.scores, c.labels)).toBeCloseTo(c.auroc, 12);
    expect(averagePrecision(c.labels, c.scores)).toBeCloseTo(c.average_precision, 12);
    expect(f1Max(c.labels, c.scores).f1).toBeCloseTo(c.f1_max, 12);
  });

  test('the highest threshold of best accuracy, or in the gap below it, and precision and recall there', () => {
    const { threshold } = chooseThreshold({ kind: 'accuracy' }, c);
    const highest = c.highest_threshold_at_best_accuracy;
    expect(threshold).toBeLessThanOrEqual(highest);
    expect(threshold).toBeGreaterThan(Math.max(...c.scores.filter((score) => score < highest)));
    const counts = confusion(c.labels, c.scores, threshold);
    expect(accuracy(counts)).toBeCloseTo(c.best_accuracy, 12);
    expect(precision(counts)).toBeCloseTo(c.precision, 12);
    expect(recall(counts)).toBeCloseTo(c.recall, 12);
  });
});

const images = fc
  .array(fc.record({ label: fc.constantFrom(0, 1), score: fc.integer({ min: -8, max: 8 }) }), { maxLength: 40 })
  .map((rest) => [{ label: 0, score: 0 }, { label: 1, score: 1 }, ...rest])
  .map((all) => ({ labels: all.map(({ label }) => label), scores: all.map(({ score }) => score) }));

test('the trapezoids under the ROC curve add up to the AUROC, and the curve never falls', () => {
  fc.assert(
    fc.property(images, ({ labels, scores }) => {
      const curve = rocCurve(labels, scores);
      let area = 0;
      for (let i = 1; i < curve.length; i++) {
        const [a, b] = [curve[i - 1]!, curve[i]!];
        expect(b.falseAlarmRate).toBeGreaterThanOrEqual(a.falseAlarmRate);
        expect(b.recall).toBeGreaterThanOrEqual(a.recall);
        area += ((b.falseAlarmRate - a.falseAlarmRate) * (a.recall + b.recall)) / 2;
      }
      expect(curve.at(-1)).toMatchObject({ falseAlarmRate: 1, recall: 1 });
      expect(area).toBeCloseTo(auroc(scores, labels), 12);
    }),
  );
});

test('every point of both curves is what the confusion matrix says at its threshold', () => {
  fc.assert(
    fc.property(images, ({ labels, scores }) => {
      for (const point of rocCurve(labels, scores)) {
        const counts = confusion(labels, scores, point.threshold);
        expect([falseAlarmRate(counts), recall(counts)]).toEqual([point.falseAlarmRate, point.recall]);
      }
      for (const point of precisionRecallCurve(labels, scores)) {
        const counts = confusion(labels, scores, point.threshold);
        expect([precision(counts), recall(counts)]).toEqual([point.precision, point.recall]);
        expect(f1(counts)).toBeLessThanOrEqual(f1Max(labels, scores).f1);
      }
    }),
  );
});

test('empty denominators are 0, as in scikit-learn', () => {
  const nothingCalled = confusion([0, 1], [1, 2], 3);
  expect(nothingCalled).toEqual({ tp: 0, fp: 0, fn: 1, tn: 1 });
  expect([precision(nothingCalled), f1(nothingCalled)]).toEqual([0, 0]);
  const onlyGood = confusion([0], [1], 3);
  expect([recall(onlyGood), f1(onlyGood), accuracy(onlyGood)]).toEqual([0, 0, 1]);
  expect(falseAlarmRate(confusion([1], [1], 3))).toBe(0);
});

test.each([
  ['nothing', [], []],
  ['unequal lengths', [0, 1], [1]],
  ['a score that is not a number', [0, 1], [1, Number.NaN]],
  ['another label', [0, 2], [1, 2]],
])('%s is refused', (_, labels, scores) => {
  const invalid = expect.objectContaining({ code: 'SCORES_INVALID' });
  for (const metric of [rocCurve, precisionRecallCurve, averagePrecision, f1Max]) {
    expect(() => metric(labels, scores)).toThrow(invalid);
  }
  expect(() => confusion(labels, scores, 0)).toThrow(invalid);
});

test('one class only is refused by the curves, a threshold that is not a number by the confusion matrix', () => {
  expect(() => rocCurve([1, 1], [1, 2])).toThrow(expect.objectContaining({ code: 'SCORES_INVALID' }));
  expect(() => confusion([0, 1], [1, 2], Number.NaN)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
});
