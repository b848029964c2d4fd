import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide } from '../decision.ts';
import { defaultRules } from './default.ts';
import { chooseLimits } from './limits.ts';
import { formatThresholdRule, parseThresholdRule } from './text.ts';

/** Good scores first. */
const of = (good: readonly number[], defective: readonly number[]) => ({
  scores: [...good, ...defective],
  labels: [...good.map(() => 0), ...defective.map(() => 1)],
});
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);
const asked = (rule?: string, review?: string) => ({
  ...(rule && { rule: parseThresholdRule(rule) }),
  ...(review && { review: parseThresholdRule(review) }),
});
const warnings = (data: ReturnType<typeof of>, rule?: string, review?: string) =>
  chooseLimits(asked(rule, review), data).warnings;

describe('the default', () => {
  // few defects, most of them among the good ones: accuracy alone finds one of ten
  const few = of(upTo(100), [20, 35, 40, 52, 61, 70, 77, 88, 94, 300]);

  test('passes no calibration image that it knows to be defective where accuracy would pass nine of ten', () => {
    const accuracy = chooseLimits(asked('accuracy'), few);
    expect(accuracy.review).toBeUndefined();
    expect(few.scores.slice(100).filter((score) => decide(score, accuracy.ng.threshold) === 'OK')).toHaveLength(9);
    const { ng, review } = chooseLimits({}, few);
    expect(ng.threshold).toBe(accuracy.ng.threshold);
    expect(review && formatThresholdRule(review.rule)).toBe('recall=0.95');
    expect(few.scores.slice(100).map((score) => decide(score, ng.threshold, review!.threshold))).not.toContain('OK');
  });

  test('has no REVIEW under the protocol of the paper, nor beside a rule that was asked for, nor where NG finds as much', () => {
    expect(chooseLimits({}, few, 'paper').review).toBeUndefined();
    expect(chooseLimits(asked('f1'), few).review).toBeUndefined();
    const apart = chooseLimits({}, of(upTo(30), [300, 400]));
    expect(apart.review).toBeUndefined();
    expect(apart.ng.statement).toMatch(/keeps recall=0\.95 too, so that no image is for REVIEW\.$/);
    expect(apart.warnings).toEqual([]);
  });

  test.each([
    [200, 'good-only=0.05'],
    [9, 'good-only=0.1'],
    [1, 'good-only=0.5'],
  ])('is from %i good images alone %s', (n, rule) => {
    expect(formatThresholdRule(defaultRules(of(upTo(n), []), 'honest').rule)).toBe(rule);
    expect(chooseLimits({}, of(upTo(n), [])).review).toBeUndefined();
  });
});

test('two rules: REVIEW is never above NG, whatever the scores, or it is refused', () => {
  const score = fc.integer({ min: -20, max: 20 });
  const some = fc.array(score, { minLength: 1, maxLength: 30 });
  const rule = fc.constantFrom(
    'accuracy',
    'f1',
    'recall=0.8',
    'recall=1',
    'false-alarms=0',
    'false-alarms=0.2',
    'good-only=0.5',
  );
  fc.assert(
    fc.property(some, some, rule, rule, (good, defective, ng, review) => {
      try {
        const limits = chooseLimits(asked(ng, review), of(good, defective));
        if (limits.review) expect(limits.review.threshold).toBeLessThan(limits.ng.threshold);
        else expect(limits.warnings.join()).toMatch(/no image will be for REVIEW/);
      } catch (error) {
        expect(error).toMatchObject({ code: 'OPTION_INVALID', message: expect.stringContaining('above NG at') });
      }
    }),
  );
});

describe('warnings', () => {
  const many = of(
    upTo(400),
    upTo(100).map((i) => 1000 + i),
  );

  test('none where the images are enough and tell apart', () => {
    for (const rule of ['accuracy', 'recall=0.95', 'false-alarms=0.01', 'good-only=0.01', 'cost=100:1']) {
      expect(warnings(many, rule)).toEqual([]);
    }
  });

  test('say how many images a promise takes', () => {
    const few = of(upTo(8), [100, 101, 102]);
    expect(warnings(few, 'false-alarms=0.01')).toEqual([
      'false-alarms=0.01: 8 good images cannot show 1 % false alarms; 299 are needed, with no false alarm among them, for 95 % confidence',
    ]);
    expect(warnings(few, 'recall=0.95')).toEqual([
      'recall=0.95: 3 defective images cannot show a recall of 95 %; 59 are needed, with none missed among them, for 95 % confidence',
    ]);
    expect(warnings(many, 'recall=1')).toEqual([
      'recall=1: 100 defective images cannot show a recall of 100 %, and no number can; it holds for these images alone',
    ]);
    expect(warnings(few, 'accuracy', 'recall=0.9')[0]).toMatch(/^recall=0\.9: 3 .* 29 are needed/);
  });

  test('say that REVIEW can never happen', () => {
    expect(warnings(many, 'f1', 'recall=0.9')).toEqual([
      'no image will be for REVIEW: NG by f1 calls all of them that recall=0.9 asks for',
    ]);
  });

  test('say that recall is 0, and what becomes of the defective parts', () => {
    const under = of([2, 3, 4], [1]);
    expect(warnings(under, 'accuracy')).toEqual([
      'NG finds none of the 1 defective calibration images, a recall of 0; 1 are OK',
    ]);
    expect(warnings(under)).toEqual([
      'NG finds none of the 1 defective calibration images, a recall of 0; all are for REVIEW',
    ]);
    expect(chooseLimits({}, under).review?.statement).toMatch(/None of the good images .* would be OK\.$/);
    expect(warnings(under, 'f1')).toContain('all 3 good calibration images are NG: nothing would pass');
  });
});
