import { expect, test } from 'vitest';
import { auroc } from '../core/auroc.ts';
import { Random } from '../core/random.ts';
import { bootstrapAurocDifference, bootstrapMeanAuroc, type JudgedImages } from './comparison-interval.ts';

const random = Random.of(5, 'difference');
const labels = Array.from({ length: 80 }, (_, i) => i % 2);
const names = labels.map((_, i) => `${i}.png`);
const partGroups = labels.map((_, i) => String(i >> 1));
/** What makes an image hard for every detector. */
const hard = labels.map(() => random.normal());
const judged = (separation: number): JudgedImages => ({
  labels,
  names,
  partGroups,
  scores: labels.map((label, i) => separation * label + hard[i]! + 0.2 * random.normal()),
});
const good = judged(2);
const fair = judged(1);

test('a detector does not differ from itself, and a better one does', () => {
  expect(bootstrapAurocDifference([good], [good])).toEqual({ low: 0, high: 0 });
  const { low, high } = bootstrapAurocDifference([good], [fair])!;
  const difference = auroc(good.scores, labels) - auroc(fair.scores, labels);
  expect(low).toBeGreaterThan(0);
  expect(low).toBeLessThan(difference);
  expect(high).toBeGreaterThan(difference);
});

test('swapping the two turns the interval about', () => {
  const forth = bootstrapAurocDifference([good], [fair], { seed: 3 })!;
  const back = bootstrapAurocDifference([fair], [good], { seed: 3 })!;
  expect([back.low, back.high]).toEqual([expect.closeTo(-forth.high, 12), expect.closeTo(-forth.low, 12)]);
});

test('judging the same images narrows the difference', () => {
  const elsewhere = { ...fair, names: names.map((name) => `other/${name}`) };
  const paired = bootstrapAurocDifference([good], [fair])!;
  const apart = bootstrapAurocDifference([good], [elsewhere])!;
  expect(paired.high - paired.low).toBeLessThan(0.8 * (apart.high - apart.low));
});

test('has no interval without the other detector or with too few part groups', () => {
  const onePart = { ...good, partGroups: labels.map(() => 'one') };
  expect(bootstrapAurocDifference([good], [])).toBeNull();
  expect(bootstrapAurocDifference([onePart], [onePart])).toBeNull();
  expect(bootstrapMeanAuroc([onePart])).toBeNull();
});
