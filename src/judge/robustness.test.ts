import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from './decision.ts';
import { disturbedRates, type Judged, ratesOf } from './robustness.ts';

const labels = [0, 0, 0, 0, 1, 1, 1, 1];
const parts = { labels, partGroups: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] };
const judged = (scores: readonly number[]): Judged[] =>
  scores.map((score) => ({ score, decision: decide(score, 0.8, 0.5) }));

const plain = ratesOf(judged([0.1, 0.2, 0.3, 0.4, 0.6, 0.85, 0.9, 0.95]), parts);

describe('rates under a disturbance', () => {
  it('count what is for REVIEW as found, and as no false alarm', () => {
    expect(plain.auroc!.value).toBe(1);
    expect(plain.recall).toMatchObject({ count: 4, total: 4, value: 1 });
    expect(plain.falseAlarmRate).toMatchObject({ count: 0, total: 4 });
    const worse = ratesOf(judged([0.1, 0.6, 0.9, 0.4, 0.3, 0.85, 0.9, 0.95]), parts);
    expect(worse.recall).toMatchObject({ count: 3 });
    expect(worse.falseAlarmRate).toMatchObject({ count: 1 });
    expect(worse.reviewRate).toMatchObject({ count: 1 });
    expect(worse.auroc!.value).toBe(11.5 / 16);
  });

  it('have no AUROC where the images are of one kind', () => {
    const good = ratesOf(judged([0.1, 0.9]), { labels: [0, 0], partGroups: ['a', 'b'] });
    expect(good.auroc).toBeNull();
    expect(good.recall.value).toBeNull();
    expect(good.falseAlarmRate.value).toBe(0.5);
  });

  const missing = ratesOf(judged([0.1, 0.2, 0.3, 0.4, 0.45, 0.85, 0.9, 0.95]), parts);

  it('hold to the strongest degree before the first at which they do not, though a stronger one does', () => {
    const limit = (...rates: (typeof plain)[]): number | null =>
      disturbedRates(
        rates.map((one, i) => ({ ...one, degree: i + 1 })),
        plain,
      ).limit;
    expect(limit(plain, plain, plain)).toBe(3);
    expect(limit(plain, missing, plain)).toBe(1);
    expect(limit(missing, plain, plain)).toBeNull();
    expect(disturbedRates([{ ...missing, degree: 1 }], plain).degrees[0]!.holds).toBe(false);
  });

  it('hold where nothing is worse, whatever the scores', () => {
    const scores = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(scores, (values) => {
        const own = ratesOf(judged(values), parts);
        expect(disturbedRates([{ ...own, degree: 1 }], own).limit).toBe(1);
      }),
    );
  });
});
