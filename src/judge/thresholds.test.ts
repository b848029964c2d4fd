import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '../core/random.ts';
import { accuracy, confusion, f1, f1Max, falseAlarmRate, recall } from './metrics.ts';
import { formatThresholdRule, parseThresholdRule } from './threshold-rule.ts';
import { chooseThreshold } from './thresholds.ts';

const images = fc
  .array(fc.record({ label: fc.constantFrom(0, 1), score: fc.integer({ min: -8, max: 8 }) }), { maxLength: 40 })
  .map((rest) => [{ label: 0, score: 0 }, { label: 1, score: 1 }, ...rest])
  .map((all) => ({ labels: all.map(({ label }) => label), scores: all.map(({ score }) => score) }));
const share = fc.integer({ min: 1, max: 99 }).map((x) => x / 100);
const every = (scores: number[]) => [...new Set(scores), Math.max(...scores) + 1];

test('a rule survives being written and read', () => {
  for (const text of [
    'accuracy',
    'f1',
    'recall=0.95',
    'false-alarms=0.01',
    'false-alarms=0',
    'good-only=0.05',
    'cost=100:1',
    'cost=2.5:0.5@0.01',
  ]) {
    expect(formatThresholdRule(parseThresholdRule(text))).toBe(text);
  }
});

test.each([
  '',
  'recall',
  'recall=',
  'recall=x',
  'recall=0',
  'recall=1.5',
  'f1=0.5',
  'good-only=0',
  'good-only=1',
  'f2',
  'recall=1=2',
  'cost',
  'cost=5',
  'cost=:1',
  'cost=0:1',
  'cost=1:-1',
  'cost=1:2:3',
  'cost=1:1@0',
  'cost=1:1@1',
  'cost=1:1@',
  'cost=1:1@0.1@0.2',
  'cost=Infinity:1',
])('refuses the rule "%s" and says which are legal', (text) => {
  expect(() => parseThresholdRule(text)).toThrow(/legal are accuracy, f1, recall=/);
});

test('accuracy and f1: no threshold is better, and none as good is higher', () => {
  fc.assert(
    fc.property(images, (data) => {
      for (const [kind, merit] of [
        ['accuracy', accuracy],
        ['f1', f1],
      ] as const) {
        const { threshold } = chooseThreshold({ kind }, data);
        const best = merit(confusion(data.labels, data.scores, threshold));
        for (const other of every(data.scores)) {
          const value = merit(confusion(data.labels, data.scores, other));
          expect(value).toBeLessThanOrEqual(best + 1e-12);
          if (other > threshold + 1e-9 && other <= Math.max(...data.scores)) expect(value).toBeLessThan(best);
        }
      }
      expect(chooseThreshold({ kind: 'f1' }, data).threshold).toBe(f1Max(data.labels, data.scores).threshold);
    }),
  );
});

test('cost: no threshold is cheaper, and none as cheap is higher', () => {
  const cost = fc.integer({ min: 1, max: 50 });
  const shares = fc.option(share, { nil: null });
  fc.assert(
    fc.property(images, cost, cost, shares, (data, miss, falseAlarm, defectiveShare) => {
      const total = (threshold: number): number => {
        const { tp, fp, fn, tn } = confusion(data.labels, data.scores, threshold);
        const line = defectiveShare ?? (tp + fn) / (tp + fn + fp + tn);
        return (miss * line * fn) / (tp + fn) + (falseAlarm * (1 - line) * fp) / (fp + tn);
      };
      const { threshold } = chooseThreshold({ kind: 'cost', miss, falseAlarm, defectiveShare }, data);
      for (const other of every(data.scores)) {
        expect(total(other)).toBeGreaterThanOrEqual(total(threshold) - 1e-9);
        if (other > threshold + 1e-9 && other <= Math.max(...data.scores)) {
          expect(total(other)).toBeGreaterThan(total(threshold) + 1e-12);
        }
      }
    }),
  );
});

test('cost: equal costs are highest accuracy; a share on the line moves the threshold', () => {
  fc.assert(
    fc.property(images, (data) => {
      const equal = chooseThreshold({ kind: 'cost', miss: 3, falseAlarm: 3, defectiveShare: null }, data);
      expect(equal.threshold).toBe(chooseThreshold({ kind: 'accuracy' }, data).threshold);
    }),
  );
  const data = { labels: [0, 0, 0, 0, 0, 0, 1, 1, 1, 1], scores: [1, 2, 3, 4, 6, 8, 5, 7, 9, 10] };
  const at = (text: string) => chooseThreshold(parseThresholdRule(text), data).threshold;
  // a miss of a rare defect: 100 x 1 % of the parts against 1 x 99 %, about as dear as each other
  expect(at('cost=100:1')).toBe(5);
  expect(at('cost=100:1@0.01')).toBe(5);
  expect(at('cost=100:1@0.001')).toBe(9);
  expect(at('cost=1:100')).toBe(9);
});

test('accuracy may call nothing defective, with a finite threshold', () => {
  const data = { labels: [0, 0, 0, 1], scores: [2, 3, 4, 1] };
  const { threshold } = chooseThreshold({ kind: 'accuracy' }, data);
  expect(Number.isFinite(threshold)).toBe(true);
  expect(confusion(data.labels, data.scores, threshold)).toEqual({ tp: 0, fp: 0, fn: 1, tn: 3 });
});

