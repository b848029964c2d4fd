/**
 * From a rule to a threshold: how it is found, and what may be promised of it afterwards.
 * An image is called defective when score >= threshold. A rule sees the calibration images only, never the test set.
 */
import type { Labelled } from '../operating-points.ts';
import type { Choice, ThresholdRule } from './rule.ts';
import { rowOf } from './table.ts';
import { requireLegalRule } from './text.ts';

export interface ChosenThreshold extends Choice {
  readonly rule: ThresholdRule;
}

/**
 * Chooses a threshold between two calibration scores (`place.ts`), or beyond the outermost where it calls nothing or everything defective.
 *
 * @param data calibration images; `good-only` takes its rank from the good ones only, and supposes that they show different parts.
 * @throws FelfriError SCORES_INVALID (see operating-points.ts; `good-only` needs no defective image), OPTION_INVALID for a rule out
 *   of range, DATASET_TOO_SMALL when `good-only` has too few good images for its bound.
 */
export function chooseThreshold(rule: ThresholdRule, data: Labelled): ChosenThreshold {
  requireLegalRule(rule);
  return { rule, ...rowOf(rule).choose(rule, data) };
}
