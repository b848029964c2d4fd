/**
 * From a rule to a threshold: how it is found, and what may be promised of it afterwards.
 * An image is called defective when score >= threshold. A rule sees the calibration images only, never the test set.
 */
import { FelfriError } from '../core/errors.ts';
import { countClasses, type Labelled, type OperatingPoint, operatingPoints } from './operating-points.ts';
import { formatThresholdRule, illegalRule, isLegalRule, type ThresholdRule } from './threshold-rule.ts';

export interface ChosenThreshold {
  readonly threshold: number;
  readonly rule: ThresholdRule;
  /** One sentence on what the threshold promises, and what it does not. */
  readonly statement: string;
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
  if (!isLegalRule(rule)) throw illegalRule(formatThresholdRule(rule));
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
    case 'cost':
      return cheapest(rule, candidates, { good, defective });
  }
}

/** Of each operating point, misses and false alarms times their cost; with a share given, as expected of one part of the line. */
function cheapest(
  rule: ThresholdRule & { kind: 'cost' },
  candidates: readonly OperatingPoint[],
  { good, defective }: { good: number; defective: number },
): ChosenThreshold {
  const images = good + defective;
  const share = rule.defectiveShare ?? defective / images;
  const cost = ({ tp, fp }: OperatingPoint): number =>
    (rule.miss * share * (defective - tp)) / defective + (rule.falseAlarm * (1 - share) * fp) / good;
  // costs that differ by rounding alone are equal, and the highest threshold of equal cost is taken
  const rounding = 1 - 1e-12;
  let point = candidates[0]!;
  for (const other of candidates) if (cost(other) < cost(point) * rounding) point = other;
  const each = Number(cost(point).toPrecision(4));
  const line =
    rule.defectiveShare === null
      ? `${each} an image, with ${defective} defective of ${images}`
      : `${each} a part where ${rule.defectiveShare} of the parts are defective`;
  return {
    threshold: point.threshold,
    rule,
    statement: `No other threshold is cheaper on the ${images} images that it was chosen on: it misses ${defective - point.tp} of ${defective} defective ones (cost ${rule.miss} each) and calls ${point.fp} of ${good} good ones defective (cost ${rule.falseAlarm} each), in all ${line}; on other parts the cost can be higher.`,
  };
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
