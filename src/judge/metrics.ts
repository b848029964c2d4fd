/**
 * Image-level metrics, equal to scikit-learn's to the last digits, ties included (test/golden/metrics.json). Labels are 1
 * for defective and 0 for good; an image is called defective when score >= threshold. Every function throws
 * SCORES_INVALID on empty input, unequal lengths, a score that is not finite, or (all but `confusion`) one class only.
 */
import { FelfriError } from '../core/errors.ts';
import { countClasses, operatingPoints } from './operating-points.ts';

export interface RocPoint {
  /** Infinity for the first point, at which nothing is called defective. */
  readonly threshold: number;
  readonly falseAlarmRate: number;
  readonly recall: number;
}

/** ROC curve from (0, 0) to (1, 1), one point per distinct score (scikit-learn's `roc_curve`, none dropped). */
export function rocCurve(labels: ArrayLike<number>, scores: ArrayLike<number>): RocPoint[] {
  const { good, defective, points } = operatingPoints({ labels, scores });
  return [
    { threshold: Number.POSITIVE_INFINITY, falseAlarmRate: 0, recall: 0 },
    ...points.map(({ threshold, tp, fp }) => ({ threshold, falseAlarmRate: fp / good, recall: tp / defective })),
  ];
}

export interface PrecisionRecallPoint {
  readonly threshold: number;
  readonly precision: number;
  readonly recall: number;
}

/** Precision and recall at every distinct score, highest first (`precision_recall_curve` without its made-up end point). */
export function precisionRecallCurve(labels: ArrayLike<number>, scores: ArrayLike<number>): PrecisionRecallPoint[] {
  const { defective, points } = operatingPoints({ labels, scores });
  return points.map(({ threshold, tp, fp }) => ({ threshold, precision: tp / (tp + fp), recall: tp / defective }));
}

/** Average precision: the sum over the curve of (step in recall) x precision, without interpolation. 0..1. */
export function averagePrecision(labels: ArrayLike<number>, scores: ArrayLike<number>): number {
  let area = 0;
  let before = 0;
  for (const { precision, recall } of precisionRecallCurve(labels, scores)) {
    area += (recall - before) * precision;
    before = recall;
  }
  return area;
}

/** The highest F1 that any threshold reaches, and the highest threshold that reaches it. */
export function f1Max(labels: ArrayLike<number>, scores: ArrayLike<number>): { f1: number; threshold: number } {
  const { defective, points } = operatingPoints({ labels, scores });
  let best = { f1: -1, threshold: Number.NaN };
  for (const { threshold, tp, fp } of points) {
    const f1 = (2 * tp) / (tp + fp + defective);
    if (f1 > best.f1) best = { f1, threshold };
  }
  return best;
}

/** Counts of decisions: t/f right or wrong, p/n called defective or good. */
export interface Confusion {
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
  readonly tn: number;
}

/** The confusion matrix at a threshold (score >= threshold is defective). One class alone is legal here. */
export function confusion(labels: ArrayLike<number>, scores: ArrayLike<number>, threshold: number): Confusion {
  const { good, defective } = countClasses({ labels, scores });
  if (Number.isNaN(threshold)) {
    throw new FelfriError('OPTION_INVALID', 'the threshold is not a number; choose one by a rule or give a number', {
      subject: 'threshold',
    });
  }
  let tp = 0;
  let fp = 0;
  for (let i = 0; i < scores.length; i++) {
    if (scores[i]! < threshold) continue;
    if (labels[i] === 1) tp++;
    else fp++;
  }
  return { tp, fp, fn: defective - tp, tn: good - fp };
}

/** Share of the images called defective that are; 0 when none was called so, as in scikit-learn. */
export function precision({ tp, fp }: Confusion): number {
  return tp + fp === 0 ? 0 : tp / (tp + fp);
}

/** Share of the defective images that were found; 0 when there are none. */
export function recall({ tp, fn }: Confusion): number {
  return tp + fn === 0 ? 0 : tp / (tp + fn);
}

/** Harmonic mean of precision and recall; 0 when no image is defective nor called so. */
export function f1({ tp, fp, fn }: Confusion): number {
  return tp + fp + fn === 0 ? 0 : (2 * tp) / (2 * tp + fp + fn);
}

/** Share of the decisions that are right. */
export function accuracy({ tp, fp, fn, tn }: Confusion): number {
  return (tp + tn) / (tp + fp + fn + tn);
}

/** Share of the good images that were called defective; 0 when there are none. */
export function falseAlarmRate({ fp, tn }: Confusion): number {
  return fp + tn === 0 ? 0 : fp / (fp + tn);
}
