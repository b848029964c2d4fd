/** What two limits set by hand will not do, though a person might think so; shown where they are set, and again before they are saved. */
import type { Confusion } from '../../judge/metrics.ts';
import { fewImages } from '../../judge/rules/few-images.ts';
import { proofOf, trialsNeeded } from '../../judge/sample-size.ts';
import type { Tuning } from '../contract/tuning.ts';

/** The recall that is worth showing, and with which confidence. */
const goal = { rate: 0.95, confidence: 0.95 } as const;

const percent = (share: number): string => `${Math.floor(1000 * share) / 10} %`;

type Limits = Pick<Tuning, 'ng' | 'review' | 'good' | 'defective'>;

export function tuningWarnings({ ng, review, good, defective }: Limits, { tp, fn }: Confusion): string[] {
  const warnings: string[] = [];
  const known = tp + fn;
  const judged = good.ok + good.review + good.ng;
  if (review !== null && review >= ng) {
    warnings.push('REVIEW begins where NG does, so no part will ever be for REVIEW.');
  } else if (review !== null && good.review + defective.review === 0) {
    warnings.push('None of these images is for REVIEW.');
  }
  if (known > 0 && tp === 0) {
    const fate = defective.ok === 0 ? 'a person must find them all' : `${defective.ok} would pass as OK`;
    warnings.push(`NG finds none of the ${known} defective images, a recall of 0: ${fate}.`);
  }
  if (good.review + good.ng > 0 && good.ok === 0) warnings.push('No good image would be OK.');
  if (known > 0 && defective.ok === 0 && known < trialsNeeded(goal)) {
    const { bound } = proofOf(goal, { trials: known, failures: 0 });
    warnings.push(
      `None of ${known} defective images would pass as OK. So few show that ${percent(bound)} of such parts at least are found, with 95 % confidence; ` +
        `${trialsNeeded(goal)} would show 95 %.`,
    );
  }
  // of the threshold's own images and those judged at the line alike
  for (const sentence of fewImages('good', judged)) warnings.push(`${sentence}.`);
  if (defective.ok > 0) for (const sentence of fewImages('defective', known)) warnings.push(`${sentence}.`);
  return warnings;
}
