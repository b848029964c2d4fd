import { expect, test } from 'vitest';
import { auroc } from '../core/auroc.ts';
import { Random } from '../core/random.ts';
import { PixelMetrics, ScoreRange } from './pixels.ts';

const random = Random.of(5, 'pixels');
const maps = Array.from({ length: 6 }, (_, image) => {
  const mask = Uint8Array.from({ length: 900 }, (_, i) => (image > 1 && i % 30 < 4 && i < 300 ? 255 : 0));
  return { mask, map: Float32Array.from(mask, (m) => random.normal() + (m ? 1.5 : 0)) };
});
const labels = maps.flatMap(({ mask }) => Array.from(mask, (m) => (m ? 1 : 0)));
const scores = maps.flatMap(({ map }) => Array.from(map));

function measure(bins: number, threshold: number) {
  const range = new ScoreRange();
  for (const { map } of maps) range.add(map);
  const metrics = new PixelMetrics({ low: range.low, high: range.high, bins, threshold });
  for (const { map, mask } of maps) metrics.add(map, mask);
  return metrics.result();
}

test('the AUROC lies within the stated error of the exact one, be the bins many or few', () => {
  const exact = auroc(scores, labels);
  for (const bins of [4, 64, 65_536]) {
    const { auroc: area, aurocError } = measure(bins, 1);
    expect(Math.abs(area - exact)).toBeLessThanOrEqual(aurocError + 1e-12);
  }
  expect(measure(65_536, 1).aurocError).toBeLessThan(1e-4);
});

test('Dice over all pixels, and averaged over the images with a mask', () => {
  const dice = (y: ArrayLike<number>, s: ArrayLike<number>) => {
    const called = Array.from(s, (score) => score >= 1);
    const both = called.filter((c, i) => c && y[i] !== 0).length;
    return (2 * both) / (called.filter((c) => c).length + Array.from(y).filter((v) => v !== 0).length);
  };
  const result = measure(1024, 1);
  expect(result.dice).toBeCloseTo(dice(labels, scores), 12);
  const each = maps.slice(2).map(({ map, mask }) => dice(mask, map));
  expect(result.meanDice).toBeCloseTo(each.reduce((a, b) => a + b) / each.length, 12);
  expect(result.pixels).toBe(5400);
  expect(result.defectivePixels).toBe(4 * 40);
});

test('scores outside the range count as its ends', () => {
  const metrics = new PixelMetrics({ low: 0, high: 1, threshold: 0.5 });
  metrics.add([-5, 0.2, 0.6, 7], [0, 0, 1, 1]);
  expect(metrics.result()).toMatchObject({
    auroc: 1,
    aurocError: 0,
    dice: 1,
    confusion: { tp: 2, fp: 0, fn: 0, tn: 2 },
  });
});

test('a constant map is worth 0.5', () => {
  const metrics = new PixelMetrics({ low: 3, high: 3, threshold: 4 });
  metrics.add([3, 3, 3], [0, 1, 0]);
  expect(metrics.result()).toMatchObject({ auroc: 0.5, aurocError: 0.5, dice: 0 });
});

test('a bad map is refused whole, and leaves what was added before', () => {
  const metrics = new PixelMetrics({ low: 0, high: 1, threshold: 0.5 });
  expect(() => metrics.result()).toThrow(/0 good and 0 defective pixels/);
  metrics.add([0, 1], [0, 1]);
  expect(() => metrics.add([0, 1], [0])).toThrow(expect.objectContaining({ code: 'MASK_MISMATCH' }));
  expect(() => metrics.add([0, Number.NaN], [0, 1])).toThrow(expect.objectContaining({ code: 'SCORES_INVALID' }));
  expect(() => new ScoreRange().add([Number.POSITIVE_INFINITY])).toThrow(/finite/);
  expect(metrics.result().pixels).toBe(2);
  expect(() => new PixelMetrics({ low: 1, high: 0, threshold: 0 })).toThrow(/low <= high/);
});
