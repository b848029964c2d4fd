import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decide } from './decision.ts';
import { judgeDecisions } from './decision-counts.ts';
import { evaluate } from './evaluation.ts';
import { clopperPearson } from './intervals.ts';

test('OK below REVIEW, REVIEW below NG, each from its threshold on', () => {
  expect([0.9, 1, 1.9, 2, 2.1].map((score) => decide(score, 2, 1))).toEqual(['OK', 'REVIEW', 'REVIEW', 'NG', 'NG']);
  expect([1.9, 2].map((score) => decide(score, 2))).toEqual(['OK', 'NG']);
  expect([1.9, 2].map((score) => decide(score, 2, 2))).toEqual(['OK', 'NG']);
  expect(decide(0, null)).toBe('REVIEW');
});

const data = { labels: [0, 0, 0, 0, 0, 1, 1, 1, 1], scores: [1, 2, 3, 4, 8, 2, 4, 5, 9] };

test('counts, review load and recall, by hand', () => {
  expect(judgeDecisions(data, 5, 3, 0.95)).toEqual({
    review: 3,
    good: { ok: 2, review: 2, ng: 1 },
    defective: { ok: 1, review: 1, ng: 2 },
    reviewLoad: { value: 3 / 9, count: 3, total: 9, interval: clopperPearson(3, 9) },
    reviewLoadOfGood: { value: 2 / 5, count: 2, total: 5, interval: clopperPearson(2, 5) },
    recall: { value: 3 / 4, count: 3, total: 4, interval: clopperPearson(3, 4) },
  });
});

test('every image is decided once, and recall with REVIEW is never below recall without', () => {
  const images = fc.array(fc.tuple(fc.constantFrom(0, 1), fc.integer({ min: -5, max: 5 })), { minLength: 1 });
  fc.assert(
    fc.property(images, fc.integer({ min: -6, max: 6 }), fc.nat({ max: 6 }), (drawn, threshold, below) => {
      const all = { labels: [0, 1, ...drawn.map(([l]) => l)], scores: [0, 0, ...drawn.map(([, s]) => s)] };
      const { classNames, partGroups } = {
        classNames: all.labels.map(String),
        partGroups: all.labels.map((_, i) => i),
      };
      const e = evaluate({
        ...all,
        classNames,
        partGroups,
        detector: 'flow',
        threshold,
        review: threshold - below,
        chosenOn: 'calibration',
      });
      const { good, defective, recall, reviewLoad } = e.threeWay!;
      expect(good.ok + good.review + good.ng).toBe(e.good);
      expect(defective.ok + defective.review + defective.ng).toBe(e.defective);
      expect(good.ng).toBe(e.confusion.fp);
      expect(defective.ng).toBe(e.confusion.tp);
      expect(recall.count).toBeGreaterThanOrEqual(e.recall.count);
      if (below === 0) expect(reviewLoad.count).toBe(0);
    }),
    { numRuns: 30 },
  );
});

test('refuses a review threshold above the other', () => {
  for (const review of [5.1, Number.NaN]) {
    expect(() => judgeDecisions(data, 5, review, 0.95)).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringContaining('5 for NG') }),
    );
  }
});

const notFinite = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
const finite = fc.double({ noNaN: true, noDefaultInfinity: true });

test('no number that is not finite decides anything, wherever it stands', () => {
  const refused = expect.objectContaining({ code: 'SCORE_INVALID' });
  const orNull = fc.option(finite, { nil: null });
  fc.assert(
    fc.property(notFinite, finite, finite, orNull, orNull, (bad, score, threshold, limit, review) => {
      expect(() => decide(bad, limit, review)).toThrow(refused);
      expect(() => decide(score, bad, review)).toThrow(refused);
      expect(() => decide(score, limit, bad)).toThrow(refused);
      expect(() => decide(score, undefined as unknown as null)).toThrow(refused);
      expect(() => judgeDecisions({ labels: [0], scores: [score] }, threshold, bad, 0.95)).toThrow();
      expect(() => judgeDecisions({ labels: [0], scores: [bad] }, threshold, threshold, 0.95)).toThrow();
    }),
  );
});

test('OK is below every threshold there is', () => {
  fc.assert(
    fc.property(finite, finite, fc.option(finite, { nil: null }), (score, threshold, review) => {
      if (decide(score, threshold, review) !== 'OK') return;
      expect(score).toBeLessThan(threshold);
      if (review !== null) expect(score).toBeLessThan(review);
    }),
  );
});
