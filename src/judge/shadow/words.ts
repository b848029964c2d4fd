/** What the parts that a shadow judged prove, and what they do not, in sentences for report and page. */
import { proofOf } from '../sample-size.ts';
import type { ShadowComparison } from './comparison.ts';

const CONFIDENCE = 0.95;

const percent = (value: number): string => `${Number((value * 100).toPrecision(6))} %`;
const number = (value: number): string => value.toLocaleString('en-GB');

/** One-sided upper bound with 95 % confidence, rounded to the side on which it still holds; 1 without parts. */
export function atMost(count: number, total: number): number {
  // of the bound alone, which the rate that is asked about does not change
  const { bound } = proofOf({ rate: 0.5, confidence: CONFIDENCE }, { trials: total, failures: count });
  return Math.min(1, Math.ceil((1 - bound) * 1e4 - 1e-9) / 1e4);
}

function bounded(of: string, what: string, count: number, total: number): string {
  const seen = `${count === 0 ? 'none' : number(count)} of ${number(total)}`;
  return `With ${percent(CONFIDENCE)} confidence at most ${percent(atMost(count, total))} of ${of} ${what} (${seen}).`;
}

/** In full sentences; the last ones say what is not shown. */
export function shadowProof({ table, changed, verdicts }: ShadowComparison): string[] {
  const { missed, falseAlarms } = verdicts.deciding;
  const [ok, ng] = [table.OK, table.NG];
  const sum = ({ OK, REVIEW, NG }: typeof ok): number => OK + REVIEW + NG;
  const lines = [
    ...(changed.total > 0 ? [bounded('such parts', 'are decided otherwise', changed.count, changed.total)] : []),
    ...(sum(ng) > 0 ? [bounded('such parts that are NG', 'would have passed', ng.OK, sum(ng))] : []),
    ...(sum(ok) > 0 ? [bounded('such parts that are OK', 'would not have passed', ok.REVIEW + ok.NG, sum(ok))] : []),
  ];
  if (changed.total === 0) lines.push('No part was judged by both, so nothing is shown.');
  if (missed.total + falseAlarms.total === 0)
    lines.push('Nobody gave a verdict on these parts, so it cannot be said which recipe is right.');
  else
    lines.push(
      'NG and REVIEW get verdicts, OK hardly ever: so what the deciding recipe missed is hardly among those with a verdict.',
    );
  lines.push(
    'It says nothing of parts that were not seen: other defects, products, light or cameras, and parts that the shadow did not judge. That both decide alike does not show that they are right.',
  );
  return lines;
}
