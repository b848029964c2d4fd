/** Maps between two pictures with a turn, a zoom and a slant, and a picture as it lies by one. */
import type { Displacement } from './displacement.ts';

/** Where pixels lie: (x, y) on (x + dx + dxx x + dxy y, y + dy + dyx x + dyy y). */
export interface Affine {
  readonly dx: number;
  readonly dxx: number;
  readonly dxy: number;
  readonly dy: number;
  readonly dyx: number;
  readonly dyy: number;
}

type Values = Float32Array | Int8Array;

/** The affine map of a displacement. */
export const shifted = ({ dx, dy }: Displacement): Affine => ({ dx, dxx: 0, dxy: 0, dy, dyx: 0, dyy: 0 });

/** A map between pictures that are reduced by `factor`, for the pictures themselves. */
export function enlarged(at: Affine, factor: number): Affine {
  // the middle of a reduced pixel
  const c = (factor - 1) / 2;
  return {
    ...at,
    dx: factor * at.dx - c * (at.dxx + at.dxy),
    dy: factor * at.dy - c * (at.dyx + at.dyy),
  };
}

/** Picture b as it lies under a picture of `width` x `height` pixels, in values of its own kind; 0 where it does not reach. */
export function warp<Data extends Values>(
  b: { width: number; height: number; data: Data },
  at: Affine,
  { width, height }: { width: number; height: number },
): { width: number; height: number; data: Data } {
  const out = new (b.data.constructor as new (length: number) => Data)(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const u = x + at.dx + at.dxx * x + at.dxy * y;
      const v = y + at.dy + at.dyx * x + at.dyy * y;
      const [left, above] = [Math.floor(u), Math.floor(v)];
      if (left < 0 || above < 0 || left + 1 >= b.width || above + 1 >= b.height) continue;
      const [p, q] = [u - left, v - above];
      const i = above * b.width + left;
      const upper = (1 - p) * b.data[i]! + p * b.data[i + 1]!;
      const lower = (1 - p) * b.data[i + b.width]! + p * b.data[i + b.width + 1]!;
      // whole numbers are cut off when they are stored, so they are rounded first
      const value = (1 - q) * upper + q * lower;
      out[y * width + x] = out instanceof Int8Array ? Math.round(value) : value;
    }
  }
  return { width, height, data: out };
}
