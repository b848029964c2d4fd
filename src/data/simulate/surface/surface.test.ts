import { describe, expect, test } from 'vitest';
import { Random } from '../../../core/random.ts';
import { type FamilyName, families, familyNames } from './families.ts';
import { drawSurface, surfaceOf } from './surface.ts';
import { viewOf } from './surface-view.ts';

const size = 64;
const view = (part: number, number = 0, seed = 1) => viewOf(surfaceOf(seed, part), { seed, part, view: number, size });

const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, v) => sum + v, 0) / values.length;
const deviation = (values: ArrayLike<number>) => {
  const middle = mean(values);
  return Math.sqrt(mean(Array.from(values, (v) => (v - middle) ** 2)));
};
const correlation = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  const [ma, mb] = [mean(a), mean(b)];
  return mean(Array.from(a, (v, i) => (v - ma) * (b[i]! - mb))) / (deviation(a) * deviation(b));
};
const step = (pixels: Uint8Array, by: number) =>
  mean(Array.from(pixels.subarray(by), (v, i) => Math.abs(v - pixels[i]!)));

describe.each(familyNames)('a surface of the family %s', (name: FamilyName) => {
  test('has values about -1 to 1 everywhere, and others for another stream', () => {
    const values = [1, 2, 3, 4].map((seed) => {
      const texture = families[name](Random.of(seed, name));
      return Float64Array.from({ length: 900 }, (_, i) => texture((i % 30) * 13.7 - 9000, Math.floor(i / 30) * 11.3));
    });
    for (const own of values) {
      expect(own.every((v) => Number.isFinite(v) && Math.abs(v) < 6)).toBe(true);
      expect(deviation(own)).toBeGreaterThan(0.02);
    }
    expect(values[0]).not.toEqual(values[1]);
  });
});

describe('surfaces', () => {
  test('are the same to the byte for equal seed, part and view, and others for any other', () => {
    const first = view(3);
    expect(Buffer.compare(view(3), first)).toBe(0);
    for (const other of [view(3, 1), view(3, 0, 2), view(4)]) expect(Buffer.compare(other, first)).not.toBe(0);
  });

  test('have a reflectance about 0 to 1.5, of a contrast that is seen', () => {
    for (const [i, name] of familyNames.entries()) {
      const { reflectance, families: made } = drawSurface(Random.of(7, i), name);
      const values = Float64Array.from({ length: 2500 }, (_, k) =>
        reflectance((k % 50) * 3.1, Math.floor(k / 50) * 2.9),
      );
      expect(made[0]).toBe(name);
      expect(Math.min(...values)).toBeGreaterThan(-2);
      expect(Math.max(...values)).toBeLessThan(4);
      expect(deviation(values)).toBeGreaterThan(0.002);
    }
  });

  test('take turns over all families', () => {
    const main = familyNames.map((_, part) => surfaceOf(5, part).families[0]);
    expect(main).toEqual(familyNames);
  });

  test('are unlike each other: in brightness, contrast, fineness, direction, and in every pixel', () => {
    const pictures = Array.from({ length: 51 }, (_, part) => view(part));
    const spread = (of: (pixels: Uint8Array) => number) => {
      const values = pictures.map(of).sort((a, b) => a - b);
      return values[45]! / values[5]!;
    };
    expect(spread(mean)).toBeGreaterThan(2);
    expect(spread(deviation)).toBeGreaterThan(3);
    expect(spread((p) => step(p, 1) / deviation(p))).toBeGreaterThan(2);
    expect(spread((p) => step(p, 1) / step(p, size))).toBeGreaterThan(1.3);
    const alike = pictures.slice(1).map((p, i) => Math.abs(correlation(p, pictures[i]!)));
    expect(mean(alike)).toBeLessThan(0.3);
  });
});
