/** Both thresholds of a bundle: NG, and where it is wanted and of use REVIEW below it; and what a person should know of them. */
import { FelfriError } from '../../core/errors.ts';
import type { Split } from '../../data/split.ts';
import { countClasses, type Labelled } from '../operating-points.ts';
import { trialsNeeded } from '../sample-size.ts';
import { type ChosenThreshold, chooseThreshold } from './choose.ts';
import { defaultRules, type RulePair } from './default.ts';
import { fewImages } from './few-images.ts';
import type { ThresholdRule } from './rule.ts';
import { rowOf } from './table.ts';
import { formatThresholdRule } from './text.ts';

export interface Limits {
  readonly ng: ChosenThreshold;
  readonly review?: ChosenThreshold;
  /** Sentences on what the thresholds will not do, though one might think so. */
  readonly warnings: readonly string[];
}

/** Confidence of a rate that is called shown. */
const CONFIDENCE = 0.95;

const atOrAbove = (data: Labelled, label: 0 | 1, threshold: number): number =>
  Array.from(data.scores).filter((score, i) => data.labels[i] === label && score >= threshold).length;

const alike = (data: Labelled, some: number, other: number): boolean =>
  Array.from(data.scores).every((score) => score >= some === score >= other);

/**
 * The second threshold, where there is need of one: where NG already calls as many defective images as a rule of recall asks REVIEW to, there is
 * nothing to look at again. Throws OPTION_INVALID where the two rules are the wrong way round.
 */
function needed(ng: ChosenThreshold, review: ChosenThreshold, data: Labelled): ChosenThreshold | undefined {
  if (review.threshold < ng.threshold) return review;
  if (alike(data, review.threshold, ng.threshold)) return undefined;
  if (review.rule.kind === 'recall' && ng.rule.kind !== 'recall') return undefined;
  const [lower, upper] = [review, ng].map(({ rule }) => formatThresholdRule(rule));
  throw new FelfriError(
    'OPTION_INVALID',
    `the rule ${lower} puts REVIEW at ${review.threshold}, above NG at ${ng.threshold} by ${upper}; legal is a review threshold not above ` +
      'the other: ask for more false alarms by --review, or swap the two rules. The bundle is as it was',
    { subject: 'review' },
  );
}

const percent = (rate: number): string => `${Number((100 * rate).toPrecision(4))} %`;

/** That so few images cannot show the rate that a rule asks for; null where they can, or where the rule bounds none. */
function tooFew(rule: ThresholdRule, data: Labelled): string | null {
  const bound = rowOf(rule).bound(rule);
  if (bound === null) return null;
  const count = countClasses(data)[bound.of];
  const asked =
    bound.of === 'defective' ? `a recall of ${percent(1 - bound.atMost)}` : `${percent(bound.atMost)} false alarms`;
  const start = `${formatThresholdRule(rule)}: ${count} ${bound.of} images cannot show ${asked}`;
  if (bound.atMost === 0) return `${start}, and no number can; it holds for these images alone`;
  const enough = trialsNeeded({ rate: 1 - bound.atMost, confidence: CONFIDENCE });
  const none = bound.of === 'defective' ? 'none missed' : 'no false alarm';
  return count >= enough
    ? null
    : `${start}; ${enough} are needed, with ${none} among them, for ${percent(CONFIDENCE)} confidence`;
}

/** Whether a good image is OK below the threshold, or there is none to say. */
const passes = (threshold: number, data: Labelled): boolean => {
  const { good } = countClasses(data);
  return good === 0 || atOrAbove(data, 0, threshold) < good;
};

const few = (data: Labelled): string[] => {
  const { good, defective } = countClasses(data);
  return [...fewImages('good', good), ...fewImages('defective', defective)];
};

function warningsOf(
  asked: Partial<RulePair>,
  ng: ChosenThreshold,
  review: ChosenThreshold | undefined,
  data: Labelled,
): string[] {
  const { good, defective } = countClasses(data);
  const warnings = [asked.rule, asked.review].flatMap((rule) => (rule && tooFew(rule, data)) ?? []);
  warnings.push(...few(data));
  if (asked.review && !review) {
    warnings.push(
      `no image will be for REVIEW: NG by ${formatThresholdRule(ng.rule)} calls all of them that ${formatThresholdRule(asked.review)} asks for`,
    );
  }
  const passed = defective - atOrAbove(data, 1, review?.threshold ?? ng.threshold);
  if (defective > 0 && atOrAbove(data, 1, ng.threshold) === 0) {
    const fate = passed === 0 ? 'all are for REVIEW' : `${passed} are OK`;
    warnings.push(`NG finds none of the ${defective} defective calibration images, a recall of 0; ${fate}`);
  }
  if (!passes(ng.threshold, data)) {
    warnings.push(`all ${good} good calibration images are NG: nothing would pass`);
  }
  return warnings;
}

/**
 * Chooses both thresholds by the rules that are asked for, or by `defaultRules` where none is. A rule for NG alone leaves REVIEW out.
 * Throws as `chooseThreshold`, and OPTION_INVALID where REVIEW would begin above NG.
 */
export function chooseLimits(asked: Partial<RulePair>, data: Labelled, protocol: Split['protocol'] = 'honest'): Limits {
  const usual = defaultRules(data, protocol);
  const rule = asked.rule ?? usual.rule;
  const reviewRule = asked.review ?? (asked.rule ? undefined : usual.review);
  const chosen = chooseThreshold(rule, data);
  const review = reviewRule && needed(chosen, chooseThreshold(reviewRule, data), data);
  const needless =
    reviewRule && !review ? ` It keeps ${formatThresholdRule(reviewRule)} too, so that no image is for REVIEW.` : '';
  // told where the threshold is told of, too: in the summary, the report and on the page of a training
  const left = few(data).map((sentence) => ` ${sentence}.`);
  const ng = { ...chosen, statement: [chosen.statement, needless, ...left].join('') };
  const open = passes(review?.threshold ?? ng.threshold, data)
    ? ''
    : ' None of the good images that it was chosen on would be OK.';
  return {
    ng,
    ...(review && { review: { ...review, statement: review.statement + open } }),
    warnings: warningsOf(asked, ng, review, data),
  };
}
