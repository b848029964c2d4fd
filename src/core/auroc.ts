/**
 * Area under the ROC curve, the one number by which detectors and trivial baselines alike are compared.
 */
import { FelfriError } from './errors.ts';

/**
 * The probability that a defective item scores higher than a good one, ties counting one half: the Mann-Whitney
 * statistic from average ranks (Hanley and McNeil 1982, equation 1).
 *
 * @param scores one finite number per item, larger is worse
 * @param defective per item: true or 1 for defective, false or 0 for good
 * @returns a number in 0..1
 * Throws SCORES_INVALID when lengths differ, a score is not finite, or one of the two classes is empty.
 */
export function auroc(scores: ArrayLike<number>, defective: ArrayLike<boolean | number>): number {
  const n = scores.length;
  if (defective.length !== n) {
    throw new FelfriError('SCORES_INVALID', `got ${n} scores and ${defective.length} labels; give one label per score`);
  }
  for (let i = 0; i < n; i++) {
    if (!Number.isFinite(scores[i])) {
      throw new FelfriError('SCORES_INVALID', `score ${i} is ${scores[i]}; every score must be a finite number`);
    }
  }
  const order = Float64Array.from({ length: n }, (_, i) => i).sort((a, b) => scores[a]! - scores[b]!);
  let positives = 0;
  let rankSum = 0;
  for (let start = 0; start < n; ) {
    let end = start;
    let tied = 0;
    while (end < n && scores[order[end]!] === scores[order[start]!]) {
      if (defective[order[end]!]) tied++;
      end++;
    }
    positives += tied;
    rankSum += tied * ((start + 1 + end) / 2);
    start = end;
  }
  const negatives = n - positives;
  if (positives === 0 || negatives === 0) {
    throw new FelfriError(
      'SCORES_INVALID',
      `got ${negatives} good and ${positives} defective items; an AUROC needs at least one of each`,
    );
  }
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/** For each score the share of `others` that lies below it, ties counting one half; `others` is sorted. */
function placements(scores: readonly number[], others: Float64Array): number[] {
  const countBelow = (x: number, orEqual: boolean): number => {
    let [low, high] = [0, others.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (others[middle]! < x || (orEqual && others[middle] === x)) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return scores.map((x) => (countBelow(x, false) + countBelow(x, true)) / 2 / others.length);
}

const varianceOfMean = (values: readonly number[]): number => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1) / values.length;
};

/**
 * The standard error of the difference of two AUROCs on the same items (DeLong, DeLong and Clarke-Pearson 1988). Infinite where there are
 * fewer than two items of a class, which tell nothing of it.
 */
export function aurocDifferenceError(
  a: readonly number[],
  b: readonly number[],
  defective: readonly boolean[],
): number {
  const split = (scores: readonly number[]) => {
    const bad = scores.filter((_, i) => defective[i]);
    const good = scores.filter((_, i) => !defective[i]);
    return {
      bad: placements(bad, Float64Array.from(good).sort()),
      good: placements(good, Float64Array.from(bad).sort()),
    };
  };
  const [first, second] = [split(a), split(b)];
  if (first.bad.length < 2 || first.good.length < 2) return Number.POSITIVE_INFINITY;
  const differences = (kind: 'bad' | 'good'): number[] => first[kind].map((v, i) => v - second[kind][i]!);
  return Math.sqrt(varianceOfMean(differences('bad')) + varianceOfMean(differences('good')));
}

/** AUROC of a baseline that may tell defects by larger or by smaller values: 0.5..1. Throws as `auroc`. */
export function aurocEitherWay(values: ArrayLike<number>, defective: ArrayLike<boolean | number>): number {
  const area = auroc(values, defective);
  return Math.max(area, 1 - area);
}
