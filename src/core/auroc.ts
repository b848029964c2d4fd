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
