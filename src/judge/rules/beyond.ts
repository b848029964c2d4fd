/** The rule that leaves room above all good scores. It promises no rate, so it is for NG where a lower threshold leaves the rest to REVIEW. */
import { FelfriError } from '../../core/errors.ts';
import type { Labelled } from '../operating-points.ts';
import { scoresOf, usualGood } from './candidates.ts';
import { placeBeyond } from './place.ts';
import type { Choice, RuleOf } from './rule.ts';

export function beyondGood({ spreads }: RuleOf<'beyond-good'>, data: Labelled): Choice {
  const scores = scoresOf(data, 0);
  const highest = scores.at(-1);
  if (highest === undefined) {
    throw new FelfriError('DATASET_TOO_SMALL', 'got no good calibration image; beyond-good needs at least one', {
      subject: 'rule',
    });
  }
  const times = spreads === 1 ? 'as far' : `${spreads} times as far`;
  // of two scores the upper median is the highest
  const usual = scores.length === 2 ? scores[0]! : usualGood(data);
  const images = scores.length === 1 ? 'the one good image' : `the ${scores.length} good images`;
  const than = highest === usual ? 'from 0, since no other score tells a spread' : 'above their median';
  return {
    threshold: placeBeyond(highest, { usual, spreads }),
    statement: `Stands ${times} above the highest score of ${images} that it was chosen on as that lies ${than}; it promises no rate for other parts.`,
  };
}
