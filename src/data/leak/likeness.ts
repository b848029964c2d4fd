/**
 * How much two images look like photographs of one physical part, whatever the exposure. They are laid over each other
 * without what the set shares; the likeness is what the blocks of the picture correlate, less the best of them, in which
 * edges of the design may be left, and the worst, for a glare or a defect that came later.
 */
import type { Fit } from './beyond-chance.ts';
import { blockCorrelations } from './blocks.ts';
import type { Candidate } from './candidates.ts';
import type { Bytes } from './contrast.ts';
import { bestDisplacement, correlation, type Displacement } from './displacement.ts';
import { follow } from './follow.ts';
import { layOver, settle } from './lay-over.ts';
import { orient } from './orientation.ts';
import { COARSE, type Residual } from './residuals.ts';
import { enlarged, shifted, warp } from './warp.ts';

/** Coarse pixels searched about the displacement of the candidate. */
const REACH = 2;
/** Coarse likeness below which a pair is given up. */
const HOPELESS = 0.12;
/** Correlation of the fine pictures below which it is not asked block by block, and is itself the likeness. */
const UNLIKE = 0.12;
/** What a turn or zoom must add to the coarse correlation before it is believed. */
const FOLLOWED = 0.04;
/** Blocks that must be there to judge by. */
const FEWEST_BLOCKS = 9;
/** The shares of blocks that are left out. */
const WORST = 0.2;
const BEST = 0.4;

/** Mean of values without the worst and the best; 0 where there are too few. */
function trimmedMean(values: readonly number[]): number {
  if (values.length < FEWEST_BLOCKS) return 0;
  const sorted = [...values].sort((p, q) => p - q);
  const kept = sorted.slice(Math.floor(values.length * WORST), Math.ceil(values.length * (1 - BEST)));
  return kept.reduce((sum, value) => sum + value, 0) / kept.length;
}

/** Two fine pictures that a displacement lays on each other up to some pixels, and their likeness. */
function fitBlocks(a: Bytes, b: Bytes, about: Displacement): Fit {
  const place = settle(a, b, about, COARSE - 1);
  if (place.value < UNLIKE) return { a, b, at: shifted(place), value: place.value };
  const at = layOver(a, b, place);
  return { a, b, at, value: trimmedMean(blockCorrelations(a, b, at)) };
}

/**
 * The two images of a candidate laid on each other with their likeness, which is 0 where the pictures are too small or too
 * plain to judge; undefined where the coarse pictures differ.
 */
export function candidateFit(
  residuals: readonly (Residual | undefined)[],
  { i, j, about, orientation }: Candidate,
): Fit | undefined {
  const [one, other] = [residuals[i]!, residuals[j]!];
  const coarse = orient(one.coarse, orientation);
  const low = bestDisplacement(coarse, other.coarse, about, REACH);
  const plain = correlation(coarse, other.coarse, low);
  if (plain < HOPELESS) return undefined;
  const fine = orient(one.fine, orientation);
  const fit = fitBlocks(fine, other.fine, { dx: COARSE * low.dx, dy: COARSE * low.dy });
  // a turn or a zoom, where the coarse pictures speak for one
  const { at, value } = follow(coarse, other.coarse, shifted(low));
  if (value < plain + FOLLOWED) return fit;
  const followed = fitBlocks(fine, warp(other.fine, enlarged(at, COARSE), fine), { dx: 0, dy: 0 });
  return followed.value > fit.value ? followed : fit;
}
