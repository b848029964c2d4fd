/** The decision on a part from those on its views. It is OK only where all views are there and each is OK. */
import type { Decision } from '../../../../judge/decision.ts';
import type { NewInspection } from '../../../records/new-records.ts';
import { reasonOfPart } from './reasons.ts';

export interface JudgedView {
  readonly view: string;
  readonly inspection: Pick<NewInspection, 'decision' | 'score' | 'threshold' | 'reason'>;
}

export interface PartDecision {
  readonly decision: Decision;
  readonly reason: string;
  /** Place of the view that stands for the part. */
  readonly worst: number;
}

const badness: Readonly<Record<Decision, number>> = { OK: 0, REVIEW: 1, NG: 2 };

/** Of more views, such as patches of a web, only those are named that are not OK. */
const MOST_NAMED = 8;

/** How near to NG a score is, where thresholds differ. */
const nearness = ({ score, threshold }: JudgedView['inspection']): number => score - (threshold ?? 0);

/** `views` has at least one. `faults`: what else is wrong with them, such as `side missing`; then no part is OK. */
export function decidePart(views: readonly JudgedView[], faults: readonly string[], ngViews: number): PartDecision {
  const worst = views.reduce((best, { inspection }, i) => {
    const than = views[best]!.inspection;
    const more = badness[inspection.decision] - badness[than.decision];
    return more > 0 || (more === 0 && nearness(inspection) > nearness(than)) ? i : best;
  }, 0);
  const count = (decision: Decision): number => views.filter((one) => one.inspection.decision === decision).length;
  const isOk = faults.length === 0 && count('OK') === views.length;
  const decision = count('NG') >= ngViews ? 'NG' : isOk ? 'OK' : 'REVIEW';
  const named = views.length > MOST_NAMED ? views.filter(({ inspection }) => inspection.decision !== 'OK') : views;
  const unnamed = views.length - named.length;
  const said = named.map(({ view, inspection }) => `${view} ${inspection.decision}`);
  if (unnamed > 0) said.push(`${unnamed}${named.length > 0 ? ' others' : ''} OK`);
  const own = views[worst]!.inspection.reason;
  const reason = reasonOfPart([...said, ...faults], own === null ? '' : `; ${views[worst]!.view}: ${own}`);
  return { decision, reason, worst };
}
