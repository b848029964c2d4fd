/**
 * Every threshold that matters, once: scores sorted, ties merged, with how many good and defective images lie at or above
 * each distinct score. Curves, areas and threshold rules all walk this one list. An image is called defective when
 * score >= threshold.
 */
import { FelfriError } from '../core/errors.ts';

/** Labels (1 defective, 0 good) and scores (larger is worse), one of each per image. */
export interface Labelled {
  readonly labels: ArrayLike<number>;
  readonly scores: ArrayLike<number>;
}

/** What happens at one threshold: `tp` defective and `fp` good images score at least `threshold`. */
export interface OperatingPoint {
  readonly threshold: number;
  readonly tp: number;
  readonly fp: number;
}

export interface OperatingPoints {
  readonly good: number;
  readonly defective: number;
  /** One per distinct score, highest first; the last one calls every image defective. */
  readonly points: readonly OperatingPoint[];
}

/** Counts of good and defective images. Throws SCORES_INVALID on empty input, unequal lengths, other labels, or a score that is not finite. */
export function countClasses({ labels, scores }: Labelled): { good: number; defective: number } {
  if (scores.length === 0 || labels.length !== scores.length) {
    throw new FelfriError(
      'SCORES_INVALID',
      `got ${labels.length} labels and ${scores.length} scores; give one label per score, and at least one of both`,
    );
  }
  let defective = 0;
  for (let i = 0; i < scores.length; i++) {
    const label = labels[i]!;
    if (label !== 0 && label !== 1) {
      throw new FelfriError('SCORES_INVALID', `label ${i} is ${label}; legal are 0 (good) and 1 (defective)`);
    }
    if (!Number.isFinite(scores[i])) {
      throw new FelfriError(
        'SCORES_INVALID',
        `score ${i} is ${scores[i]}; scores must be finite numbers: leave out images that could not be scored`,
      );
    }
    defective += label;
  }
  return { good: scores.length - defective, defective };
}

/** All operating points. Throws SCORES_INVALID as `countClasses`, and when there is no good or no defective image. */
export function operatingPoints(data: Labelled): OperatingPoints {
  const { labels, scores } = data;
  const { good, defective } = countClasses(data);
  if (good === 0 || defective === 0) {
    throw new FelfriError(
      'SCORES_INVALID',
      `got ${good} good and ${defective} defective images; judging needs at least one of each`,
    );
  }
  const order = Uint32Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => scores[b]! - scores[a]!);
  const points: OperatingPoint[] = [];
  let tp = 0;
  let fp = 0;
  for (let i = 0; i < order.length; i++) {
    const threshold = scores[order[i]!]!;
    if (labels[order[i]!] === 1) tp++;
    else fp++;
    if (i + 1 === order.length || scores[order[i + 1]!] !== threshold) points.push({ threshold, tp, fp });
  }
  return { good, defective, points };
}

/** AUROC from how many good and defective images lie at each rank, the highest score first; NaN where either kind is missing. */
export function aurocOfRanks(good: ArrayLike<number>, defective: ArrayLike<number>): number {
  let above = 0;
  let goods = 0;
  let pairs = 0;
  for (let r = 0; r < good.length; r++) {
    pairs += good[r]! * (above + defective[r]! / 2);
    above += defective[r]!;
    goods += good[r]!;
  }
  return pairs / (above * goods);
}
