/** The eight ways in which a picture may lie: as it is, mirrored, and turned by quarters. */
import type { Displacement } from './displacement.ts';

/** Bit 0 mirrors left and right, bit 1 above and below, then bit 2 exchanges rows and columns. */
export type Orientation = number;

export const orientations: readonly Orientation[] = [0, 1, 2, 3, 4, 5, 6, 7];

/** A picture as it lies in an orientation, of the same kind of values. */
export function orient<Data extends Float32Array | Int8Array>(
  picture: { width: number; height: number; data: Data },
  orientation: Orientation,
): { width: number; height: number; data: Data } {
  if (orientation === 0) return picture;
  const { width, height, data } = picture;
  const turned = (orientation & 4) !== 0;
  const [w, h] = turned ? [height, width] : [width, height];
  const [along, down] = turned ? [width, 1] : [1, width];
  const stepX = (orientation & (turned ? 2 : 1)) !== 0 ? -along : along;
  const stepY = (orientation & (turned ? 1 : 2)) !== 0 ? -down : down;
  const start = (stepX < 0 ? (w - 1) * along : 0) + (stepY < 0 ? (h - 1) * down : 0);
  const out = data.slice() as Data;
  for (let y = 0, i = 0; y < h; y++) {
    for (let x = 0, from = start + y * stepY; x < w; x++, from += stepX) out[i++] = data[from]!;
  }
  return { width: w, height: h, data: out };
}

/** Where a point beside the middle of a picture lies once the picture is brought into an orientation. */
export function orientPoint({ dx, dy }: Displacement, orientation: Orientation): Displacement {
  const x = (orientation & 1) !== 0 ? -dx : dx;
  const y = (orientation & 2) !== 0 ? -dy : dy;
  return (orientation & 4) !== 0 ? { dx: y, dy: x } : { dx: x, dy: y };
}
