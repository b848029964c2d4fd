/** Laying two planes over each other: how well they correlate at a displacement, and which one is best. */
import type { Plane } from './contrast.ts';

/** Pixel (x, y) of the one image lies on (x + dx, y + dy) of the other. */
export interface Displacement {
  readonly dx: number;
  readonly dy: number;
}

type Extent = Pick<Plane, 'width' | 'height'>;

/** The pixels of a that lie on b: from left and top up to right and bottom, which are outside. */
export function overlap(a: Extent, b: Extent, { dx, dy }: Displacement) {
  return {
    left: Math.max(0, -dx),
    right: Math.min(a.width, b.width - dx),
    top: Math.max(0, -dy),
    bottom: Math.min(a.height, b.height - dy),
  };
}

/** Correlation of two planes where they overlap, their means taken as zero; of every `step`-th row. */
export function correlation(a: Plane, b: Plane, displacement: Displacement, step = 1): number {
  const { left, right, top, bottom } = overlap(a, b, displacement);
  const { dx, dy } = displacement;
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (let y = top; y < bottom; y += step) {
    const rowA = y * a.width;
    const rowB = (y + dy) * b.width + dx;
    for (let x = left; x < right; x++) {
      const u = a.data[rowA + x]!;
      const v = b.data[rowB + x]!;
      ab += u * v;
      aa += u * u;
      bb += v * v;
    }
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0;
}

/** The displacement within `reach` pixels of another that correlates best. */
export function bestDisplacement(a: Plane, b: Plane, about: Displacement, reach: number, step = 1): Displacement {
  let best = about;
  let highest = -1;
  for (let dy = about.dy - reach; dy <= about.dy + reach; dy++) {
    for (let dx = about.dx - reach; dx <= about.dx + reach; dx++) {
      const value = correlation(a, b, { dx, dy }, step);
      if (value > highest) {
        highest = value;
        best = { dx, dy };
      }
    }
  }
  return best;
}
