/**
 * Ellipses as Pillow's ImageDraw fills them, for LabelMe's circles and points: a midpoint walk along one quarter on a grid
 * of half pixels, mirrored.
 */
import type { Bitmap } from './bitmap.ts';

/** Above this product of the axes the deviations leave the whole numbers that a double holds. */
const exactProduct = 60_000_000;

/** How far a point of the grid is from the curve, up to a factor; a comparison of two is all that is needed. */
type Deviation = (x: number, y: number) => number | bigint;

function deviationOf(a: number, b: number): Deviation {
  if (a * b <= exactProduct) return (x, y) => Math.abs(a * a * y * y + b * b * x * x - a * a * b * b);
  const [a2, b2] = [BigInt(a) ** 2n, BigInt(b) ** 2n];
  return (x, y) => {
    const value = a2 * BigInt(y) ** 2n + b2 * BigInt(x) ** 2n - a2 * b2;
    return value < 0n ? -value : value;
  };
}

/** Fills the ellipse within the box; corners are cut to whole numbers towards zero. */
export function fillPillowEllipse(bitmap: Bitmap, left: number, top: number, right: number, bottom: number): void {
  const [x0, y0] = [Math.trunc(left), Math.trunc(top)];
  const a = Math.trunc(right) - x0;
  const b = Math.trunc(bottom) - y0;
  const deviation = deviationOf(a, b);
  let [x, y] = [a, b % 2];
  let drawn = -1;
  for (;;) {
    // the first point of a row is its outermost
    if (y !== drawn) {
      for (const side of [y, -y]) bitmap.row(y0 + (side + b) / 2, x0 + (a - x) / 2, x0 + (a + x) / 2);
      drawn = y;
    }
    if (x === a % 2 && y === b) return;
    let [nextX, nextY] = [x, y + 2];
    let least = deviation(nextX, nextY);
    if (x > 1) {
      for (const [candidateX, candidateY] of [
        [x - 2, y + 2],
        [x - 2, y],
      ] as const) {
        const value = deviation(candidateX, candidateY);
        if (least > value) [nextX, nextY, least] = [candidateX, candidateY, value];
      }
    }
    [x, y] = [nextX, nextY];
  }
}
