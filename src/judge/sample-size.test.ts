import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Evaluation, evaluate } from './evaluation.ts';
import { clopperPearson } from './intervals.ts';
import { needText, proofText, recallProof } from './proof-text.ts';
import { proofOf, trialsNeeded } from './sample-size.ts';

describe('trials needed', () => {
  // scipy.stats.binom.cdf(k, n, 1 - r) <= 1 - c, the first n from k + 1 on
  test.each([
    [0.95, 0.95, [59, 93, 124, 208, 577]],
    [0.99, 0.95, [299, 473, 628, 1049, 2902]],
    [0.9, 0.9, [22, 38, 52, 91, 267]],
    [0.9, 0.95, [29, 46, 61, 103, 286]],
    [0.5, 0.75, [2, 5, 7, 14, 46]],
  ])('rate %f with confidence %f', (rate, confidence, needed) => {
    expect([0, 1, 2, 5, 20].map((failures) => trialsNeeded({ rate, confidence }, failures))).toEqual(needed);
  });

  test('without failures the closed form; the one-sided bound is reached there and not one trial earlier', () => {
    const share = fc.integer({ min: 1, max: 199 }).map((x) => x / 200);
    fc.assert(
      fc.property(share, share, fc.integer({ min: 0, max: 30 }), (rate, confidence, failures) => {
        const goal = { rate, confidence };
        const n = trialsNeeded(goal, failures);
        if (failures === 0) expect(n).toBe(Math.ceil(Math.log(1 - confidence) / Math.log(rate) - 1e-9));
        // a two-sided interval of twice the tail has the one-sided bound as its lower end
        const bound = (trials: number) =>
          trials === failures ? 0 : clopperPearson(trials - failures, trials, Math.max(1e-9, 2 * confidence - 1)).low;
        if (confidence > 0.5) {
          expect(bound(n)).toBeGreaterThanOrEqual(rate - 1e-9);
          if (n > failures + 1) expect(bound(n - 1)).toBeLessThan(rate + 1e-9);
        }
      }),
    );
  });

  test('a million parts and more are no trouble', () => {
    expect(trialsNeeded({ rate: 0.999999, confidence: 0.95 })).toBe(2995731);
    expect(trialsNeeded({ rate: 0.99999, confidence: 0.95 }, 3)).toBeCloseTo(775_365, -2);
  });

  test.each([
    [{ rate: 1, confidence: 0.95 }, 0],
    [{ rate: 0, confidence: 0.95 }, 0],
    [{ rate: 0.9, confidence: 1 }, 0],
    [{ rate: 0.9, confidence: 0.95 }, -1],
    [{ rate: 0.9, confidence: 0.95 }, 1.5],
  ])('refuses %o with %f failures', (goal, failures) => {
    expect(() => trialsNeeded(goal, failures)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
  });
});

describe('what trials prove so far', () => {
  test('bounds, and further trials at the present rate', () => {
    const goal = { rate: 0.95, confidence: 0.95 };
    // bounds: scipy.stats.beta.ppf(0.05, 40, 2) and (0.05, 90, 11); further trials by trying every number
    expect(proofOf(goal, { trials: 41, failures: 1 })).toEqual({
      bound: expect.closeTo(0.8894468710201566, 12),
      proven: false,
      ifNoneFails: 93 - 41,
      atPresentRate: 193,
    });
    expect(proofOf(goal, { trials: 50, failures: 2 }).atPresentRate).toBe(1298);
    expect(proofOf({ rate: 0.9, confidence: 0.95 }, { trials: 50, failures: 3 }).atPresentRate).toBe(129);
    expect(proofOf({ rate: 0.99, confidence: 0.95 }, { trials: 150, failures: 1 }).atPresentRate).toBe(2396);
    expect(proofOf(goal, { trials: 100, failures: 10 })).toEqual({
      bound: expect.closeTo(0.8362823767241859, 12),
      proven: false,
      ifNoneFails: trialsNeeded(goal, 10) - 100,
      atPresentRate: null,
    });
    expect(proofOf(goal, { trials: 0, failures: 0 })).toEqual({
      bound: 0,
      proven: false,
      ifNoneFails: 59,
      atPresentRate: 59,
    });
    expect(proofOf(goal, { trials: 59, failures: 0 })).toMatchObject({ proven: true, ifNoneFails: 0 });
    expect(proofOf(goal, { trials: 3, failures: 3 })).toMatchObject({ bound: 0, proven: false, atPresentRate: null });
  });

  test('the plan holds: after so many trials at the present rate the goal is proven', () => {
    const counts = fc.tuple(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 0, max: 12 }));
    fc.assert(
      fc.property(counts, fc.constantFrom(0.8, 0.9, 0.95), ([trials, k], rate) => {
        const failures = Math.min(k, trials);
        const goal = { rate, confidence: 0.95 };
        const { proven, ifNoneFails, atPresentRate } = proofOf(goal, { trials, failures });
        if (proven) return;
        expect(proofOf(goal, { trials: trials + ifNoneFails, failures }).proven).toBe(true);
        expect(proofOf(goal, { trials: trials + ifNoneFails - 1, failures }).proven).toBe(false);
        if (atPresentRate === null) return;
        const all = trials + atPresentRate;
        const later = { trials: all, failures: Math.ceil((failures * all) / trials - 1e-9) };
        expect(proofOf(goal, later).proven).toBe(true);
        expect(atPresentRate).toBeGreaterThanOrEqual(ifNoneFails);
      }),
    );
  });
});

