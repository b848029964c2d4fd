/**
 * Threshold rules as data: what is asked of the threshold, how it is found, and what may be promised of it afterwards.
 * An image is called defective when score >= threshold. A rule sees the calibration images only, never the test set.
 */
import { FelfriError } from '../core/errors.ts';
import { countClasses, type Labelled, type OperatingPoint, operatingPoints } from './operating-points.ts';

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
  | { readonly kind: 'good-only'; readonly atMost: number };

export interface ChosenThreshold {
  readonly threshold: number;
  readonly rule: ThresholdRule;
  /** One sentence on what the threshold promises, and what it does not. */
  readonly statement: string;
}

const legalRules = 'accuracy, f1, recall=0.95, false-alarms=0.01, good-only=0.05 (any number between 0 and 1)';

function illegal(got: string): FelfriError {
  return new FelfriError('OPTION_INVALID', `got the threshold rule "${got}"; legal are ${legalRules}`, {
    subject: 'rule',
  });
}

/** Reads `accuracy`, `f1`, `recall=R`, `false-alarms=F` or `good-only=F`. Throws OPTION_INVALID. */
export function parseThresholdRule(text: string): ThresholdRule {
  const [kind, number, ...rest] = text.trim().split('=');
  if (rest.length > 0) throw illegal(text);
  if (kind === 'accuracy' || kind === 'f1') {
    if (number !== undefined) throw illegal(text);
    return { kind };
  }
  const value = number === undefined || number.trim() === '' ? Number.NaN : Number(number);
  const rule: ThresholdRule | undefined =
    kind === 'recall'
      ? { kind, atLeast: value }
      : kind === 'false-alarms' || kind === 'good-only'
        ? { kind, atMost: value }
        : undefined;
  if (rule === undefined || !isLegal(rule)) throw illegal(text);
  return rule;
}

/** The text that `parseThresholdRule` reads. */
export function formatThresholdRule(rule: ThresholdRule): string {
  if (rule.kind === 'recall') return `recall=${rule.atLeast}`;
  if (rule.kind === 'false-alarms' || rule.kind === 'good-only') return `${rule.kind}=${rule.atMost}`;
  return rule.kind;
}

function isLegal(rule: ThresholdRule): boolean {
  if (rule.kind === 'recall') return rule.atLeast > 0 && rule.atLeast <= 1;
  if (rule.kind === 'false-alarms') return rule.atMost >= 0 && rule.atMost < 1;
  if (rule.kind === 'good-only') return rule.atMost > 0 && rule.atMost < 1;
  return true;
}

/**
 * Chooses a threshold. Among equally good ones the highest wins. Candidates are the distinct scores and, one step above
 * the highest, the threshold that calls nothing defective.
 *
 * @param data calibration images; `good-only` looks at the good ones only, and supposes that they show different parts.
 * @throws FelfriError SCORES_INVALID (see metrics.ts; `good-only` needs no defective image), OPTION_INVALID for a rule out
 *   of range, DATASET_TOO_SMALL when `good-only` has too few good images for its bound.
 */
export function chooseThreshold(rule: ThresholdRule, data: Labelled): ChosenThreshold {
  if (!isLegal(rule)) throw illegal(formatThresholdRule(rule));
  if (rule.kind === 'good-only') return chooseFromGood(rule, data);
  const { good, defective, points } = operatingPoints(data);
  const nothing: OperatingPoint = { threshold: nextAbove(points[0]!.threshold), tp: 0, fp: 0 };
  const candidates = [nothing, ...points];
  const all = `the ${good + defective} images that it was chosen on`;
  switch (rule.kind) {
    case 'accuracy': {
      const { threshold, tp, fp } = highest(candidates, ({ tp, fp }) => tp - fp);
      const right = tp + good - fp;
      return {
        threshold,
        rule,
        statement: `No other threshold decides more of ${all} rightly (${right}); it promises no rate for other parts.`,
      };
    }
    case 'f1': {
      const f1 = ({ tp, fp }: OperatingPoint) => (2 * tp) / (tp + fp + defective);
      const point = highest(candidates, f1);
      return {
        threshold: point.threshold,
        rule,
        statement: `No other threshold has a higher F1 on ${all} (${f1(point).toFixed(3)}); it promises no rate for other parts.`,
      };
    }
    case 'recall': {
      const { threshold, tp, fp } = points.find(({ tp }) => tp / defective >= rule.atLeast)!;
      return {
        threshold,
        rule,
        statement: `Finds ${tp} of the ${defective} defective images that it was chosen on (at least ${rule.atLeast} was asked for) at the price of ${fp} false alarms among ${good} good ones; on other parts the recall can be lower.`,
      };
    }
    case 'false-alarms': {
      const { threshold, tp, fp } = candidates.findLast(({ fp }) => fp / good <= rule.atMost)!;
      return {
        threshold,
        rule,
        statement: `Calls ${fp} of the ${good} good images that it was chosen on defective (at most ${rule.atMost} was asked for) and finds ${tp} of ${defective} defective ones; on other parts there can be more false alarms.`,
      };
    }
  }
}

/** The first, hence highest, of the candidates with the largest merit. */
function highest(candidates: readonly OperatingPoint[], merit: (point: OperatingPoint) => number): OperatingPoint {
  let best = candidates[0]!;
  for (const point of candidates) if (merit(point) > merit(best)) best = point;
  return best;
}

/** Split-conformal quantile (Vovk et al. 2005; Lei et al. 2018): above the score of rank ceil((n + 1)(1 - f)) of n good ones. */
function chooseFromGood(rule: ThresholdRule & { kind: 'good-only' }, data: Labelled): ChosenThreshold {
  countClasses(data);
  const scores = Float64Array.from(data.scores)
    .filter((_, i) => data.labels[i] === 0)
    .sort();
  const n = scores.length;
  // (n + 1)(1 - f) that is whole but for rounding must not be rounded up to the next rank
  const wholeOrAbove = (x: number) => Math.ceil(x - 1e-9);
  const rank = wholeOrAbove((n + 1) * (1 - rule.atMost));
  if (rank > n) {
    const needed = wholeOrAbove(1 / rule.atMost - 1);
    throw new FelfriError(
      'DATASET_TOO_SMALL',
      `got ${n} good calibration parts; a bound of ${rule.atMost} on false alarms needs at least ${needed}: add good parts or allow more false alarms`,
      { subject: 'rule' },
    );
  }
  return {
    // "score >= threshold" must mean "score > the quantile", or ties with it would break the bound
    threshold: nextAbove(scores[rank - 1]!),
    rule,
    statement: `Of good parts like the ${n} that it was chosen on, at most ${rule.atMost} are expected to raise a false alarm (split-conformal, rank ${rank} of ${n}), averaged over such calibrations; it promises nothing about recall.`,
  };
}

/** The next larger double: JSON can hold it, unlike Infinity. */
function nextAbove(x: number): number {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, x === 0 ? 0 : x);
  bits.setBigInt64(0, bits.getBigInt64(0) + (x < 0 ? -1n : 1n));
  return bits.getFloat64(0);
}