test('recall: reached, and by no higher threshold', () => {
  fc.assert(
    fc.property(images, share, (data, atLeast) => {
      const { threshold } = chooseThreshold({ kind: 'recall', atLeast }, data);
      expect(recall(confusion(data.labels, data.scores, threshold))).toBeGreaterThanOrEqual(atLeast);
      for (const other of every(data.scores)) {
        if (other > threshold) expect(recall(confusion(data.labels, data.scores, other))).toBeLessThan(atLeast);
      }
    }),
  );
});

test('false alarms: kept, and by no lower threshold', () => {
  fc.assert(
    fc.property(images, share, (data, atMost) => {
      const { threshold } = chooseThreshold({ kind: 'false-alarms', atMost }, data);
      expect(falseAlarmRate(confusion(data.labels, data.scores, threshold))).toBeLessThanOrEqual(atMost);
      for (const other of data.scores) {
        if (other < threshold - 1e-9) {
          expect(falseAlarmRate(confusion(data.labels, data.scores, other))).toBeGreaterThan(atMost);
        }
      }
    }),
  );
});

describe('good-only', () => {
  const goodOnly = (scores: number[], atMost: number) =>
    chooseThreshold({ kind: 'good-only', atMost }, { labels: scores.map(() => 0), scores }).threshold;

  test('lies just above the score of rank ceil((n + 1)(1 - f)), and looks at no defective image', () => {
    const scores = Array.from({ length: 99 }, (_, i) => 99 - i);
    const threshold = goodOnly(scores, 0.05);
    expect(threshold).toBeGreaterThan(95);
    expect(threshold).toBeCloseTo(95, 12);
    const data = { labels: [...scores.map(() => 0), 1], scores: [...scores, -1000] };
    expect(chooseThreshold({ kind: 'good-only', atMost: 0.05 }, data).threshold).toBe(threshold);
  });

  test.each([
    ['distinct', (random: Random) => random.normal(), 0.08],
    // with six values the bound is kept by a wide margin: ties cannot be split
    ['tied', (random: Random) => random.integer(6), 0],
  ])('keeps its bound on average over calibrations when scores are %s', (_, draw, atLeast) => {
    const random = Random.of(7, 'conformal');
    const rounds = 4000;
    let alarms = 0;
    for (let round = 0; round < rounds; round++) {
      const threshold = goodOnly(
        Array.from({ length: 19 }, () => draw(random)),
        0.1,
      );
      if (draw(random) >= threshold) alarms++;
    }
    const fourStandardErrors = 4 * Math.sqrt((0.1 * 0.9) / rounds);
    expect(alarms / rounds).toBeLessThan(0.1 + fourStandardErrors);
    expect(alarms / rounds).toBeGreaterThanOrEqual(atLeast);
  });

  test('says how many good parts are needed when there are too few, and that many are enough', () => {
    fc.assert(
      fc.property(share, (atMost) => {
        const needed = Math.ceil(1 / atMost - 1 - 1e-9);
        expect(
          Number.isFinite(
            goodOnly(
              Array.from({ length: needed }, (_, i) => i),
              atMost,
            ),
          ),
        ).toBe(true);
        if (needed > 1) {
          expect(() =>
            goodOnly(
              Array.from({ length: needed - 1 }, (_, i) => i),
              atMost,
            ),
          ).toThrow(
            expect.objectContaining({
              code: 'DATASET_TOO_SMALL',
              message: expect.stringContaining(`needs at least ${needed}:`),
            }),
          );
        }
      }),
    );
  });
});

test('every statement says what is promised and what is not', () => {
  const data = {
    labels: [...Array(30).fill(0), ...Array(10).fill(1)],
    scores: Array.from({ length: 40 }, (_, i) => i),
  };
  const statement = (text: string) => chooseThreshold(parseThresholdRule(text), data).statement;
  expect(statement('accuracy')).toBe(
    'No other threshold decides more of the 40 images that it was chosen on rightly (40); it promises no rate for other parts.',
  );
  expect(statement('f1')).toMatch(/higher F1 .* \(1\.000\); it promises no rate/);
  expect(statement('recall=0.9')).toMatch(/^Finds 9 of the 10 defective images .* 0 false alarms among 30 good/);
  expect(statement('false-alarms=0.1')).toMatch(/^Calls 3 of the 30 good images .* finds 10 of 10 .* can be more/);
  expect(statement('cost=9:2')).toBe(
    'No other threshold is cheaper on the 40 images that it was chosen on: it misses 0 of 10 defective ones (cost 9 each) and calls 0 of 30 good ones defective (cost 2 each), in all 0 an image, with 10 defective of 40; on other parts the cost can be higher.',
  );
  expect(statement('cost=9:2@0.01')).toContain('in all 0 a part where 0.01 of the parts are defective;');
  expect(statement('good-only=0.1')).toMatch(/at most 0\.1 are expected .* rank 28 of 30\), .* nothing about recall/);
});