describe('in words', () => {
  const claim = { kind: 'recall', value: 0.95, confidence: 0.95 } as const;
  const evidence = { trials: 41, failures: 1, parts: 41, sawThreshold: false, withReview: false };

  test('how many parts', () => {
    expect(needText(claim, 59, 0)).toBe(
      'To prove a recall of at least 0.95 with 95 % confidence takes 59 defective parts, all found.',
    );
    expect(needText({ ...claim, kind: 'false alarms', value: 0.01 }, 1049, 5)).toBe(
      'To prove a false-alarm rate of at most 0.01 with 95 % confidence takes 1,049 good parts, 1,044 of them passed.',
    );
  });

  test('what is proven, and what is not yet', () => {
    expect(proofText(claim, evidence)).toBe(
      'To prove a recall of at least 0.95 with 95 % confidence takes 52 more defective parts if none is missed; 193 at the present rate of misses (40 of 41 defective images were found so far).',
    );
    expect(proofText(claim, { ...evidence, failures: 0, parts: 20 })).toBe(
      'To prove a recall of at least 0.95 with 95 % confidence takes 18 more defective parts if none is missed (41 of 41 defective images were found so far). They show 20 parts only, and images of one part prove less than as many parts.',
    );
    expect(proofText(claim, { ...evidence, failures: 10 })).toContain('no practical number will do');
    expect(proofText(claim, { ...evidence, trials: 60, failures: 0, parts: 60 })).toBe(
      'Proven: a recall of at least 0.95 with 95 % confidence (60 of 60 defective images were found; at least 0.9512).',
    );
    expect(
      proofText(
        { kind: 'false alarms', value: 0.1, confidence: 0.95 },
        { ...evidence, trials: 29, failures: 0, parts: 29 },
      ),
    ).toBe(
      'Proven: a false-alarm rate of at most 0.1 with 95 % confidence (29 of 29 good images were passed; at most 0.0982).',
    );
  });

  test('images that chose the threshold prove nothing', () => {
    const labels = [0, 0, 1, 1];
    const judged = (chosenOn: Evaluation['chosenOn'], threshold = 3) =>
      evaluate({
        detector: 'flow',
        labels,
        scores: [1, 2, 3, 4],
        classNames: labels.map(String),
        partGroups: ['a', 'b', 'c', 'c'],
        threshold,
        review: threshold > 3 ? 3 : null,
        chosenOn,
      });
    expect(recallProof(judged('the evaluation set itself (paper protocol)'))).toBe(
      'These images prove no recall: the threshold was chosen on them. To prove a recall of at least 0.95 with 95 % confidence takes 59 other defective parts if none is missed.',
    );
    expect(recallProof(judged('calibration'))).toMatch(/^To prove .* takes 57 more .* show 1 part only/);
    // one image is NG and the other for REVIEW: both are found
    expect(recallProof(judged('calibration', 4))).toContain(
      '(2 of 2 defective images were found or sent to a person so',
    );
  });
});
