import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '../../core/random.ts';
import { accuracy, confusion, f1, falseAlarmRate } from '../metrics.ts';
import { chooseThreshold } from './choose.ts';
import type { ThresholdRule } from './rule.ts';
import { parseThresholdRule } from './text.ts';

const images = fc
  .array(fc.record({ label: fc.constantFrom(0, 1), score: fc.integer({ min: -8, max: 8 }) }), { maxLength: 40 })
  .map((rest) => [{ label: 0, score: 0 }, { label: 1, score: 1 }, ...rest])
  .map((all) => ({ labels: all.map(({ label }) => label), scores: all.map(({ score }) => score) }));
const share = fc.integer({ min: 1, max: 99 }).map((x) => x / 100);

/** A threshold for each way to tell the images apart, the highest first, that stands on scores. */
const thresholds = (scores: number[]) => [Math.max(...scores) + 1, ...[...new Set(scores)].sort((a, b) => b - a)];

/** Whether two thresholds decide all images alike. */
const alike = (data: { scores: number[] }, some: number, other: number) =>
  data.scores.every((score) => score >= some === score >= other);

test.each([
  ['accuracy', accuracy, 'highest'],
  ['f1', f1, 'lowest'],
] as const)('%s: no threshold is better, and of equals it is the %s', (kind, merit, ofEquals) => {
  fc.assert(
    fc.property(images, (data) => {
      const of = (threshold: number) => merit(confusion(data.labels, data.scores, threshold));
      const { threshold } = chooseThreshold({ kind }, data);
      const most = Math.max(...thresholds(data.scores).map(of));
      const best = thresholds(data.scores).filter((other) => of(other) > most - 1e-12);
      const expected = ofEquals === 'highest' ? best[0]! : best.at(-1)!;
      expect(alike(data, threshold, expected)).toBe(true);
    }),
  );
});

test('cost: no threshold is cheaper, and of equals it is the lowest, which misses least', () => {
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
      const least = Math.min(...thresholds(data.scores).map(total));
      const cheapest = thresholds(data.scores).findLast((other) => total(other) < least + 1e-9)!;
      expect(alike(data, threshold, cheapest)).toBe(true);
    }),
  );
});

test('cost: equal costs are highest accuracy; a share on the line moves the threshold', () => {
  fc.assert(
    fc.property(images, (data) => {
      const equal = chooseThreshold({ kind: 'cost', miss: 3, falseAlarm: 3, defectiveShare: null }, data);
      const right = ({ threshold }: { threshold: number }) => accuracy(confusion(data.labels, data.scores, threshold));
      expect(right(equal)).toBe(right(chooseThreshold({ kind: 'accuracy' }, data)));
    }),
  );
  const data = { labels: [0, 0, 0, 0, 0, 0, 1, 1, 1, 1], scores: [1, 2, 3, 4, 6, 8, 5, 7, 9, 10] };
  const at = (text: string) => chooseThreshold(parseThresholdRule(text), data).threshold;
  // a miss of a rare defect: 100 x 1 % of the parts against 1 x 99 %, about as dear as each other
  expect(at('cost=100:1')).toBe(4.25);
  expect(at('cost=100:1@0.01')).toBe(4.25);
  expect(at('cost=100:1@0.001')).toBe(8.25);
  expect(at('cost=1:100')).toBe(8.25);
});

test('accuracy may call nothing defective, with a finite threshold', () => {
  const data = { labels: [0, 0, 0, 1], scores: [2, 3, 4, 1] };
  const { threshold } = chooseThreshold({ kind: 'accuracy' }, data);
  expect(Number.isFinite(threshold)).toBe(true);
  expect(confusion(data.labels, data.scores, threshold)).toEqual({ tp: 0, fp: 0, fn: 1, tn: 3 });
});

test('recall: reached on the images with room for a new one, and by no higher threshold', () => {
  fc.assert(
    fc.property(images, share, (data, atLeast) => {
      const { threshold } = chooseThreshold({ kind: 'recall', atLeast }, data);
      const found = (t: number) => confusion(data.labels, data.scores, t).tp;
      const defective = data.labels.filter((label) => label === 1).length;
      const wanted = Math.min(defective, Math.ceil((defective + 1) * atLeast - 1e-9));
      expect(found(threshold)).toBeGreaterThanOrEqual(wanted);
      for (const other of thresholds(data.scores)) {
        if (other > threshold && !alike(data, other, threshold)) expect(found(other)).toBeLessThan(wanted);
      }
    }),
  );
});

test.each([19, 30, 100])('recall: %i defective images are enough to keep 0.95 for new parts on average', (n) => {
  const random = Random.of(3, 'recall', n);
  const rounds = 3000;
  let found = 0;
  for (let round = 0; round < rounds; round++) {
    const scores = Array.from({ length: n + 20 }, (_, i) => random.normal() + (i < n ? 2 : 0));
    const labels = scores.map((_, i) => (i < n ? 1 : 0));
    if (random.normal() + 2 >= chooseThreshold({ kind: 'recall', atLeast: 0.95 }, { labels, scores }).threshold)
      found++;
  }
  expect(found / rounds).toBeGreaterThan(0.95 - 4 * Math.sqrt((0.95 * 0.05) / rounds));
});

