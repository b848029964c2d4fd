import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../core/random.ts';
import { augment, noAugmentation, paperAugmentation } from './augmentation.ts';

const size = { width: 60, height: 50 };

/** A soft bright blob and its mask: grey is above one half exactly where the mask is 1. */
function blob(centre: { x: number; y: number }, radius: number): { image: Float32Array; mask: Uint8Array } {
  const image = Float32Array.from({ length: size.width * size.height }, (_, i) => {
    const distance = Math.hypot((i % size.width) - centre.x, Math.floor(i / size.width) - centre.y);
    return Math.min(Math.max(0.5 + (radius - distance) / 4, 0), 1);
  });
  return { image, mask: Uint8Array.from(image, (v) => (v > 0.5 ? 1 : 0)) };
}

/** Centre of the pixels that are 1, in a patch 32 wide, and how many they are. */
function centroid(mask: Float32Array): { x: number; y: number; count: number } {
  let [count, x, y] = [0, 0, 0];
  for (const [i, v] of mask.entries()) {
    count += v;
    x += v * (i % 32);
    y += v * Math.floor(i / 32);
  }
  return { x: x / count, y: y / count, count };
}

const anyPatch = fc.record({
  x: fc.integer({ min: 0, max: 28 }),
  y: fc.integer({ min: 0, max: 18 }),
  seed: fc.integer(),
});

