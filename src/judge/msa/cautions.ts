/** What a study of agreement proves, and what it falls short of. */
import { type RateProof, rateProof } from '../rate-proof.ts';
import type { AgreementStudy, AppraiserAgreement } from './agreement.ts';
import { customaryLimits } from './limits.ts';

/** Parts, trials and share of limit samples that a study is usually made with. */
const usual = { parts: 50, trials: 3, limit: { low: 0.3, high: 0.5 } };

/** What an appraiser's parts prove of the two limits; null without references. */
export function proofsOf(
  { against }: AppraiserAgreement,
  confidence: number,
): Record<'miss' | 'falseAlarm', RateProof> | null {
  if (!against) return null;
  const [miss, alarm] = [against.miss.parts, against.falseAlarm.parts];
  return {
    miss: rateProof(
      {
        name: 'miss rate',
        part: 'defective part',
        error: 'missed',
        limit: customaryLimits.miss.acceptable,
        confidence,
      },
      miss.count,
      miss.total,
    ),
    falseAlarm: rateProof(
      {
        name: 'false alarm rate',
        part: 'good part',
        error: 'kept out',
        limit: customaryLimits.falseAlarm.acceptable,
        confidence,
      },
      alarm.count,
      alarm.total,
    ),
  };
}

/** What a reader must know before believing the figures. */
export function cautionsOf({ parts, trials, appraisers, references, notes }: AgreementStudy): string[] {
  const lines = [...notes];
  if (parts < usual.parts) lines.push(`The study has ${parts} parts; ${usual.parts} are usual.`);
  if (trials < 2) lines.push('Each part came once, so nothing is known of repeats.');
  else if (trials < usual.trials) lines.push(`Each part came ${trials} times; ${usual.trials} are usual.`);
  if (!references)
    lines.push(
      'No part has a reference, so nothing is known of right and wrong: agreement alone is no proof of quality.',
    );
  else if (references.limit === null)
    lines.push('Nobody said which parts are limit samples. Clear parts alone flatter every appraiser.');
  else if (references.limit / parts < usual.limit.low)
    lines.push(
      `${references.limit} of ${parts} parts are limit samples; ${usual.limit.low * 100} to ${usual.limit.high * 100} % are usual, and fewer flatter every appraiser.`,
    );
  for (const { name, review, notInspected } of appraisers) {
    if (review > 0)
      lines.push(
        `${review} decisions of ${name} were REVIEW. They count as kept out: a person decides on such a part.`,
      );
    if (notInspected > 0)
      lines.push(`${notInspected} presentations to ${name} were not inspected. They count as kept out.`);
  }
  return lines;
}
