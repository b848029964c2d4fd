import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { auroc } from '../core/auroc.ts';
import { Random } from '../core/random.ts';
import { PixelHistogram } from './pixel-histogram.ts';
import { PixelMetrics } from './pixels.ts';
import { connectedRegions } from './regions.ts';

const random = Random.of(5, 'pixels');
const maps = Array.from({ length: 6 }, (_, image) => {
  const mask = Uint8Array.from({ length: 900 }, (_, i) => (image > 1 && i % 30 < 4 && i < 300 ? 255 : 0));
  return { mask, map: Float32Array.from(mask, (m) => random.normal() + (m ? 1.5 : 0)) };
});
const labels = maps.flatMap(({ mask }) => Array.from(mask, (m) => (m ? 1 : 0)));
const scores = maps.flatMap(({ map }) => Array.from(map));

function measure(change: (score: number) => number, threshold: number) {
  const metrics = new PixelMetrics({ threshold, chosenOn: 'fixed beforehand' });
  for (const { map, mask } of maps) metrics.add(map.map(change), mask, 30);
  return metrics.result();
}

function histogramOf(map: number[], mask: number[], width = map.length): PixelHistogram {
  const histogram = new PixelHistogram();
  histogram.add(map, mask, width);
  return histogram;
}

test('the AUROC lies within the stated error of the exact one, whatever the range of the scores', () => {
  const exact = auroc(scores, labels);
  for (const change of [
    (s: number) => s,
    (s: number) => s * 1e-30,
    (s: number) => Math.exp(9 * s),
    (s: number) => s + 1000,
  ]) {
    const { auroc: area, aurocError } = measure(change, 1);
    expect(Math.abs(area - exact)).toBeLessThanOrEqual(aurocError + 1e-9);
    expect(aurocError).toBeLessThan(0.003);
  }
  expect(measure((s) => s, 1).aurocError).toBeLessThan(1e-5);
});

test('Dice over all pixels, and averaged over the images with a mask', () => {
  const dice = (y: ArrayLike<number>, s: ArrayLike<number>) => {
    const called = Array.from(s, (score) => score >= 1);
    const both = called.filter((c, i) => c && y[i] !== 0).length;
    return (2 * both) / (called.filter((c) => c).length + Array.from(y).filter((v) => v !== 0).length);
  };
  const result = measure((s) => s, 1);
  expect(result.dice).toBeCloseTo(dice(labels, scores), 12);
  const each = maps.slice(2).map(({ map, mask }) => dice(mask, map));
  expect(result.meanDice).toBeCloseTo(each.reduce((a, b) => a + b) / each.length, 12);
  expect(result).toMatchObject({ pixels: 5400, defectivePixels: 4 * 40, regions: 4, chosenOn: 'fixed beforehand' });
});

describe('connected regions', () => {
  test('diagonal neighbours belong together, the ends of two rows do not', () => {
    // 1 0 0 1
    // 0 1 0 0
    // 1 0 0 1
    const { region, sizes } = connectedRegions([1, 0, 0, 1, 0, 1, 0, 0, 1, 0, 0, 1], 4);
    expect(sizes).toEqual([3, 1, 1]);
    expect([...region]).toEqual([1, 0, 0, 2, 0, 1, 0, 0, 1, 0, 0, 3]);
  });

  test('sizes add up, and neighbours never bear different numbers', () => {
    const masks = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.array(fc.constantFrom(0, 1), { maxLength: 90 }));
    fc.assert(
      fc.property(masks, ([width, pixels]) => {
        const mask = pixels.slice(0, pixels.length - (pixels.length % width));
        const { region, sizes } = connectedRegions(mask, width);
        for (const [i, size] of sizes.entries()) expect([...region].filter((r) => r === i + 1)).toHaveLength(size);
        expect([...region].map((r) => (r > 0 ? 1 : 0))).toEqual(mask);
        for (let i = 0; i < mask.length; i++) {
          for (let j = 0; j < i; j++) {
            const apart = Math.max(Math.abs((i % width) - (j % width)), Math.floor(i / width) - Math.floor(j / width));
            if (apart === 1 && mask[i] && mask[j]) expect(region[i]).toBe(region[j]);
          }
        }
      }),
    );
  });
});

