import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { doubtOf, type MaskValues, markedPixels } from './rule.ts';

const side = 24;
/** Values on a square of `side` pixels, by place. */
const mask = (value: (x: number, y: number) => number, lossy = false): MaskValues => ({
  width: side,
  height: side,
  values: Uint8Array.from({ length: side * side }, (_, i) => value(i % side, Math.floor(i / side))),
  lossy,
});
const within = (x: number, y: number, from: number, to: number): boolean => x >= from && x < to && y >= from && y < to;
const count = (values: MaskValues): number => markedPixels(values).count;

describe('markedPixels', () => {
  it.each([1, 2, 9, 29, 76, 127, 128, 255])('takes a plain mark of %i as defect, and nothing else', (value) => {
    const { pixels, soft } = markedPixels(mask((x, y) => (within(x, y, 4, 9) ? value : 0)));
    expect(soft).toBe(false);
    pixels.forEach((pixel, i) => {
      expect(pixel).toBe(within(i % side, Math.floor(i / side), 4, 9) ? 1 : 0);
    });
  });

  it('takes class numbers of very different size in one mask', () => {
    const classes = mask((x, y) => (within(x, y, 2, 6) ? 1 : within(x, y, 8, 12) ? 9 : x === 20 ? 255 : 0));
    expect(count(classes)).toBe(16 + 16 + side);
  });

  it('takes numbers of classes that touch each other for no soft edge', () => {
    const stripes = mask((x, y) => (y >= 4 && y < 8 && x < 20 ? 1 + Math.floor(x / 2) : 0));
    expect(markedPixels(stripes)).toMatchObject({ soft: false, count: 80 });
    const hairlines = mask((x, y) => (within(x, y, 5, 9) ? 9 : within(x, y, 4, 10) ? 1 : 0));
    expect(count(hairlines)).toBe(36);
  });

  it.each([
    ['by 25', 25, 10],
    ['by 17, as 4 bits are stretched', 17, 15],
    ['by 80', 80, 3],
  ])('takes numbers of classes that were multiplied %s for no soft edge', (_, by, classes) => {
    const stripes = mask((x, y) => (y >= 4 && y < 8 && x < classes ? (x + 1) * by : 0));
    expect(markedPixels(stripes)).toMatchObject({ soft: false, count: 4 * classes });
    const around = mask((x, y) => (within(x, y, 5, 9) ? 3 * by : within(x, y, 4, 10) ? by : 0));
    expect(count(around)).toBe(36);
  });

  it('still takes a soft mask of 8 bits for one that was brought to 16', () => {
    const ring = mask((x, y) => (within(x, y, 6, 10) ? 255 : within(x, y, 5, 11) ? 101 : within(x, y, 4, 12) ? 20 : 0));
    const values = Uint16Array.from(ring.values, (value) => 257 * value);
    expect(markedPixels({ ...ring, values })).toMatchObject({ soft: true, count: 16 });
  });

  it('cuts a soft edge at half, in each blob by its own brightest value', () => {
    // rings of 20, 100 and 255 around a core, and a fainter blob of 40 around 80
    const soft = mask((x, y) => {
      if (within(x, y, 6, 10)) return 255;
      if (within(x, y, 5, 11)) return 100;
      if (within(x, y, 4, 12)) return 20;
      if (within(x, y, 17, 19)) return 80;
      return within(x, y, 16, 20) ? 30 : 0;
    });
    expect(markedPixels(soft)).toMatchObject({ soft: true, count: 16 + 4 });
  });

  it('does not take the noise of a lossy format for defect', () => {
    const noisy = mask((x, y) => (within(x, y, 8, 16) ? 250 - (x % 3) : within(x, y, 6, 18) ? (x * y) % 12 : 0), true);
    expect(count(noisy)).toBe(64);
  });

  it('never makes an empty mask of one that marks something', () => {
    const value = fc.oneof({ arbitrary: fc.constant(0), weight: 4 }, { arbitrary: fc.nat(65535), weight: 1 });
    fc.assert(
      fc.property(fc.array(value, { minLength: 48, maxLength: 48 }), fc.boolean(), (values, lossy) => {
        const marked = markedPixels({ width: 8, height: 6, values: Uint16Array.from(values), lossy });
        expect(marked.count > 0).toBe(values.some((v) => v > 0));
        marked.pixels.forEach((pixel, i) => {
          if (pixel) expect(values[i]).toBeGreaterThan(0);
        });
      }),
    );
  });
});

describe('doubtOf', () => {
  const doubt = (values: MaskValues) => doubtOf(values, markedPixels(values));
  it('knows what marks everything, what seems inverted, and what is too faint to tell', () => {
    expect(doubt(mask(() => 255))).toBe('every-pixel');
    expect(doubt(mask((x, y) => (within(x, y, 8, 12) ? 0 : 255)))).toBe('inverted');
    expect(doubt(mask((x, y) => (within(x, y, 8, 12) ? 3 : 0), true))).toBe('faint');
  });

  it('believes empty masks, large defects and defects along the border', () => {
    expect(doubt(mask(() => 0))).toBeUndefined();
    expect(doubt(mask((x) => (x < 18 ? 255 : 0)))).toBeUndefined();
    expect(doubt(mask((x, y) => (x === 0 || y === 0 || x === side - 1 || y === side - 1 ? 255 : 0)))).toBeUndefined();
  });
});
