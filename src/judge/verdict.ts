/**
 * The rule that every verdict passes, in command line, library, station and browser: OK needs a finite score, from a finite map of a picture
 * that shows something, by a finite threshold. Everything else is REVIEW with a reason, or refused. Needs nothing of Node.
 */

import type { FrameFaults } from '../data/image/frame-faults.ts';
import type { RegionScore } from '../data/regions/places.ts';
import { type Decision, decide, notFinite } from './decision.ts';
import { frameFault, tellsFrameFault } from './frame-fault.ts';
import { otherSize, type PictureSize, type PictureSizes, tellsOtherSize } from './picture-size.ts';
import { type PartScores, reasonFor, reasonOfRegions, reasonOfViews, type ViewScore } from './reason.ts';

/** What a detector found on a picture. */
export interface Found {
  /** Larger is worse. */
  readonly score: number;
  /** The score map's values. */
  readonly map: ArrayLike<number>;
  /** Scores of a fusion's two detectors; null for other detectors. */
  readonly parts: PartScores | null;
  /** What the views say that a flow's score is made of; none of other scores, and of models of before there were any. */
  readonly views?: readonly ViewScore[];
  /** Largest values of the map in regions of interest; none without any. */
  readonly regions?: readonly RegionScore[];
  /** Whether the picture has the proportions that the regions were drawn on; it has where there are none. */
  readonly misplaced?: boolean;
}

export interface Limits {
  /** A score at or above it is NG; null: everything is for REVIEW. */
  readonly threshold: number | null;
  /** A score from here to below the threshold is for REVIEW; null: none. */
  readonly review: number | null;
  /** Whether a fusion's score is the sum of its two; else it is the larger. */
  readonly sum: boolean;
}

/** What the picture itself says, whatever a detector found on it. */
export interface Picture extends PictureSize {
  /** Whether it shows nothing (data/image/blank.ts) and this product's parts do not look so. */
  readonly blank: boolean;
  /** The sizes that may be judged, with a tolerance (picture-size.ts); null: any. */
  readonly sizes: PictureSizes | null;
  /** Lines that seem not to be written, and the most of them that good pictures have; null: nothing is known of these. */
  readonly frame: { readonly found: FrameFaults; readonly learned: FrameFaults } | null;
}

export interface Verdict {
  readonly decision: Decision;
  /** What REVIEW of a picture that cannot be judged or without a threshold, and NG and REVIEW of a fusion or of several views rest on; else null. */
  readonly reason: string | null;
}

export const blankReason = 'no picture: nearly all of it has one value, as from a dead camera or under a lens cap';
const misplacedReason =
  'the picture has other proportions than the one that the regions were drawn on, so they lie elsewhere on it';
const thresholdReason = 'the bundle has no threshold yet: run felfri calibrate';

/** Throws SCORE_INVALID when the score, a part of it, or any value of the map is not finite. */
export function requireFinite({ score, map, parts, views = [] }: Found): void {
  if (!Number.isFinite(score)) throw notFinite('the detector gave the score', score);
  for (const [name, part] of Object.entries(parts ?? {}))
    if (!Number.isFinite(part)) throw notFinite(`the fusion's ${name} gave the score`, part as number);
  for (const { view, rarity } of views)
    if (!Number.isFinite(rarity)) throw notFinite(`of the score, the view ${view} is`, rarity);
  // 0 times anything finite is 0: one pass without a branch
  let sum = 0;
  for (let i = 0; i < map.length; i++) sum += map[i]! * 0;
  if (sum === 0 && map.length > 0) return;
  const place = Array.prototype.findIndex.call(map, (v: number) => !Number.isFinite(v));
  throw notFinite(`of ${map.length} values of the score map, number ${place} is`, map[place] ?? Number.NaN);
}

/** Why no score of this picture means anything, so that it is for REVIEW; null where one does. */
function unjudgeable({ blank, sizes, frame, ...size }: Picture): string | null {
  if (blank) return blankReason;
  return (sizes && otherSize(size, sizes)) ?? (frame && frameFault(frame.found, frame.learned));
}

/** Whether a record is for REVIEW by its picture, which no threshold changes. */
export const isOfPicture = (reason: string | null): boolean =>
  reason === blankReason || reason === misplacedReason || tellsOtherSize(reason) || tellsFrameFault(reason);

/**
 * The decision on a picture. One that shows nothing, that is of quite another size than those that were learned, or of which lines seem to be missing, is REVIEW whatever its
 * score. Throws SCORE_INVALID when score, parts, map or a threshold are not finite.
 */
export function verdictOf(found: Found, { threshold, review, sum }: Limits, picture: Picture): Verdict {
  requireFinite(found);
  const decision = decide(found.score, threshold, review);
  const doubt = unjudgeable(picture);
  if (doubt !== null) return { decision: 'REVIEW', reason: doubt };
  if (found.misplaced) return { decision: 'REVIEW', reason: misplacedReason };
  if (threshold === null) return { decision, reason: thresholdReason };
  const limit = decision === 'NG' ? threshold : review;
  const said = found.parts
    ? reasonFor(found.parts, decision, { limit, sum })
    : found.views?.length
      ? reasonOfViews(found.views, decision, threshold)
      : null;
  const where = decision === 'OK' ? null : reasonOfRegions(found.regions ?? [], limit);
  return { decision, reason: [where, said].filter((text) => text !== null).join(': ') || null };
}
