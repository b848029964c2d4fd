/** Run lengths as pycocotools and Label Studio's converter write them (test/golden/make-annotation-masks.py). */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBrush, encodeBrush } from './brush.ts';
import { decodeCocoString, encodeCocoString } from './coco-string.ts';
import { countsFault, countsOf, runsOfCounts } from './runs.ts';

interface Case {
  readonly kind: string;
  readonly width: number;
  readonly height: number;
  readonly runs: number[];
  readonly counts: string;
  readonly rle: number[];
}

const file = new URL('../../../../test/golden/annotation_masks.json', import.meta.url);
const cases = JSON.parse(readFileSync(file, 'utf8')) as Case[];

/** Pixels in rows, of counts in rows. */
const pixelsOf = ({ runs }: Case): number[] => runs.flatMap((length, i) => new Array<number>(length).fill(i % 2));

describe("COCO's compressed run lengths", () => {
  it('are those of pycocotools, both ways', () => {
    const given = cases.filter(({ kind }) => kind === 'coco-string');
    expect(given.length).toBeGreaterThan(50);
    for (const one of given) {
      const pixels = pixelsOf(one);
      const { width, height } = one;
      const counts = countsOf(pixels.length, (i) => pixels[(i % height) * width + Math.floor(i / height)]!);
      expect(decodeCocoString(one.counts)).toEqual(counts);
      expect(encodeCocoString(counts)).toBe(one.counts);
    }
  });

  it('come back for any counts', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(100_000_000)), (counts) => {
        expect(decodeCocoString(encodeCocoString(counts))).toEqual(counts);
      }),
    );
  });
});

describe("Label Studio's brush", () => {
  it('is decoded as its converter encodes it', () => {
    const given = cases.filter(({ kind }) => kind === 'brush');
    expect(given.length).toBeGreaterThan(10);
    for (const one of given) expect(decodeBrush(one.rle, one.width * one.height)).toEqual(runsOfCounts(one.runs));
  });

  it('comes back for any mask, also where runs are longer than a block', () => {
    const mask = fc.oneof(
      fc.array(fc.constantFrom(0, 1), { minLength: 1, maxLength: 300 }),
      fc.constant(new Array<number>(70_000).fill(1)),
    );
    fc.assert(
      fc.property(mask, (pixels) => {
        const counts = countsOf(pixels.length, (i) => pixels[i]!);
        expect(decodeBrush(encodeBrush(counts, pixels.length), pixels.length)).toEqual(runsOfCounts(counts));
      }),
      { numRuns: 50 },
    );
  });

  it('says what is wrong with bytes that are none', () => {
    expect(decodeBrush([], 4)).toContain('0 values');
    expect(decodeBrush([0, 0, 0, 16, 57, 27, 127], 4)).toContain('too early');
  });
});

describe('counts', () => {
  it('fit a mask, or it is said why not', () => {
    expect(countsFault([2, 3, 1], 6)).toBeUndefined();
    expect(countsFault([2, 3], 6)).toContain('add up to 5');
    expect(countsFault([2, 3, 9e15], 6)).toContain('more than the 6');
    expect(countsFault([2, 1.5], 6)).toContain('1.5');
    expect(countsFault([-1, 7], 6)).toContain('-1');
  });
});
