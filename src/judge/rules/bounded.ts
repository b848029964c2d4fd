/**
 * Rules that bound a rate. `recall` and `good-only` bound it for new parts by the split-conformal quantile (Vovk et al. 2005; Lei et al.
 * 2018): of n exchangeable scores and one new one, each of the n + 1 ranks is as likely for the new one.
 */
import { FelfriError } from '../../core/errors.ts';
import type { Labelled } from '../operating-points.ts';
import { candidatesOf, scoresOf, usualGood } from './candidates.ts';
import { placeWithin } from './place.ts';
import type { Choice, RuleOf } from './rule.ts';

// what is whole but for rounding must not become the next whole number
const wholeOrAbove = (x: number): number => Math.ceil(x - 1e-9);
const wholeOrBelow = (x: number): number => Math.floor(x + 1e-9);

/** Defective images from which `recall` holds for new parts; null where no number is enough. */
function defectiveNeeded(atLeast: number): number | null {
  return atLeast === 1 ? null : wholeOrAbove(1 / (1 - atLeast) - 1);
}

/** Good images from which `good-only` holds for new parts. */
function goodNeeded(atMost: number): number {
  return wholeOrAbove(1 / atMost - 1);
}

/** Below the defective score of rank floor((n + 1)(1 - R)), lowest first; below the lowest where n is too small for a promise. */
export function recallOf({ atLeast }: RuleOf<'recall'>, data: Labelled): Choice {
  const { good, defective, all, place } = candidatesOf(data);
  const rank = wholeOrBelow((defective + 1) * (1 - atLeast));
  const found = defective + 1 - Math.max(1, rank);
  const chosen = all.find(({ tp }) => tp >= found)!;
  const seen = `Finds ${chosen.tp} of the ${defective} defective images that it was chosen on at the price of ${chosen.fp} false alarms among ${good} good ones.`;
  const needed = defectiveNeeded(atLeast);
  const promise =
    rank >= 1
      ? `Of new defective parts like these, at least ${atLeast} are expected to be found (split-conformal, rank ${rank} of ${defective}), averaged over such calibrations.`
      : `That ${atLeast} of new defective parts are found cannot be promised ${needed === null ? 'from any number of images' : `from fewer than ${needed} defective images`}: a new one may score below all of these.`;
  return { threshold: place(chosen), statement: `${seen} ${promise}` };
}

/** The lowest threshold that keeps the bound on the images that it was chosen on. */
export function fewFalseAlarms({ atMost }: RuleOf<'false-alarms'>, data: Labelled): Choice {
  const { good, defective, all, place } = candidatesOf(data);
  const chosen = all.findLast(({ fp }) => fp / good <= atMost)!;
  return {
    threshold: place(chosen),
    statement: `Calls ${chosen.fp} of the ${good} good images that it was chosen on defective (at most ${atMost} was asked for) and finds ${chosen.tp} of ${defective} defective ones; on other parts there can be more false alarms.`,
  };
}

/** Spreads that `good-only` keeps above its quantile, which has the false alarms of new parts in it already. */
const ABOVE_QUANTILE = 0.1;

/** Above the good score of rank ceil((n + 1)(1 - F)), lowest first: "score >= threshold" must leave out ties with it. */
export function goodOnly({ atMost }: RuleOf<'good-only'>, data: Labelled): Choice {
  const scores = scoresOf(data, 0);
  const n = scores.length;
  const rank = wholeOrAbove((n + 1) * (1 - atMost));
  if (rank > n) {
    throw new FelfriError(
      'DATASET_TOO_SMALL',
      `got ${n} good calibration parts; a bound of ${atMost} on false alarms needs at least ${goodNeeded(atMost)}: add good parts or allow more false alarms`,
      { subject: 'rule' },
    );
  }
  const below = scores[rank - 1]!;
  const above = Float64Array.from(data.scores).filter((score) => score > below);
  const at = above.length === 0 ? null : above.reduce((least, score) => Math.min(least, score));
  return {
    threshold: placeWithin({ below, at }, { usual: usualGood(data), spreads: ABOVE_QUANTILE }),
    statement: `Of good parts like the ${n} that it was chosen on, at most ${atMost} are expected to raise a false alarm (split-conformal, rank ${rank} of ${n}), averaged over such calibrations; it promises nothing about recall.`,
  };
}