test('false alarms: kept, and by no lower threshold', () => {
  fc.assert(
    fc.property(images, share, (data, atMost) => {
      const { threshold } = chooseThreshold({ kind: 'false-alarms', atMost }, data);
      const rate = (t: number) => falseAlarmRate(confusion(data.labels, data.scores, t));
      expect(rate(threshold)).toBeLessThanOrEqual(atMost);
      for (const other of thresholds(data.scores)) {
        if (other < threshold && !alike(data, other, threshold)) expect(rate(other)).toBeGreaterThan(atMost);
      }
    }),
  );
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
  expect(statement('recall=0.9')).toMatch(
    /^Finds 10 of the 10 defective images .* 0 false alarms among 30 good ones\. Of new defective parts .* at least 0\.9 are expected .* rank 1 of 10\)/,
  );
  expect(statement('recall=0.8')).toMatch(/^Finds 9 of the 10 .* rank 2 of 10/);
  expect(statement('recall=0.95')).toMatch(/cannot be promised from fewer than 19 defective images/);
  expect(statement('recall=1')).toMatch(/cannot be promised from any number of images/);
  expect(statement('false-alarms=0.1')).toMatch(/^Calls 3 of the 30 good images .* finds 10 of 10 .* can be more/);
  expect(statement('cost=9:2')).toBe(
    'No other threshold is cheaper on the 40 images that it was chosen on: it misses 0 of 10 defective ones (cost 9 each) and calls 0 of 30 good ones defective (cost 2 each), in all 0 an image, with 10 defective of 40; on other parts the cost can be higher.',
  );
  expect(statement('cost=9:2@0.01')).toContain('in all 0 a part where 0.01 of the parts are defective;');
  expect(statement('good-only=0.1')).toMatch(/at most 0\.1 are expected .* rank 28 of 30\), .* nothing about recall/);
});

const bothKinds: readonly ThresholdRule[] = [
  { kind: 'accuracy' },
  { kind: 'f1' },
  { kind: 'recall', atLeast: 0.95 },
  { kind: 'false-alarms', atMost: 0 },
  { kind: 'cost', miss: 100, falseAlarm: 1, defectiveShare: null },
];

describe('scores that are apart', () => {
  test.each([
    ['far apart', [230, 281, 292], [3209, 3752], 303],
    ['very far apart', [230, 281, 292], [1e5, 2e5], 303],
    ['near', [230, 281, 292], [300, 3752], 294],
    ['one defective image', [230, 281, 292], [3209], 303],
    ['one of each', [292], [3209], 1021.25],
    ['negative', [-1000, -900, -880], [-500, -200], -860],
    ['good ones that are equal', [0, 0, 0], [1, 1], 0.25],
  ])(
    '%s: every rule stands one spread of the good ones above them, at most a quarter of the gap',
    (_, good, defective, expected) => {
      const data = { scores: [...defective, ...good], labels: [...defective.map(() => 1), ...good.map(() => 0)] };
      for (const rule of bothKinds)
        expect([rule.kind, chooseThreshold(rule, data).threshold]).toEqual([rule.kind, expected]);
    },
  );

  test('good-only keeps a tenth of a spread, as its rank allows for false alarms already', () => {
    const data = { scores: [230, 281, 292, 3209, 3752], labels: [0, 0, 0, 1, 1] };
    expect(chooseThreshold({ kind: 'good-only', atMost: 0.25 }, data).threshold).toBeCloseTo(293.1, 4);
    const good = { scores: [230, 281, 292], labels: [0, 0, 0] };
    expect(chooseThreshold({ kind: 'good-only', atMost: 0.25 }, good).threshold).toBeCloseTo(293.1, 4);
  });
});

test('no rule stands on an edge, nor decides otherwise as a number of 32 bits or after JSON', () => {
  const near = fc.integer({ min: -40, max: 40 }).map((x) => Math.fround(x / 7));
  const wide = fc.float({ min: Math.fround(-1e30), max: Math.fround(1e30), noNaN: true });
  const label = fc.constantFrom(0, 1);
  const some = (score: fc.Arbitrary<number>) =>
    fc
      .array(fc.record({ label, score }), { minLength: 1, maxLength: 30 })
      .map((rest) => [{ label: 0, score: 1 }, { label: 1, score: 2 }, ...rest]);
  fc.assert(
    fc.property(
      fc.oneof(some(near), some(wide)),
      fc.constantFrom(...bothKinds, { kind: 'good-only', atMost: 0.5 } as const),
      (all, rule) => {
        const data = { scores: all.map(({ score }) => score), labels: all.map(({ label }) => label) };
        const { threshold } = chooseThreshold(rule, data);
        expect(Number.isFinite(threshold)).toBe(true);
        for (const kept of [Math.fround(threshold), JSON.parse(JSON.stringify(threshold)) as number]) {
          expect(alike(data, kept, threshold)).toBe(true);
        }
        const below = Math.max(...data.scores.filter((score) => score < threshold));
        const at = Math.min(...data.scores.filter((score) => score >= threshold));
        // but where no number of 32 bits lies between
        if (Math.fround((below + at) / 2) > below && Math.fround((below + at) / 2) < at)
          expect(threshold).toBeLessThan(at);
      },
    ),
  );
});

test('all scores equal: everything is called defective or nothing, off the score itself', () => {
  const data = { scores: [5, 5, 5, 5], labels: [0, 0, 0, 1] };
  expect(chooseThreshold({ kind: 'accuracy' }, data).threshold).toBeGreaterThan(5);
  expect(chooseThreshold({ kind: 'false-alarms', atMost: 0 }, data).threshold).toBeGreaterThan(5);
  expect(chooseThreshold({ kind: 'recall', atLeast: 0.5 }, data).threshold).toBeLessThan(5);
  expect(
    chooseThreshold({ kind: 'cost', miss: 100, falseAlarm: 1, defectiveShare: null }, data).threshold,
  ).toBeLessThan(5);
  const zero = { scores: [0, 0], labels: [0, 0] };
  expect(chooseThreshold({ kind: 'good-only', atMost: 0.5 }, zero).threshold).toBeGreaterThan(0);
});
