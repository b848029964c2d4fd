import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { auroc } from '../core/auroc.ts';
import { Random } from '../core/random.ts';
import { inverseRegularisedBeta, regularisedBeta } from './beta.ts';
import { bootstrapAuroc, clopperPearson, median } from './intervals.ts';

describe('regularised incomplete beta', () => {
  // scipy.special.betainc
  test.each([
    [0.3, 2.5, 3.5, 0.29675298929566646],
    [0.97, 500, 20, 0.8444190533164463],
    [0.03, 20, 500, 0.155580946683553],
    [0.3, 1, 1, 0.3],
  ])('I_%f(%f, %f)', (x, a, b, value) => {
    expect(Math.abs(regularisedBeta(x, a, b) / value - 1)).toBeLessThan(1e-11);
  });

  test('its inverse undoes it', () => {
    const parameter = fc.integer({ min: 1, max: 3000 });
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }), parameter, parameter, (p, a, b) => {
        expect(regularisedBeta(inverseRegularisedBeta(p, a, b), a, b)).toBeCloseTo(p, 9);
      }),
    );
  });
});

describe('Clopper-Pearson', () => {
  // scipy.stats.beta.ppf
  test.each([
    [1, 2, 0.01257911709342505, 0.9874208829065749],
    [1, 10, 0.0025285785444617848, 0.4450161170281954],
    [5, 10, 0.18708602844739855, 0.8129139715526015],
    [38, 40, 0.8308031360405823, 0.9938863534006491],
    [359, 392, 0.8838055606694031, 0.9413442291184119],
    [9999, 10000, 0.9994429630020529, 0.9999974682224065],
  ])('%i of %i', (successes, trials, low, high) => {
    const interval = clopperPearson(successes, trials);
    expect(interval.low).toBeCloseTo(low, 10);
    expect(interval.high).toBeCloseTo(high, 10);
  });

  test('closed forms for none and all', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.constantFrom(0.8, 0.95, 0.99), (n, confidence) => {
        const tail = (1 - confidence) / 2;
        const none = clopperPearson(0, n, confidence);
        expect(none.low).toBe(0);
        expect(none.high).toBeCloseTo(1 - tail ** (1 / n), 10);
        const all = clopperPearson(n, n, confidence);
        expect(all.low).toBeCloseTo(tail ** (1 / n), 10);
        expect(all.high).toBe(1);
      }),
    );
  });

  test.each([
    [-1, 3],
    [4, 3],
    [0, 0],
    [1.5, 3],
  ])('refuses %f of %f', (successes, trials) => {
    expect(() => clopperPearson(successes, trials)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
  });
});

describe('bootstrap of the AUROC by part group', () => {
  const random = Random.of(1, 'bootstrap-test');
  const labels = Array.from({ length: 300 }, (_, i) => i % 2);
  const scores = labels.map((label) => random.normal() + label);
  const alone = labels.map((_, i) => i);

  test('is the same for the same seed, another for another, and holds the estimate', () => {
    const interval = bootstrapAuroc({ labels, scores }, { partGroups: alone, seed: 3 })!;
    expect(bootstrapAuroc({ labels, scores }, { partGroups: alone, seed: 3 })).toEqual(interval);
    expect(bootstrapAuroc({ labels, scores }, { partGroups: alone, seed: 4 })).not.toEqual(interval);
    const area = auroc(scores, labels);
    expect(interval.low).toBeLessThan(area);
    expect(interval.high).toBeGreaterThan(area);
  });

  test('agrees with the standard error of Hanley and McNeil when every image is a group of its own', () => {
    const { low, high } = bootstrapAuroc({ labels, scores }, { partGroups: alone, seed: 3, resamples: 4000 })!;
    const a = auroc(scores, labels);
    const n = 150;
    const variance = (a * (1 - a) + (n - 1) * (a / (2 - a) - a * a + (2 * a * a) / (1 + a) - a * a)) / (n * n);
    const width = 2 * 1.96 * Math.sqrt(variance);
    expect((high - low) / width).toBeGreaterThan(0.9);
    expect((high - low) / width).toBeLessThan(1.1);
  });

  test('copies of an image within its group do not narrow it; taken as images of their own they do', () => {
    const tenfold = <T>(values: T[]) => Array.from({ length: 10 }, () => values).flat();
    const copies = { labels: tenfold(labels), scores: tenfold(scores) };
    const grouped = bootstrapAuroc(copies, { partGroups: tenfold(alone), seed: 3 })!;
    const single = bootstrapAuroc({ labels, scores }, { partGroups: alone, seed: 3 })!;
    expect(grouped.low).toBeCloseTo(single.low, 12);
    expect(grouped.high).toBeCloseTo(single.high, 12);
    const naive = bootstrapAuroc(copies, { partGroups: copies.scores.map((_, i) => i), seed: 3 })!;
    expect(naive.high - naive.low).toBeLessThan((single.high - single.low) / 2);
  });

  test('is null where too few groups hold a class', () => {
    const data = { labels: [0, 0, 1, 1], scores: [1, 2, 3, 4] };
    expect(bootstrapAuroc(data, { partGroups: ['a', 'a', 'b', 'c'], seed: 1 })).toBeNull();
    expect(bootstrapAuroc(data, { partGroups: ['a', 'b', 'c', 'd'], seed: 1 })).toEqual({ low: 1, high: 1 });
  });

  test('refuses a list of groups of another length, and no resamples', () => {
    const data = { labels: [0, 1], scores: [1, 2] };
    expect(() => bootstrapAuroc(data, { partGroups: ['a'], seed: 1 })).toThrow(/1 part groups for 2 scores/);
    expect(() => bootstrapAuroc(data, { partGroups: ['a', 'b'], seed: 1, resamples: 0 })).toThrow(/whole number/);
  });
});

test('the median is of values in any order, by number and not by spelling', () => {
  expect([median([10, 9, 2]), median([4, 1, 3, 2])]).toEqual([9, 2.5]);
});
