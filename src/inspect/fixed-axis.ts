/**
 * The axis on which a score is shown: logarithmic, and the same for every image that one threshold judges, so that just above it and far above it
 * look unlike. Needs nothing of Node.
 */

/** It begins at a tenth of the threshold and ends at ten thousand times it. */
const FIRST = 0.1;
const LAST = 1e4;

/** Scores at which it is marked, as times the threshold. */
export const axisTicks = [1, 10, 100, 1000] as const;

/** How many times the threshold the score is at a place, 0..1. */
export const timesAt = (place: number): number => FIRST * (LAST / FIRST) ** place;

/** Place of a score, 0..1; beyond the ends it is held there. `threshold` above 0. */
export function placeOf(score: number, threshold: number): number {
  const times = Math.min(LAST, Math.max(FIRST, score / threshold));
  return Math.log(times / FIRST) / Math.log(LAST / FIRST);
}
