import { describe, expect, it } from 'vitest';
import type { Plane } from './contrast.ts';
import { follow } from './follow.ts';
import { orient, orientations, orientPoint } from './orientation.ts';
import { enlarged, shifted, warp } from './warp.ts';

/** A soft picture without any symmetry, defined everywhere. */
const soft = (x: number, y: number): number =>
  Math.sin(x / 2.3 + y / 7) + Math.cos(y / 1.9 - x / 9) + Math.sin((x * y) / 60);

function picture(width: number, height: number, at = shifted({ dx: 0, dy: 0 })): Plane {
  const data = Float32Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return soft(x + at.dx + at.dxx * x + at.dxy * y, y + at.dy + at.dyx * x + at.dyy * y);
  });
  return { width, height, data };
}

describe('follow', () => {
  it.each([
    ['a turn of 3 degrees', { dx: 1.4, dxx: -0.0014, dxy: -0.0523, dy: -1.1, dyx: 0.0523, dyy: -0.0014 }],
    ['a zoom by 4 %', { dx: -1, dxx: 0.04, dxy: 0, dy: -0.8, dyx: 0, dyy: 0.04 }],
  ])('finds %s, and warp undoes it', (_, at) => {
    const [a, b] = [picture(48, 40, at), picture(48, 40)];
    const found = follow(a, b, shifted({ dx: 0, dy: 0 }));
    for (const key of ['dxx', 'dxy', 'dyx', 'dyy'] as const) expect(found.at[key]).toBeCloseTo(at[key], 2);
    expect(found.value).toBeGreaterThan(0.9);
  });

  it('keeps the place where nothing is gained', () => {
    const a = picture(40, 40);
    const flat = { ...a, data: new Float32Array(1600) };
    expect(follow(a, flat, shifted({ dx: 1, dy: 0 }))).toEqual({ at: shifted({ dx: 1, dy: 0 }), value: 0 });
  });
});

describe('warp', () => {
  it('carries a map of reduced pictures over to the pictures', () => {
    // the middle of reduced pixel (2, 3) is (9.5, 13.5) of a picture four times as large
    const at = { dx: 0.5, dxx: 0.1, dxy: 0, dy: -1, dyx: 0, dyy: 0.2 };
    const large = enlarged(at, 4);
    expect(9.5 + large.dx + large.dxx * 9.5).toBeCloseTo(4 * (2 + 0.5 + 0.2) + 1.5);
    expect(13.5 + large.dy + large.dyy * 13.5).toBeCloseTo(4 * (3 - 1 + 0.6) + 1.5);
  });

  it('rounds whole numbers and leaves 0 where there is nothing', () => {
    const b = { width: 3, height: 2, data: Int8Array.from([10, 13, -7, 10, 13, -7]) };
    expect([...warp(b, shifted({ dx: 0.5, dy: 0 }), { width: 3, height: 1 }).data]).toEqual([12, 3, 0]);
  });
});

it('orient gives eight pictures, and orientPoint follows a pixel', () => {
  const [width, height] = [5, 3];
  const seen = orientations.map((orientation) => {
    const data = Float32Array.from({ length: width * height }, (_, i) => i);
    const out = orient({ width, height, data }, orientation);
    expect(out.width * out.height).toBe(15);
    // pixel (4, 0) is 2 right and 1 above of the middle
    const { dx, dy } = orientPoint({ dx: 2, dy: -1 }, orientation);
    expect(out.data[((out.height - 1) / 2 + dy) * out.width + (out.width - 1) / 2 + dx]).toBe(4);
    return [out.width, ...out.data].join();
  });
  expect(new Set(seen).size).toBe(8);
});
