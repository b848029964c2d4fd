/**
 * How much two images look like photographs of one physical part, whatever the exposure. They are laid over each other
 * without what the set shares; the likeness is what the blocks of the picture correlate, less the best of them, in which
 * edges of the design may be left, and the worst, for a glare or a defect that came later.
 */
import type { Bytes } from './contrast.ts';
import { bestDisplacement, correlation, type Displacement, overlap } from './displacement.ts';
import { type Affine, layOver, settle } from './lay-over.ts';
import { COARSE, type Residual } from './residuals.ts';

/** Coarse pixels searched about the displacement of the candidate. */
const REACH = 2;
/** Coarse likeness below which a pair is given up. */
const HOPELESS = 0.12;
/** Pixels along a block. */
const BLOCK = 24;
/** Blocks that must be there to judge by. */
const FEWEST_BLOCKS = 9;
/** Variance below which a block of eight bits shows nothing. */
const FLAT = 0.5;
/** The shares of blocks that are left out. */
const WORST = 0.2;
const BEST = 0.4;

/** Correlation of every second pixel of every second row of a block about its own means; undefined where it is flat. */
function blockCorrelation(a: Bytes, b: Bytes, x0: number, y0: number, dx: number, dy: number): number | undefined {
  let sa = 0;
  let sb = 0;
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (let y = y0; y < y0 + BLOCK; y += 2) {
    const rowA = y * a.width;
    const rowB = (y + dy) * b.width + dx;
    for (let x = x0; x < x0 + BLOCK; x += 2) {
      const u = a.data[rowA + x]!;
      const v = b.data[rowB + x]!;
      sa += u;
      sb += v;
      ab += u * v;
      aa += u * u;
      bb += v * v;
    }
  }
  const n = (BLOCK / 2) ** 2;
  const varianceA = aa / n - (sa / n) ** 2;
  const varianceB = bb / n - (sb / n) ** 2;
  if (varianceA < FLAT || varianceB < FLAT) return undefined;
  return (ab / n - (sa / n) * (sb / n)) / Math.sqrt(varianceA * varianceB);
}

/** Correlations of the blocks of two pictures, lowest first. */
function blockCorrelations(a: Bytes, b: Bytes, at: Affine): number[] {
  const { left, right, top, bottom } = overlap(a, b, { dx: Math.round(at.dx), dy: Math.round(at.dy) });
  const values: number[] = [];
  for (let y = top; y + BLOCK <= bottom; y += BLOCK) {
    for (let x = left; x + BLOCK <= right; x += BLOCK) {
      const [cx, cy] = [x + BLOCK / 2, y + BLOCK / 2];
      const dx = Math.round(at.dx + at.dxx * cx + at.dxy * cy);
      const dy = Math.round(at.dy + at.dyx * cx + at.dyy * cy);
      if (x + dx < 0 || y + dy < 0 || x + dx + BLOCK > b.width || y + dy + BLOCK > b.height) continue;
      const value = blockCorrelation(a, b, x, y, dx, dy);
      if (value !== undefined) values.push(value);
    }
  }
  return values.sort((p, q) => p - q);
}

/** Mean of sorted values without the worst and the best; 0 where there are too few. */
function trimmedMean(values: readonly number[]): number {
  if (values.length < FEWEST_BLOCKS) return 0;
  const kept = values.slice(Math.floor(values.length * WORST), Math.ceil(values.length * (1 - BEST)));
  return kept.reduce((sum, value) => sum + value, 0) / kept.length;
}

/**
 * Likeness of two images, -1..1; 0 where the pictures are too small or too plain to judge, or the coarse pictures differ.
 *
 * @param about displacement of the coarse pictures, known to some pixels
 */
export function likeness(one: Residual, other: Residual, about: Displacement): number {
  const low = bestDisplacement(one.coarse, other.coarse, about, REACH);
  if (correlation(one.coarse, other.coarse, low) < HOPELESS) return 0;
  const at = settle(one.fine, other.fine, { dx: COARSE * low.dx, dy: COARSE * low.dy }, COARSE - 1);
  return trimmedMean(blockCorrelations(one.fine, other.fine, layOver(one.fine, other.fine, at)));
}