describe('augment', () => {
  it('gives the plain crop when nothing is asked for, for both kinds of grey', () => {
    const random = Random.of(1);
    const grey = Uint8Array.from({ length: size.width * size.height }, () => random.integer(256));
    const mask = grey.map((v) => (v > 200 ? 1 : 0));
    const patch = { x: 7, y: 3, width: 32, height: 16 };
    const floats = Float32Array.from(grey, (v) => v / 255);
    const crop = (from: ArrayLike<number>) =>
      Float32Array.from({ length: 32 * 16 }, (_, i) => from[(3 + Math.floor(i / 32)) * size.width + 7 + (i % 32)]!);
    const expected = { image: crop(floats), mask: crop(mask) };
    expect(augment(grey, mask, size, patch, Random.of(2), noAugmentation)).toEqual(expected);
    expect(augment(floats, mask, size, patch, Random.of(3), noAugmentation)).toEqual(expected);
  });

  it('moves mask and image together', () => {
    fc.assert(
      fc.property(anyPatch, ({ x, y, seed }) => {
        const { image, mask } = blob({ x: x + 15.5, y: y + 15.5 }, 7.2);
        const out = augment(image, mask, size, { x, y, width: 32, height: 32 }, Random.of(seed), paperAugmentation);
        const bright = centroid(out.image.map((v) => (v > 0.5 ? 1 : 0)));
        const marked = centroid(out.mask);
        // nearest against bilinear: up to half a pixel along each axis, seen at 1.1 times its size
        expect(Math.hypot(bright.x - marked.x, bright.y - marked.y)).toBeLessThan(0.8);
        expect(Math.abs(bright.count / marked.count - 1)).toBeLessThan(0.3);
      }),
      { numRuns: 60 },
    );
  });

  it('rounds the mask to the nearest pixel, with no bias against the image', () => {
    const upright = { ...paperAugmentation, flipHorizontal: false, flipVertical: false };
    const { image, mask } = blob({ x: 29.5, y: 24.5 }, 7.2);
    const mean = { x: 0, y: 0 };
    for (let seed = 0; seed < 300; seed++) {
      const out = augment(image, mask, size, { x: 14, y: 9, width: 32, height: 32 }, Random.of(seed), upright);
      const [bright, marked] = [centroid(out.image.map((v) => (v > 0.5 ? 1 : 0))), centroid(out.mask)];
      mean.x += (bright.x - marked.x) / 300;
      mean.y += (bright.y - marked.y) / 300;
    }
    expect(Math.hypot(mean.x, mean.y)).toBeLessThan(0.1);
  });

  it('keeps a blob within the stated shift, and its size within the stated scale', () => {
    fc.assert(
      fc.property(anyPatch, ({ x, y, seed }) => {
        const { image, mask } = blob({ x: x + 15.5, y: y + 15.5 }, 6);
        const patch = { x, y, width: 32, height: 32 };
        const { mask: moved } = augment(image, mask, size, patch, Random.of(seed), paperAugmentation);
        const { count, x: column, y: row } = centroid(moved);
        // a shift of 3.2 pixels, seen at 1.1 times its size, and rounding
        expect(Math.abs(column - 15.5)).toBeLessThan(4.3);
        expect(Math.abs(row - 15.5)).toBeLessThan(4.3);
        const area = mask.reduce((a, b) => a + b, 0);
        expect(count / area).toBeGreaterThan(0.7);
        expect(count / area).toBeLessThan(1.35);
      }),
      { numRuns: 60 },
    );
  });

  it('flips, turns, scales and shifts: each alone changes the patch', () => {
    const random = Random.of(4);
    const image = Float32Array.from({ length: size.width * size.height }, () => random.next());
    const patch = { x: 10, y: 10, width: 32, height: 32 };
    const plain = augment(image, undefined, size, patch, Random.of(0), noAugmentation).image;
    const some = [
      { flipHorizontal: true },
      { flipVertical: true },
      { rotation: 10 },
      { scaling: 0.1 },
      { translation: 0.1 },
      { brightness: 0.1 },
      { contrast: 0.1 },
    ];
    for (const option of some) {
      const views = [0, 1, 2, 3].map(
        (seed) => augment(image, undefined, size, patch, Random.of(seed), { ...noAugmentation, ...option }).image,
      );
      expect(
        views.some((view) => view.some((v, i) => Math.abs(v - plain[i]!) > 0.02)),
        JSON.stringify(option),
      ).toBe(true);
    }
  });

  it('gives each of the four flips its share', () => {
    const image = Float32Array.from(
      { length: size.width * size.height },
      (_, i) => (i % size.width) / 60 + Math.floor(i / size.width) / 500,
    );
    const options = { ...noAugmentation, flipHorizontal: true, flipVertical: true };
    const patch = { x: 5, y: 5, width: 32, height: 32 };
    const seen = new Map<string, number>();
    for (let seed = 0; seed < 200; seed++) {
      const view = augment(image, undefined, size, patch, Random.of(seed), options).image;
      const key = `${view[0]! > view[31]!} ${view[0]! > view[31 * 32]!}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
    expect(seen.size).toBe(4);
    expect(Math.min(...seen.values())).toBeGreaterThan(25);
  });

  it('mirrors at the edge of the image', () => {
    // a patch larger than the image to the right and below
    const image = Float32Array.of(1, 2, 3, 4, 5, 6).map((v) => v / 8);
    const out = augment(
      image,
      Uint8Array.of(0, 0, 1, 0, 0, 0),
      { width: 3, height: 2 },
      { x: 0, y: 0, width: 5, height: 3 },
      Random.of(1),
      noAugmentation,
    );
    expect([...out.image].map((v) => v * 8)).toEqual([1, 2, 3, 3, 2, 4, 5, 6, 6, 5, 4, 5, 6, 6, 5]);
    expect([...out.mask]).toEqual([0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it('stays within 0 and 1, with a mask of 0 and 1', () => {
    fc.assert(
      fc.property(anyPatch, ({ x, y, seed }) => {
        const { image, mask } = blob({ x: 30, y: 25 }, 10);
        const options = { ...paperAugmentation, brightness: 0.3, contrast: 0.3 };
        const out = augment(image, mask, size, { x, y, width: 32, height: 32 }, Random.of(seed), options);
        expect(out.image.every((v) => v >= 0 && v <= 1)).toBe(true);
        expect(out.mask.every((v) => v === 0 || v === 1)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});