describe('AUPRO', () => {
  /** By definition: every threshold, every region, then trapezoids up to the limit. */
  function byDefinition(map: readonly number[], mask: readonly number[], width: number, limit: number): number {
    const { region, sizes } = connectedRegions(mask, width);
    const good = mask.filter((m) => m === 0).length;
    const curve = [{ rate: 0, overlap: 0 }];
    for (const threshold of [...new Set(map)].sort((a, b) => b - a)) {
      const called = map.map((s) => s >= threshold);
      const shares = sizes.map((size, r) => called.filter((c, i) => c && region[i] === r + 1).length / size);
      curve.push({
        rate: called.filter((c, i) => c && mask[i] === 0).length / good,
        overlap: shares.reduce((a, b) => a + b) / shares.length,
      });
    }
    let area = 0;
    for (let i = 1; i < curve.length; i++) {
      const [a, b] = [curve[i - 1]!, curve[i]!];
      const end = Math.min(b.rate, limit);
      if (end <= a.rate) continue;
      const at = a.overlap + ((end - a.rate) / (b.rate - a.rate)) * (b.overlap - a.overlap);
      area += ((end - a.rate) * (a.overlap + at)) / 2;
    }
    return area / limit;
  }

  test('equals its definition, ties included', () => {
    const cells = fc.array(fc.tuple(fc.integer({ min: -6, max: 6 }), fc.constantFrom(0, 0, 1)), {
      minLength: 8,
      maxLength: 60,
    });
    fc.assert(
      fc.property(cells, fc.integer({ min: 1, max: 8 }), fc.constantFrom(0.05, 0.3, 1), (drawn, width, limit) => {
        const whole = drawn.slice(0, drawn.length - (drawn.length % width));
        const map = [...whole.map(([s]) => s), ...Array.from({ length: width * 2 }, (_, i) => i % 3)];
        const mask = [...whole.map(([, m]) => m), ...Array(width).fill(0), ...Array(width).fill(1)];
        expect(histogramOf(map, mask, width).aupro(limit).value).toBeCloseTo(byDefinition(map, mask, width, limit), 10);
      }),
    );
  });

  test('small and large regions count alike: closed forms', () => {
    // a region of one pixel at the top and one of three at the bottom: the mean overlap is 1/2 until every good pixel is called
    expect(histogramOf([9, 5, 1, 1, 1, 5], [1, 0, 1, 1, 1, 0]).aupro().value).toBeCloseTo(0.5, 12);
    // perfect, and constant: the diagonal from 0 to 0.3, which is 0.15 of a height of 1
    expect(histogramOf([0, 0, 1], [0, 0, 1]).aupro()).toEqual({ value: 1, error: 0 });
    const constant = histogramOf([7, 7, 7, 7], [0, 1, 0, 0]);
    expect(constant.aupro().value).toBeCloseTo(0.15, 12);
    expect(constant.aupro().value + constant.aupro().error).toBeCloseTo(1, 12);
    // the area over all false-positive rates of regions of equal size is the AUROC
    const even = histogramOf([0.5, 3, 0.2, 3, 1, 2, 0.1], [0, 1, 0, 0, 1, 0, 1]);
    expect(even.aupro(1).value).toBeCloseTo(even.auroc().value, 12);
  });

  test('is within its stated error of the figure without bins', () => {
    const [map, mask] = [scores.slice(1800, 3000).map(Math.fround), labels.slice(1800, 3000)];
    const near = map.map((s) => 1000 + s / 100);
    const { value, error } = histogramOf(near, mask, 30).aupro();
    expect(error).toBeGreaterThan(1e-4);
    expect(Math.abs(value - byDefinition(map, mask, 30, 0.3))).toBeLessThanOrEqual(error);
  });
});

describe('thresholds from calibration maps', () => {
  test('no value has a higher Dice', () => {
    const { threshold, dice } = histogramOf(scores, labels, 30).highestDice();
    const at = (value: number) => {
      const called = scores.map((s) => s >= value);
      return (2 * called.filter((c, i) => c && labels[i]).length) / (called.filter((c) => c).length + 4 * 40);
    };
    expect(at(threshold)).toBeCloseTo(dice, 12);
    for (let value = -3; value < 4; value += 0.01) expect(at(value)).toBeLessThanOrEqual(dice + 1e-3);
  });

  test('the quantile of good pixels lets the stated share through, and the next lower value more', () => {
    const map = Array.from({ length: 200 }, (_, i) => i - 100);
    const threshold = histogramOf(
      map,
      map.map(() => 0),
    ).goodQuantile(0.01);
    expect(map.filter((s) => s >= threshold)).toEqual([98, 99]);
    // nothing may pass: just above the highest
    const none = histogramOf([1, 2, 3], [0, 0, 0]).goodQuantile(0);
    expect(none).toBeGreaterThan(3);
    expect(none).toBeLessThan(3.001);
    expect(histogramOf([-3, -1, -2], [0, 0, 0]).goodQuantile(0.4)).toBeCloseTo(-1, 4);
  });
});

test('a constant map is worth 0.5; signs of zero are one', () => {
  const constant = histogramOf([3, 3, 3], [0, 1, 0]);
  expect(constant.auroc()).toEqual({ value: 0.5, error: 0.5 });
  expect(histogramOf([0, -0], [0, 1]).auroc().value).toBe(0.5);
  expect(histogramOf([-1, -2, 0, 1], [0, 0, 1, 1]).auroc().value).toBe(1);
});

test('a bad map is refused whole, and leaves what was added before', () => {
  const metrics = new PixelMetrics({ threshold: 0.5, chosenOn: 'fixed beforehand' });
  expect(metrics.hasBoth).toBe(false);
  expect(() => metrics.result()).toThrow(/0 good and 0 defective pixels/);
  metrics.add([0, 1], [0, 1], 2);
  expect(() => metrics.add([0, 1], [0], 1)).toThrow(expect.objectContaining({ code: 'MASK_MISMATCH' }));
  expect(() => metrics.add([0, 1, 0], [0, 1, 0], 2)).toThrow(expect.objectContaining({ code: 'MASK_MISMATCH' }));
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, 1e300]) {
    expect(() => metrics.add([0, bad], [0, 1], 2)).toThrow(expect.objectContaining({ code: 'SCORES_INVALID' }));
  }
  expect(metrics.result()).toMatchObject({ pixels: 2, auroc: 1, aupro: 1, dice: 1 });
  expect(() => new PixelMetrics({ threshold: Number.NaN, chosenOn: '' })).toThrow(/not a number/);
});
