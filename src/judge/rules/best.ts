/** Rules that ask for the best threshold by some measure: accuracy, F1, cost. They promise nothing for other parts. */
import type { Labelled } from '../operating-points.ts';
import { type Candidate, candidatesOf } from './candidates.ts';
import type { Choice, RuleOf } from './rule.ts';

/** Merits that differ by rounding alone are equal. */
const ROUNDING = 1e-12;

/** The candidate of largest merit: of equals the first and highest, or the last, which finds most. */
function best(
  candidates: readonly [Candidate, ...Candidate[]],
  merit: (candidate: Candidate) => number,
  ofEquals: 'highest' | 'lowest',
): Candidate {
  let chosen = candidates[0];
  for (const other of candidates) {
    const [before, now] = [merit(chosen), merit(other)];
    const rounding = ROUNDING * Math.max(Math.abs(before), Math.abs(now));
    if (ofEquals === 'highest' ? now > before + rounding : now >= before - rounding) chosen = other;
  }
  return chosen;
}

/** Of equally accurate thresholds the highest, by which the paper's tables are made. */
export function mostAccurate(_: RuleOf<'accuracy'>, data: Labelled): Choice {
  const { good, defective, all, place } = candidatesOf(data);
  const chosen = best(all, ({ tp, fp }) => tp - fp, 'highest');
  const right = chosen.tp + good - chosen.fp;
  return {
    threshold: place(chosen),
    statement: `No other threshold decides more of the ${good + defective} images that it was chosen on rightly (${right}); it promises no rate for other parts.`,
  };
}

/** Of equals the lowest, which misses least. */
export function highestF1(_: RuleOf<'f1'>, data: Labelled): Choice {
  const { good, defective, all, place } = candidatesOf(data);
  const f1 = ({ tp, fp }: Candidate): number => (2 * tp) / (tp + fp + defective);
  const chosen = best(all, f1, 'lowest');
  return {
    threshold: place(chosen),
    statement: `No other threshold has a higher F1 on the ${good + defective} images that it was chosen on (${f1(chosen).toFixed(3)}); it promises no rate for other parts.`,
  };
}

/** Misses and false alarms times their cost; with a share given, as expected of one part of the line. Of equals the lowest, which misses least. */
export function cheapest(rule: RuleOf<'cost'>, data: Labelled): Choice {
  const { good, defective, all, place } = candidatesOf(data);
  const images = good + defective;
  const share = rule.defectiveShare ?? defective / images;
  const cost = ({ tp, fp }: Candidate): number =>
    (rule.miss * share * (defective - tp)) / defective + (rule.falseAlarm * (1 - share) * fp) / good;
  const chosen = best(all, (candidate) => -cost(candidate), 'lowest');
  const each = Number(cost(chosen).toPrecision(4));
  const line =
    rule.defectiveShare === null
      ? `${each} an image, with ${defective} defective of ${images}`
      : `${each} a part where ${rule.defectiveShare} of the parts are defective`;
  return {
    threshold: place(chosen),
    statement: `No other threshold is cheaper on the ${images} images that it was chosen on: it misses ${defective - chosen.tp} of ${defective} defective ones (cost ${rule.miss} each) and calls ${chosen.fp} of ${good} good ones defective (cost ${rule.falseAlarm} each), in all ${line}; on other parts the cost can be higher.`,
  };
}
