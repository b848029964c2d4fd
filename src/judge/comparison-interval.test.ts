/** The interval of a mean AUROC against cases whose answer is known, and against the slow way. */
import { describe, expect, it } from 'vitest';
import { auroc } from '../core/auroc.ts';
import { Random } from '../core/random.ts';
import { bootstrapMeanAuroc, type JudgedImages } from './comparison-interval.ts';

/** Parts of two images each, the later half of them defective; noisy scores. */
function images(seed: number, parts: number, shift: number, set = 'set'): JudgedImages {
  const random = Random.of(seed, 'images');
  const labels = Array.from({ length: 2 * parts }, (_, i) => (i >= parts ? 1 : 0));
  return {
    names: labels.map((_, i) => `${set}/${i}`),
    partGroups: labels.map((_, i) => `${set}/part${i >> 1}`),
    labels,
    scores: labels.map((label) => random.normal() + shift * label),
  };
}

describe('bootstrapMeanAuroc', () => {
  it('is a point where every draw gives the same', () => {
    const perfect = images(1, 10, 1000);
    expect(bootstrapMeanAuroc([perfect, perfect])).toEqual({ low: 1, high: 1 });
    const blind = { ...perfect, scores: perfect.scores as number[] };
    expect(bootstrapMeanAuroc([{ ...blind, scores: blind.names.map(() => 7) }])).toEqual({ low: 0.5, high: 0.5 });
  });

  it('is null where a test set has one part of a kind only', () => {
    expect(bootstrapMeanAuroc([images(1, 10, 1), images(2, 2, 1, 'small')])).toBeNull();
    expect(bootstrapMeanAuroc([])).toBeNull();
  });

  it('holds the mean, and is the narrower the more test sets there are', () => {
    const sets = Array.from({ length: 8 }, (_, i) => images(i, 20, 1, `set${i}`));
    const mean = sets.reduce((sum, { scores, labels }) => sum + auroc(scores, labels), 0) / sets.length;
    const eight = bootstrapMeanAuroc(sets)!;
    const two = bootstrapMeanAuroc(sets.slice(0, 2))!;
    expect(eight.low).toBeLessThan(mean);
    expect(eight.high).toBeGreaterThan(mean);
    expect((eight.high - eight.low) / (two.high - two.low)).toBeLessThan(0.75);
  });

  it('is not made narrower by training again on the same images', () => {
    const one = images(3, 20, 1);
    expect(bootstrapMeanAuroc([one, one, one, one])).toEqual(bootstrapMeanAuroc([one]));
  });

  it('agrees with drawing images one by one and computing the area anew', () => {
    const set = images(5, 12, 1);
    const quick = bootstrapMeanAuroc([set], { resamples: 4000 })!;
    const random = Random.of(11, 'slow');
    const means: number[] = [];
    while (means.length < 4000) {
      const drawn = Array.from({ length: 12 }, () => random.integer(12)).flatMap((part) => [2 * part, 2 * part + 1]);
      const labels = drawn.map((i) => set.labels[i]!);
      if (labels.includes(0) && labels.includes(1))
        means.push(
          auroc(
            drawn.map((i) => set.scores[i]!),
            labels,
          ),
        );
    }
    means.sort((a, b) => a - b);
    expect(quick.low).toBeCloseTo(means[100]!, 1);
    expect(quick.high).toBeCloseTo(means[3899]!, 1);
  });
});
