/**
 * The rule that every verdict passes, in command line, library, station and browser: OK needs a finite score, from a finite map of a picture
 * that shows something, by a finite threshold. Everything else is REVIEW with a reason, or refused. Needs nothing of Node.
 */
import { type Decision, decide, notFinite } from './decision.ts';
import { type PartScores, reasonFor } from './reason.ts';

/** What a detector found on a picture. */
export interface Found {
  /** Larger is worse. */
  readonly score: number;
  /** The score map's values. */
  readonly map: ArrayLike<number>;
  /** Scores of a fusion's two detectors; null for other detectors. */
  readonly parts: PartScores | null;
}

export interface Limits {
  /** A score at or above it is NG; null: everything is for REVIEW. */
  readonly threshold: number | null;
  /** A score from here to below the threshold is for REVIEW; null: none. */
  readonly review: number | null;
  /** Whether a fusion's score is the sum of its two; else it is the larger. */
  readonly sum: boolean;
}

export interface Verdict {
  readonly decision: Decision;
  /** What REVIEW of a blank picture, or without a threshold, and a fusion's NG and REVIEW rest on; else null. */
  readonly reason: string | null;
}

export const blankReason = 'no picture: nearly all of it has one value, as from a dead camera or under a lens cap';
const thresholdReason = 'the bundle has no threshold yet: run felfri calibrate';

/** Throws SCORE_INVALID when the score, a part of it, or any value of the map is not finite. */
export function requireFinite({ score, map, parts }: Found): void {
  if (!Number.isFinite(score)) throw notFinite('the detector gave the score', score);
  for (const [name, part] of Object.entries(parts ?? {}))
    if (!Number.isFinite(part)) throw notFinite(`the fusion's ${name} gave the score`, part as number);
  // 0 times anything finite is 0: one pass without a branch
  let sum = 0;
  for (let i = 0; i < map.length; i++) sum += map[i]! * 0;
  if (sum === 0 && map.length > 0) return;
  const place = Array.prototype.findIndex.call(map, (v: number) => !Number.isFinite(v));
  throw notFinite(`of ${map.length} values of the score map, number ${place} is`, map[place] ?? Number.NaN);
}

/**
 * The decision on a picture. `blank` says that the picture shows nothing (data/image/blank.ts) and that this product's parts do not look so: it
 * is REVIEW, whatever its score. Throws SCORE_INVALID when score, parts, map or a threshold are not finite.
 */
export function verdictOf(found: Found, { threshold, review, sum }: Limits, blank: boolean): Verdict {
  requireFinite(found);
  const decision = decide(found.score, threshold, review);
  if (blank) return { decision: 'REVIEW', reason: blankReason };
  if (threshold === null) return { decision, reason: thresholdReason };
  const limit = decision === 'NG' ? threshold : review;
  return { decision, reason: found.parts && reasonFor(found.parts, decision, { limit, sum }) };
}
