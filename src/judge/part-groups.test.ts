import { describe, expect, test } from 'vitest';
import { Random } from '../core/random.ts';
import { clopperPearson } from './intervals.ts';
import { type CalledImage, rateByPartGroup } from './part-groups.ts';

const options = { seed: 3, confidence: 0.95 };
const images = (groups: number, each: number, called: (group: number, image: number) => boolean): CalledImage[] =>
  Array.from({ length: groups * each }, (_, i) => {
    const group = Math.floor(i / each);
    return { partGroup: `part ${group}`, called: called(group, i % each) };
  });

describe('design effect', () => {
  test('is 1 where every image is a part of its own', () => {
    expect(
      rateByPartGroup(
        images(40, 1, (g) => g % 4 === 0),
        options,
      )!.designEffect,
    ).toBeCloseTo(1, 12);
  });

  test('of m copies of each image is (m G - 1) / (G - 1), near m', () => {
    const { designEffect, partGroups } = rateByPartGroup(
      images(40, 5, (g) => g % 4 === 0),
      options,
    )!;
    expect(designEffect).toBeCloseTo((5 * 40 - 1) / 39, 12);
    expect(partGroups).toBe(40);
  });

  test('of parts that all have the same share is 0: they differ less than independent images would', () => {
    expect(
      rateByPartGroup(
        images(40, 4, (_, i) => i === 0),
        options,
      )!.designEffect,
    ).toBeCloseTo(0, 12);
  });
});

describe('interval', () => {
  test('has the width of the normal approximation times the root of the design effect', () => {
    for (const each of [1, 6]) {
      const random = Random.of(1, 'parts');
      const bad = Array.from({ length: 300 }, () => random.next() < 0.3);
      const rate = bad.filter((b) => b).length / 300;
      const { interval, method } = rateByPartGroup(
        images(300, each, (g) => bad[g]!),
        { ...options, resamples: 4000 },
      )!;
      const width = 2 * 1.96 * Math.sqrt((rate * (1 - rate)) / 300);
      expect(method).toBe('bootstrap');
      expect((interval.high - interval.low) / width).toBeGreaterThan(0.9);
      expect((interval.high - interval.low) / width).toBeLessThan(1.1);
      expect(interval.low).toBeLessThan(rate);
      expect(interval.high).toBeGreaterThan(rate);
    }
  });

  test('is wider by part group than by image where images of a part resemble each other', () => {
    const { low, high } = rateByPartGroup(
      images(30, 10, (g) => g < 6),
      options,
    )!.interval;
    const naive = clopperPearson(60, 300);
    expect(high - low).toBeGreaterThan(2 * (naive.high - naive.low));
  });

  test('counts parts where all images are called alike, which a bootstrap would take for certainty', () => {
    const all = rateByPartGroup(
      images(12, 10, () => true),
      options,
    )!;
    expect(all).toEqual({
      partGroups: 12,
      interval: clopperPearson(12, 12),
      method: 'Clopper-Pearson on part groups',
      designEffect: null,
    });
    expect(
      rateByPartGroup(
        images(12, 10, () => false),
        options,
      )!.interval,
    ).toEqual(clopperPearson(0, 12));
  });

  test('is the same for the same seed, and null for a single part', () => {
    const some = images(20, 3, (g, i) => (g + i) % 3 === 0);
    expect(rateByPartGroup(some, options)).toEqual(rateByPartGroup(some, options));
    expect(
      rateByPartGroup(
        images(1, 9, (_, i) => i < 3),
        options,
      ),
    ).toBeNull();
    expect(rateByPartGroup([], options)).toBeNull();
    expect(() => rateByPartGroup(some, { seed: 1, confidence: 2 })).toThrow(/legal is a number between 0 and 1/);
  });
});
