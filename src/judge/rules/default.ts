/**
 * The rules where none is asked for: the one place that says so. Highest accuracy alone misses most defects where they are few, so what it
 * would pass is for REVIEW down to the score that 19 of 20 defective parts reach (docs/experiments.md).
 */
import type { Split } from '../../data/split.ts';
import { countClasses, type Labelled } from '../operating-points.ts';
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
 * The paper's rule, with REVIEW but under the paper's protocol; from good images alone, at most 5 % false alarms or the least their number
 * allows. Throws SCORES_INVALID.
 */
export function defaultRules(data: Labelled, protocol: Split['protocol']): RulePair {
  const { good, defective } = countClasses(data);
  if (good > 0 && defective > 0) {
    return protocol === 'paper' ? { rule: paperRule } : { rule: paperRule, review: { kind: 'recall', atLeast: 0.95 } };
  }
  return { rule: { kind: 'good-only', atMost: Math.max(0.05, Math.ceil(1000 / (good + 1)) / 1000) } };
}

/** The default in one sentence, for help and documents. */
export const defaultRulesText =
  'most images decided rightly, and REVIEW down to recall=0.95; good-only=0.05 without defective images';
