/**
 * The rules where none is asked for: the one place that says so. Highest accuracy alone misses most defects where they are few, so what it
 * would pass is for REVIEW down to the score that 19 of 20 defective parts reach (docs/experiments/thresholds.md).
 */

import { FelfriError } from '../../core/errors.ts';
import type { Split } from '../../data/split.ts';
import { countClasses, type Labelled } from '../operating-points.ts';
import { ENOUGH_IMAGES } from './few-images.ts';
import type { ThresholdRule } from './rule.ts';

export interface RulePair {
  /** From which an image is NG. */
  readonly rule: ThresholdRule;
  /** The lower one, from which an image is for REVIEW; none when left out. */
  readonly review?: ThresholdRule;
}

/** Highest accuracy. */
export const paperRule: ThresholdRule = { kind: 'accuracy' };

/**
 * The paper's rule, with REVIEW but under the paper's protocol. From good images alone, at most 5 % false alarms; where they are too few for
 * that, the least that their number allows is for REVIEW, and NG begins one spread of them above.
 * Throws SCORES_INVALID, and DATASET_TOO_SMALL without a good image.
 */
export function defaultRules(data: Labelled, protocol: Split['protocol']): RulePair {
  const { good, defective } = countClasses(data);
  if (good > 0 && defective > 0) {
    return protocol === 'paper' ? { rule: paperRule } : { rule: paperRule, review: { kind: 'recall', atLeast: 0.95 } };
  }
  if (good === 0) {
    throw new FelfriError(
      'DATASET_TOO_SMALL',
      `got no good calibration image, and ${defective} defective ones; a threshold needs good images`,
      { subject: 'rule' },
    );
  }
  if (good >= ENOUGH_IMAGES) return { rule: { kind: 'good-only', atMost: 0.05 } };
  const least = Math.ceil(1000 / (good + 1)) / 1000;
  return { rule: { kind: 'beyond-good', spreads: 1 }, review: { kind: 'good-only', atMost: least } };
}

/** The default in one sentence, for help and documents. */
export const defaultRulesText =
  'most images decided rightly, and REVIEW down to recall=0.95; good-only=0.05 without defective images, or beyond-good=1 with REVIEW above fewer than 19 good ones';
