/**
 * Whether two pictures are more alike than chance makes two of their kind. How far chance goes depends on how much they
 * show that is independent: streaks that run through a small picture are some twenty stripes, and two such pictures agree
 * well in some orientation. So the pair is its own measure: what it correlates where it does not belong.
 */
import { blockCorrelations } from './blocks.ts';
import type { Bytes } from './contrast.ts';
import type { Affine } from './warp.ts';

/** Two pictures, and the map by which b lies under a. */
export interface Fit {
  readonly a: Bytes;
  readonly b: Bytes;
  readonly at: Affine;
  /** Likeness there, -1..1. */
  readonly value: number;
}

/** Wrong places at which a pair is compared, spread evenly over half a picture each way: multiples of two irrational steps. */
const PLACES = 80;
const STEPS = [0.7548776662466927, 0.5698402909980532] as const;
/** Pixels about the right place that are left out. */
const NEAR = 8;
/** Blocks that a wrong place must have. */
const FEWEST = 4;
/** Ways in which each pair was tried: displacements and orientations. */
const TRIED = 16;
/** Wrong pairs that a set may have by chance. */
const ACCEPTED = 0.01;

/** Likeness at which correlations near 1 are no longer spread. */
const MOST = 0.99;

const fraction = (value: number): number => value - Math.floor(value);

/** Deviation of the mean correlation of two pictures by chance, as for their whole overlap; undefined where no place tells. */
function chanceDeviation({ a, b, at }: Fit): number | undefined {
  let squares = 0;
  let places = 0;
  for (let n = 1; n <= PLACES; n++) {
    const dx = Math.round((fraction(n * STEPS[0]) - 0.5) * a.width);
    const dy = Math.round((fraction(n * STEPS[1]) - 0.5) * a.height);
    if (Math.max(Math.abs(dx), Math.abs(dy)) < NEAR) continue;
    const values = blockCorrelations(a, b, { ...at, dx: at.dx + dx, dy: at.dy + dy });
    if (values.length < FEWEST) continue;
    // a smaller overlap has less to go by: its squares are larger by as much
    const share = (1 - Math.abs(dx) / a.width) * (1 - Math.abs(dy) / a.height);
    squares += share * (values.reduce((sum, value) => sum + value, 0) / values.length) ** 2;
    places++;
  }
  return places > 0 ? Math.sqrt(squares / places) : undefined;
}

/** Deviations that the largest of all chance likenesses among so many images stays below: the tail of a normal distribution. */
export function deviationsFor(images: number): number {
  const trials = (TRIED * images * (images - 1)) / 2;
  return Math.sqrt(2 * Math.log(Math.max(1, trials) / ACCEPTED));
}

/** Whether a likeness, in Fisher's transformation, lies more than some deviations above chance. */
export function isBeyondChance(fit: Fit, deviations: number): boolean {
  const deviation = chanceDeviation(fit);
  return deviation !== undefined && Math.atanh(Math.min(MOST, fit.value)) > deviations * deviation;
}
