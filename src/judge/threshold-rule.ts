/** Threshold rules as data: what is asked of a threshold, and how that is written. */
import { FelfriError } from '../core/errors.ts';

export type ThresholdRule =
  /** Highest accuracy: the paper's rule. */
  | { readonly kind: 'accuracy' }
  /** Highest F1. */
  | { readonly kind: 'f1' }
  /** Recall of at least `atLeast`, 0..1, with as few false alarms as that allows. */
  | { readonly kind: 'recall'; readonly atLeast: number }
  /** A false-alarm rate of at most `atMost`, 0..1, with as much recall as that allows. */
  | { readonly kind: 'false-alarms'; readonly atMost: number }
  /** From good images alone, an expected false-alarm rate of at most `atMost`, between 0 and 1. */
  | { readonly kind: 'good-only'; readonly atMost: number }
  /** Least total cost, in any unit above 0, of missed defective and falsely alarmed good parts. */
  | {
      readonly kind: 'cost';
      readonly miss: number;
      readonly falseAlarm: number;
      /** Share of defective parts on the line, between 0 and 1; null to take that of the images. */
      readonly defectiveShare: number | null;
    };

/** Every rule as it is written and what it asks for: what help texts list. */
export const ruleForms: readonly (readonly [form: string, meaning: string])[] = [
  ['accuracy', 'most images decided rightly'],
  ['f1', 'highest F1'],
  ['recall=R', 'at least the share R of defective images found, with as few false alarms as that allows'],
  ['false-alarms=F', 'at most the share F of good images called defective, with as much recall as that allows'],
  ['good-only=F', 'from good images alone, at most the share F of good parts expected to raise a false alarm'],
  ['cost=M:A[@D]', 'cheapest where a miss costs M and a false alarm A; D: share of defective parts on the line'],
];

const legalRules =
  'accuracy, f1, recall=0.95, false-alarms=0.01, good-only=0.05 (any number between 0 and 1), cost=100:1 or cost=100:1@0.02 (costs above 0, then the share of defective parts)';

/** The error for a rule that is none. */
export function illegalRule(got: string): FelfriError {
  return new FelfriError('OPTION_INVALID', `got the threshold rule "${got}"; legal are ${legalRules}`, {
    subject: 'rule',
  });
}

/** A number as text, or NaN for what is none; unlike Number, nothing is not 0. */
function numberOf(text: string | undefined): number {
  return text === undefined || text.trim() === '' ? Number.NaN : Number(text);
}

function parseCost(text: string | undefined): ThresholdRule {
  const [costs, share, ...beyond] = (text ?? '').split('@');
  const [miss, falseAlarm, ...more] = costs!.split(':');
  return {
    kind: 'cost',
    miss: beyond.length + more.length > 0 ? Number.NaN : numberOf(miss),
    falseAlarm: numberOf(falseAlarm),
    defectiveShare: share === undefined ? null : numberOf(share),
  };
}

/** Reads a rule as `ruleForms` writes it. Throws OPTION_INVALID. */
export function parseThresholdRule(text: string): ThresholdRule {
  const [kind, value, ...rest] = text.trim().split('=');
  if (rest.length > 0) throw illegalRule(text);
  if (kind === 'accuracy' || kind === 'f1') {
    if (value !== undefined) throw illegalRule(text);
    return { kind };
  }
  let rule: ThresholdRule;
  if (kind === 'recall') rule = { kind, atLeast: numberOf(value) };
  else if (kind === 'false-alarms' || kind === 'good-only') rule = { kind, atMost: numberOf(value) };
  else if (kind === 'cost') rule = parseCost(value);
  else throw illegalRule(text);
  if (!isLegalRule(rule)) throw illegalRule(text);
  return rule;
}

/** The text that `parseThresholdRule` reads. */
export function formatThresholdRule(rule: ThresholdRule): string {
  switch (rule.kind) {
    case 'accuracy':
    case 'f1':
      return rule.kind;
    case 'recall':
      return `recall=${rule.atLeast}`;
    case 'false-alarms':
    case 'good-only':
      return `${rule.kind}=${rule.atMost}`;
    case 'cost':
      return `cost=${rule.miss}:${rule.falseAlarm}${rule.defectiveShare === null ? '' : `@${rule.defectiveShare}`}`;
  }
}

/** Whether the rule's numbers are within their ranges. */
export function isLegalRule(rule: ThresholdRule): boolean {
  switch (rule.kind) {
    case 'accuracy':
    case 'f1':
      return true;
    case 'recall':
      return rule.atLeast > 0 && rule.atLeast <= 1;
    case 'false-alarms':
      return rule.atMost >= 0 && rule.atMost < 1;
    case 'good-only':
      return rule.atMost > 0 && rule.atMost < 1;
    case 'cost': {
      const { miss, falseAlarm, defectiveShare: share } = rule;
      const cost = (value: number): boolean => value > 0 && Number.isFinite(value);
      return cost(miss) && cost(falseAlarm) && (share === null || (share > 0 && share < 1));
    }
  }
}
