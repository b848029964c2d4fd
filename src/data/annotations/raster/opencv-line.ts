/** Lines one pixel wide and the cutting of lines at the image's border, as OpenCV draws. */
import type { Bitmap } from './bitmap.ts';

export interface Ends {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

type Big = { x: bigint; y: bigint };

const sideCode = (v: bigint, last: bigint): number => (v < 0n ? 1 : 0) + (v > last ? 2 : 0);

/** Moves an end that lies above or below onto the first or last row, along the line. */
function cutRows(end: Big, other: Big, bottom: bigint): void {
  const code = sideCode(end.y, bottom);
  if (code === 0) return;
  const row = code === 1 ? 0n : bottom;
  end.x += ((row - end.y) * (other.x - end.x)) / (other.y - end.y);
  end.y = row;
}

function cutColumns(end: Big, other: Big, right: bigint): void {
  const code = sideCode(end.x, right);
  if (code === 0) return;
  const column = code === 1 ? 0n : right;
  end.y += ((column - end.x) * (other.y - end.y)) / (other.x - end.x);
  end.x = column;
}

/**
 * Cuts a line with whole coordinates at the borders of width x height. `visible` is false where nothing of it lies inside;
 * the ends may have been moved even then.
 */
export function clipLine(ends: Ends, width: number, height: number): Ends & { readonly visible: boolean } {
  const { x0, y0, x1, y1 } = ends;
  const inside = (x: number, y: number): boolean => x >= 0 && y >= 0 && x < width && y < height;
  if (inside(x0, y0) && inside(x1, y1)) return { ...ends, visible: true };
  // whole numbers of any size, as the products leave what a double holds exactly
  const [right, bottom] = [BigInt(width) - 1n, BigInt(height) - 1n];
  const a: Big = { x: BigInt(x0), y: BigInt(y0) };
  const b: Big = { x: BigInt(x1), y: BigInt(y1) };
  const apart = (): boolean =>
    (sideCode(a.x, right) & sideCode(b.x, right)) !== 0 || (sideCode(a.y, bottom) & sideCode(b.y, bottom)) !== 0;
  const done = (visible: boolean) => ({ x0: Number(a.x), y0: Number(a.y), x1: Number(b.x), y1: Number(b.y), visible });
  if (apart()) return done(false);
  cutRows(a, b, bottom);
  cutRows(b, a, bottom);
  if (apart()) return done(false);
  cutColumns(a, b, right);
  cutColumns(b, a, right);
  return done(true);
}

/** Draws a line between two pixels, both included, eight-connected. */
export function drawOpencvLine(bitmap: Bitmap, ends: Ends): void {
  const clipped = clipLine(ends, bitmap.width, bitmap.height);
  if (!clipped.visible) return;
  const swapped = clipped.x1 < clipped.x0;
  let [x, y] = swapped ? [clipped.x1, clipped.y1] : [clipped.x0, clipped.y0];
  const dx = Math.abs(clipped.x1 - clipped.x0);
  const rise = (swapped ? clipped.y0 : clipped.y1) - y;
  const [dy, yStep] = [Math.abs(rise), Math.sign(rise)];
  const steep = dy > dx;
  const [long, short] = steep ? [dy, dx] : [dx, dy];
  let error = long - 2 * short;
  for (let i = 0; i <= long; i++) {
    bitmap.point(x, y);
    const both = error < 0;
    error += both ? 2 * long - 2 * short : -2 * short;
    if (steep || both) y += yStep;
    if (!steep || both) x += 1;
  }
}
