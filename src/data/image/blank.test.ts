import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../core/random.ts';
import { isBlank } from './blank.ts';
import type { Image } from './raster.ts';

/** A picture of values of a function of the position, cut to 0..255. */
function picture(width: number, height: number, value: (x: number, y: number) => number, channels: 1 | 3 = 3): Image {
  const data = new Uint8Array(width * height * channels);
  for (let p = 0; p < width * height; p++) {
    const v = Math.round(Math.min(Math.max(value(p % width, Math.floor(p / width)), 0), 255));
    data.fill(v, p * channels, (p + 1) * channels);
  }
  return { width, height, channels, data };
}

const side = fc.integer({ min: 1, max: 90 });

describe('a blank picture', () => {
  it('is one of a single value, whatever its size and value', () => {
    fc.assert(
      fc.property(side, side, fc.integer({ min: 0, max: 255 }), fc.constantFrom(1 as const, 3 as const), (w, h, v, c) =>
        isBlank(picture(w, h, () => v, c)),
      ),
    );
  });

  it('is one of single values that differ by channel, as a frame of plain blue', () => {
    const data = Uint8Array.from({ length: 40 * 30 * 3 }, (_, i) => [0, 20, 230][i % 3]!);
    expect(isBlank({ width: 40, height: 30, channels: 3, data })).toBe(true);
  });

  it('is a dark or a white frame with the noise of a sensor and some hot pixels', () => {
    for (const base of [0, 4, 60, 252, 255]) {
      for (const deviation of [1, 3, 4]) {
        const random = Random.of(1, `${base} ${deviation}`);
        const noisy = picture(120, 100, (x, y) => (x * y === 30 ? 255 : base + deviation * random.normal()));
        expect(isBlank(noisy), `${base} ${deviation}`).toBe(true);
      }
    }
  });

  it('is none that shows a gradient, an edge or a texture, however faint its colour', () => {
    expect(isBlank(picture(100, 80, (x) => 100 + x / 8))).toBe(false);
    expect(isBlank(picture(100, 80, (x) => (x < 30 ? 90 : 96)))).toBe(false);
    const random = Random.of(2, 'ground');
    expect(isBlank(picture(100, 80, () => 128 + 15 * random.normal()))).toBe(false);
  });

  it('is none whose one channel alone shows something', () => {
    const data = new Uint8Array(64 * 64 * 3);
    for (let p = 0; p < 64 * 64; p++) data[3 * p + 2] = p % 64 < 20 ? 40 : 0;
    expect(isBlank({ width: 64, height: 64, channels: 3, data })).toBe(false);
  });

  it('is seen in a large picture as in a small one', () => {
    expect(isBlank(picture(2000, 1500, (x) => 3 + (x % 3), 1))).toBe(true);
    expect(isBlank(picture(2000, 1500, (x) => x / 10, 1))).toBe(false);
  });
});
