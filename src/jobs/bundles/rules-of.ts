/** The rules by which a bundle that is made of another one is judged. */
import type { BundleManifest } from '../../bundle/schema.ts';
import type { Split } from '../../data/split.ts';
import type { ThresholdRule } from '../../judge/rules/rule.ts';
import { parseThresholdRule } from '../../judge/rules/text.ts';
import { requirePossibleRule } from '../judge/calibrate.ts';

type Rules = { readonly [R in 'rule' | 'review']?: ThresholdRule };

/** The rules that are asked for, else those of the former bundle. Throws OPTION_INVALID before anything is written. */
export function rulesOf(asked: Rules, { threshold }: Pick<BundleManifest, 'threshold'>, split: Split): Rules {
  const rule = asked.rule ?? (threshold ? parseThresholdRule(threshold.rule) : undefined);
  const review = asked.review ?? (threshold?.review ? parseThresholdRule(threshold.review.rule) : undefined);
  for (const each of [rule, review]) requirePossibleRule(each, split);
  return { ...(rule && { rule }), ...(review && { review }) };
}
