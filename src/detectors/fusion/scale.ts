/**
 * The scale on which the scores of different detectors can be compared: how rarely a good part scores so high, as minus the decimal
 * logarithm of that share. 1 is one good part in ten, 2 one in a hundred.
 *
 * The share is that of a logistic distribution with the median and the upper decile of good images: a few good images fix two quantiles
 * where they do not fix a tail, outliers beyond the decile move neither, and scores far beyond every good image still differ, which ranks
 * among the good ones would not let them. Scores are taken where their tail is about exponential: a flow's as it is, being a negative
 * log-likelihood, a probability as its logit. Normalising scores by robust quantiles before combining them: Jain, Nandakumar and Ross,
 * Score normalization in multimodal biometric systems (2005).
 */
import { FelfriError } from '../../core/errors.ts';
import { add, clip, div, log, mul, softplus, sub } from '../../engine/builders.ts';
import type { Value } from '../../engine/graph.ts';

/** What is made of a score before it is compared: nothing, or the logit of a probability. */
export type ScoreForm = 'raw' | 'logit';

export interface ScoreScale {
  readonly form: ScoreForm;
  /** Of good images, after the form. */
  readonly median: number;
  /** Of the logistic distribution: (upper decile - median) / ln 9. */
  readonly spread: number;
  /** By which the score is multiplied after that, where two add up but do not count alike; 1 unless told. */
  readonly weight?: number;
}

/** Fewer good images say nothing about their upper decile. */
const FEWEST_GOOD = 5;

/**
 * Probabilities nearer to 0 or 1 than this are not told apart: nearer to 1, the rounding of float32 on another machine would move the logit
 * visibly. A power of two, so that one minus it is exact.
 */
const NEAREST = 2 ** -14;

const DECILE = 0.9;

function formed(score: number, form: ScoreForm): number {
  if (form === 'raw') return score;
  const p = Math.min(Math.max(score, NEAREST), 1 - NEAREST);
  return Math.log(p) - Math.log(1 - p);
}

/** Good images that hardly differ must not make every other image count as unheard of. */
function leastSpread(form: ScoreForm, median: number): number {
  return form === 'logit' ? 0.25 : Math.max(0.01 * Math.abs(median), 1e-6);
}

/** Linear between the two nearest of the sorted values. */
function quantile(sorted: ArrayLike<number>, share: number): number {
  const at = (sorted.length - 1) * share;
  const low = Math.floor(at);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low]! + (sorted[high]! - sorted[low]!) * (at - low);
}

/** The scale that the scores of good images set. Throws DATASET_TOO_SMALL below five of them. */
export function scaleOf(good: readonly number[], form: ScoreForm): ScoreScale {
  if (good.length < FEWEST_GOOD) {
    throw new FelfriError(
      'DATASET_TOO_SMALL',
      `got ${good.length} good images to set the scale of a score on; legal are at least ${FEWEST_GOOD}, and 30 or more make it firm`,
    );
  }
  const sorted = Float64Array.from(good, (score) => formed(score, form)).sort();
  const median = quantile(sorted, 0.5);
  const spread = (quantile(sorted, DECILE) - median) / Math.log(DECILE / (1 - DECILE));
  return { form, median, spread: Math.max(spread, leastSpread(form, median)) };
}

/** A score on the common scale, from 0 up; 0.30 at the median of good images, 1 at their upper decile. */
export function standardScore(score: number, { form, median, spread, weight = 1 }: ScoreScale): number {
  const x = (formed(score, form) - median) / spread;
  // ln(1 + e^x), without overflow
  return (weight * (Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))))) / Math.LN10;
}

/** The same within a graph, of a scalar. */
export function standardised(score: Value, { form, median, spread, weight = 1 }: ScoreScale): Value {
  const p = form === 'logit' ? clip(score, NEAREST, 1 - NEAREST) : score;
  const taken = form === 'logit' ? sub(log(p), log(sub(1, p))) : p;
  // a clip may take what is not finite for the end of its range
  return add(mul(softplus(div(sub(taken, median), spread)), weight / Math.LN10), mul(score, 0));
}
