import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '../../core/random.ts';
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
    const apart = chooseLimits(
      {},
      of(
        upTo(30),
        upTo(20).map((i) => 300 + i),
      ),
    );
    expect(apart.review).toBeUndefined();
    expect(apart.ng.statement).toMatch(/keeps recall=0\.95 too, so that no image is for REVIEW\.$/);
    expect(apart.warnings).toEqual([]);
  });

  test.each([
    [200, 'good-only=0.05', undefined],
    [19, 'good-only=0.05', undefined],
    [18, 'beyond-good=1', 'good-only=0.053'],
    [9, 'beyond-good=1', 'good-only=0.1'],
    [1, 'beyond-good=1', 'good-only=0.5'],
  ])('is from %i good images alone %s, with REVIEW by %s', (n, rule, review) => {
    const usual = defaultRules(of(upTo(n), []), 'honest');
    expect(formatThresholdRule(usual.rule)).toBe(rule);
    expect(usual.review && formatThresholdRule(usual.review)).toBe(review);
  });

  test('leaves what lies a little above few good images to a person: more are OK by no threshold, and fewer are NG', () => {
    // eight good ones, the median 14, the highest 20
    const { ng, review, warnings } = chooseLimits({}, of([10, 11, 12, 13, 14, 15, 16, 20], []));
    expect([review!.threshold, ng.threshold]).toEqual([expect.closeTo(20.6, 4), 26]);
    expect([20, 21, 25, 26].map((score) => decide(score, ng.threshold, review!.threshold))).toEqual([
      'OK',
      'REVIEW',
      'REVIEW',
      'NG',
    ]);
    const few =
      '8 good images are few to set a threshold on: a new good part may score above all of them with a chance of 1 in 9; 19 make it 1 in 20, and 59 can show at most 5 % false alarms';
    expect(warnings).toEqual([few]);
    expect(ng.statement).toMatch(
      /^Stands as far above .* of the 8 good images .* promises no rate for other parts\. 8 good/,
    );
    expect(ng.statement.endsWith(`${few}.`)).toBe(true);
  });

  test('leaves room for REVIEW above any few good images: one, two, equal ones, and scores of any size', () => {
    const score = fc.float({ noNaN: true, noDefaultInfinity: true, max: Math.fround(1e30), min: Math.fround(-1e30) });
    const some = fc.array(score, { minLength: 1, maxLength: 18 });
    fc.assert(
      fc.property(
        fc.oneof(
          some,
          fc.tuple(score, fc.nat(17)).map(([one, n]) => Array(n + 1).fill(one)),
        ),
        (scores) => {
          const { ng, review } = chooseLimits({}, of(scores, []));
          const highest = Math.max(...scores);
          expect(review!.threshold).toBeGreaterThan(highest);
          expect(ng.threshold).toBeGreaterThan(review!.threshold);
          expect(decide(review!.threshold, ng.threshold, review!.threshold)).toBe('REVIEW');
        },
      ),
    );
    const limits = (scores: number[]) => {
      const { ng, review } = chooseLimits({}, of(scores, []));
      return [review!.threshold, ng.threshold];
    };
    expect(limits([0.4])).toEqual([expect.closeTo(0.4, 3), expect.closeTo(0.8, 6)]);
    expect(limits([2, 5])).toEqual([expect.closeTo(5, 2), 8]);
    expect(limits([3, 3, 3, 3])).toEqual([expect.closeTo(3, 2), 6]);
    expect(chooseLimits({}, of([0.4], [])).ng.statement).toMatch(/of the one good image .* as that lies from 0, since/);
    expect(chooseLimits({}, of([2, 5], [])).ng.statement).toMatch(/of the 2 good images .* above their median/);
  });

  test('of a draw like eight good ones calls a new good one NG less often than the one in nine that lies above them', () => {
    const random = Random.of(3, 'few');
    // scores of a flow have a long tail to the right
    const draw = () => Math.exp(random.normal());
    const rounds = 4000;
    let [above, ng] = [0, 0];
    for (let round = 0; round < rounds; round++) {
      const limits = chooseLimits({}, of(Array.from({ length: 8 }, draw), []));
      const decision = decide(draw(), limits.ng.threshold, limits.review?.threshold);
      if (decision !== 'OK') above++;
      if (decision === 'NG') ng++;
    }
    expect(above / rounds).toBeGreaterThan(0.08);
    expect(above / rounds).toBeLessThan(1 / 9 + 0.02);
    expect(ng / rounds).toBeLessThan(0.075);
  });

  test('needs a good image', () => {
    expect(() => chooseLimits({}, of([], [1, 2]))).toThrow(
      expect.objectContaining({ code: 'DATASET_TOO_SMALL', message: expect.stringContaining('no good') }),
    );
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
    expect(warnings(few)).toEqual([
      '8 good images are few to set a threshold on: a new good part may score above all of them with a chance of 1 in 9; 19 make it 1 in 20, and 59 can show at most 5 % false alarms',
      '3 defective images are few to set a threshold on: a new defective part may score below all of them with a chance of 1 in 4; 19 make it 1 in 20, and 59 can show a recall of 95 %',
    ]);
    expect(
      warnings(
        of(
          upTo(19),
          upTo(19).map((i) => 100 + i),
        ),
      ),
    ).toEqual([]);
    expect(warnings(few, 'false-alarms=0.01').slice(0, 1)).toEqual([
      'false-alarms=0.01: 8 good images cannot show 1 % false alarms; 299 are needed, with no false alarm among them, for 95 % confidence',
    ]);
    expect(warnings(few, 'recall=0.95').slice(0, 1)).toEqual([
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
    expect(warnings(under, 'accuracy').slice(2)).toEqual([
      'NG finds none of the 1 defective calibration images, a recall of 0; 1 are OK',
    ]);
    expect(warnings(under).slice(2)).toEqual([
      'NG finds none of the 1 defective calibration images, a recall of 0; all are for REVIEW',
    ]);
    expect(chooseLimits({}, under).review?.statement).toMatch(/None of the good images .* would be OK\.$/);
    expect(warnings(under, 'f1')).toContain('all 3 good calibration images are NG: nothing would pass');
  });
});
