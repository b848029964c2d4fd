/** What two pictures that lie on each other correlate, block by block. */
import type { Bytes } from './contrast.ts';
import { overlap } from './displacement.ts';
import type { Affine } from './warp.ts';

/** Pixels along a block, and blocks along a small picture, whose blocks are smaller. */
const BLOCK = 24;
const ACROSS = 4;
/** Variance below which a block of eight bits shows nothing. */
const FLAT = 0.5;

const blockOf = ({ width, height }: Bytes): number => Math.min(BLOCK, Math.floor(Math.min(width, height) / ACROSS));

/** Correlation of every second pixel of every second row of a block of `side` pixels about its own means; undefined where it is flat. */
function blockCorrelation(
  a: Bytes,
  b: Bytes,
  side: number,
  x0: number,
  y0: number,
  dx: number,
  dy: number,
): number | undefined {
  let sa = 0;
  let sb = 0;
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (let y = y0; y < y0 + side; y += 2) {
    const rowA = y * a.width;
    const rowB = (y + dy) * b.width + dx;
    for (let x = x0; x < x0 + side; x += 2) {
      const u = a.data[rowA + x]!;
      const v = b.data[rowB + x]!;
      sa += u;
      sb += v;
      ab += u * v;
      aa += u * u;
      bb += v * v;
    }
  }
  const n = Math.ceil(side / 2) ** 2;
  const varianceA = aa / n - (sa / n) ** 2;
  const varianceB = bb / n - (sb / n) ** 2;
  if (varianceA < FLAT || varianceB < FLAT) return undefined;
  return (ab / n - (sa / n) * (sb / n)) / Math.sqrt(varianceA * varianceB);
}

/** Correlations of the blocks of two pictures where a map lays the one on the other; those that show nothing left out. */
export function blockCorrelations(a: Bytes, b: Bytes, at: Affine): number[] {
  const { left, right, top, bottom } = overlap(a, b, { dx: Math.round(at.dx), dy: Math.round(at.dy) });
  const side = blockOf(a);
  const values: number[] = [];
  for (let y = top; side > 0 && y + side <= bottom; y += side) {
    for (let x = left; x + side <= right; x += side) {
      const [cx, cy] = [x + side / 2, y + side / 2];
      const dx = Math.round(at.dx + at.dxx * cx + at.dxy * cy);
      const dy = Math.round(at.dy + at.dyx * cx + at.dyy * cy);
      if (x + dx < 0 || y + dy < 0 || x + dx + side > b.width || y + dy + side > b.height) continue;
      const value = blockCorrelation(a, b, side, x, y, dx, dy);
      if (value !== undefined) values.push(value);
    }
  }
  return values;
}
