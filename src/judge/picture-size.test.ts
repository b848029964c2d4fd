import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { otherSize, type PictureSize, picturesSizes, tellsOtherSize, unusualSizes } from './picture-size.ts';

const side = fc.integer({ min: 16, max: 8000 });
const size = fc.record({ width: side, height: side });
const sizes = fc.array(size, { minLength: 1, maxLength: 20 });
const spans = (...all: [number, number][]) => picturesSizes(all.map(([width, height]) => ({ width, height })))!;

describe('the size of a picture', () => {
  it('is one to judge where it was learned, and where a camera is scaled by 2 / 3 to 2', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), fc.double({ min: 2 / 3, max: 2, noNaN: true }), (all, which, factor) => {
        const learned = picturesSizes(all)!;
        const one = all[which % all.length]!;
        expect(otherSize(one, learned)).toBeNull();
        const scaled = { width: one.width * factor, height: one.height * factor };
        expect(otherSize(scaled, learned)).toBeNull();
      }),
    );
  });

  it('is one to judge where a few percent are cut off any side', () => {
    const cut = fc.double({ min: 0.92, max: 1, noNaN: true });
    fc.assert(
      fc.property(sizes, fc.nat(), cut, cut, (all, which, across, down) => {
        const { width, height } = all[which % all.length]!;
        expect(otherSize({ width: width * across, height: height * down }, picturesSizes(all)!)).toBeNull();
      }),
    );
  });

  it('is another where a side or the proportion lies farther out than any that was learned', () => {
    const factor = fc.double({ min: 1.01, max: 100, noNaN: true });
    fc.assert(
      fc.property(sizes, factor, (all, by) => {
        const { width, height, proportion } = picturesSizes(all)!;
        const others: PictureSize[] = [
          { width: width.least / (1.5 * by), height: height.least },
          { width: width.least, height: height.least / (1.5 * by) },
          { width: width.most * 2 * by, height: height.most },
          { width: width.most, height: height.most * 2 * by },
          { width: height.most * proportion.most * 1.1 * by, height: height.most },
          { width: height.least * (proportion.least / (1.1 * by)), height: height.least },
        ];
        for (const other of others) {
          const reason = otherSize(other, picturesSizes(all)!);
          expect(reason).not.toBeNull();
          expect(tellsOtherSize(reason)).toBe(true);
        }
      }),
    );
  });

  it('of a thumbnail, a strip, a picture on its side or of a few pixels is another, and is said in numbers', () => {
    const learned = spans([640, 480], [648, 486]);
    expect(otherSize({ width: 2, height: 2 }, learned)).toBe(
      'another size of picture: 2 x 2 pixels, and the detector learned from 640 to 648 x 480 to 486',
    );
    expect(otherSize({ width: 480, height: 640 }, learned)).toBe(
      'another size of picture: 0.75 times as wide as high, and the detector learned from 1.33',
    );
    for (const [width, height] of [
      [160, 120],
      [320, 240],
      [9600, 96],
      [96, 9600],
      [640, 420],
      [2560, 1920],
    ] as const)
      expect(otherSize({ width, height }, learned)).toContain('another size of picture: ');
    for (const [width, height] of [
      [640, 480],
      [1280, 960],
      [427, 320],
      [620, 480],
      [640, 512],
    ] as const)
      expect(otherSize({ width, height }, learned)).toBeNull();
  });

  it('is unusual of a few among many, which are named, and of none where sizes vary', () => {
    const many = Array.from({ length: 40 }, (_, i) => ({ name: `${i}`, width: 640 + i, height: 480 }));
    const odd = [
      { name: 'thumbnail', width: 64, height: 48 },
      { name: 'on its side', width: 480, height: 640 },
    ];
    expect(unusualSizes([...many, ...odd]).map(({ name }) => name)).toEqual(['thumbnail', 'on its side']);
    expect(unusualSizes(many)).toEqual([]);
    expect(unusualSizes([...many.slice(0, 10), ...odd])).toEqual([]);
    expect(unusualSizes([])).toEqual([]);
  });

  it('is any where a set has all sizes, and none is known of no picture', () => {
    const learned = spans([103, 403], [632, 222]);
    for (const [width, height] of [
      [300, 300],
      [80, 260],
      [900, 400],
    ] as const)
      expect(otherSize({ width, height }, learned)).toBeNull();
    expect(picturesSizes([])).toBeNull();
    expect(tellsOtherSize('known defect (U-Net)')).toBe(false);
    expect(tellsOtherSize(null)).toBe(false);
  });
});
