/** Intervals: how far a figure measured on so few parts can be from the truth. */
import { FelfriError } from '../core/errors.ts';
import { Random } from '../core/random.ts';
import { inverseRegularisedBeta } from './beta.ts';
import { aurocOfRanks, type Labelled, operatingPoints } from './operating-points.ts';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Throws OPTION_INVALID unless 0 < confidence < 1. */
export function checkConfidence(confidence: number): void {
  if (!(confidence > 0 && confidence < 1)) {
    throw new FelfriError('OPTION_INVALID', `got a confidence of ${confidence}; legal is a number between 0 and 1`, {
      subject: 'confidence',
    });
  }
}

/**
 * The exact binomial interval (Clopper and Pearson 1934): it covers the true rate with at least the stated confidence if the
 * trials are independent, and is wider than it need be rather than narrower. Images of one part are not quite independent.
 *
 * @param successes whole number, 0..trials.
 * @param trials whole number, at least 1.
 * @throws FelfriError OPTION_INVALID.
 */
export function clopperPearson(successes: number, trials: number, confidence = 0.95): Interval {
  checkConfidence(confidence);
  if (!Number.isInteger(successes) || !Number.isInteger(trials) || trials < 1 || successes < 0 || successes > trials) {
    throw new FelfriError(
      'OPTION_INVALID',
      `got ${successes} successes in ${trials} trials; legal are whole numbers with 0 <= successes <= trials and trials >= 1`,
    );
  }
  const tail = (1 - confidence) / 2;
  return {
    low: successes === 0 ? 0 : inverseRegularisedBeta(tail, successes, trials - successes + 1),
    high: successes === trials ? 1 : inverseRegularisedBeta(1 - tail, successes + 1, trials - successes),
  };
}

export interface BootstrapOptions {
  /** Part group of each image: images of one physical part are drawn together or not at all. */
  readonly partGroups: ArrayLike<string | number>;
  readonly seed: number;
  /** Default 1000. */
  readonly resamples?: number;
  /** Default 0.95. */
  readonly confidence?: number;
}

/**
 * Percentile bootstrap of the AUROC (Efron 1979) in which whole part groups are drawn with replacement. Draws without both
 * classes are drawn again. Null when fewer than two groups hold good, or fewer than two hold defective images: then a
 * resample says nothing about other parts.
 *
 * @throws FelfriError SCORES_INVALID as `auroc`, OPTION_INVALID for a wrong option.
 */
export function bootstrapAuroc(data: Labelled, options: BootstrapOptions): Interval | null {
  const { partGroups, seed, resamples = 1000, confidence = 0.95 } = options;
  checkConfidence(confidence);
  if (!Number.isInteger(resamples) || resamples < 1) {
    throw new FelfriError('OPTION_INVALID', `got ${resamples} resamples; legal is a whole number from 1 on`, {
      subject: 'resamples',
    });
  }
  if (partGroups.length !== data.scores.length) {
    throw new FelfriError(
      'SCORES_INVALID',
      `got ${partGroups.length} part groups for ${data.scores.length} scores; give one group per score`,
    );
  }
  const { labels, scores } = data;
  const rankOf = new Map(operatingPoints(data).points.map(({ threshold }, rank) => [threshold, rank]));
  const groupOf = new Map<string | number, number>();
  const members: number[][] = [];
  for (let i = 0; i < scores.length; i++) {
    const name = partGroups[i]!;
    const group = groupOf.get(name) ?? members.length;
    if (group === members.length) {
      groupOf.set(name, group);
      members.push([]);
    }
    members[group]!.push(i);
  }
  const holding = (label: number) => members.filter((images) => images.some((i) => labels[i] === label)).length;
  if (holding(0) < 2 || holding(1) < 2) return null;

  // ranks are fixed, so a resample is a pair of histograms over distinct scores and needs no sorting
  const random = Random.of(seed, 'bootstrap-auroc');
  const good = new Uint32Array(rankOf.size);
  const defective = new Uint32Array(rankOf.size);
  const rank = Uint32Array.from(scores, (score) => rankOf.get(score)!);
  const areas = new Float64Array(resamples);
  for (let done = 0; done < resamples; ) {
    good.fill(0);
    defective.fill(0);
    for (let draw = 0; draw < members.length; draw++) {
      for (const i of random.pick(members)) (labels[i] === 1 ? defective : good)[rank[i]!]!++;
    }
    const area = aurocOfRanks(good, defective);
    if (!Number.isNaN(area)) areas[done++] = area;
  }
  areas.sort();
  const tail = (1 - confidence) / 2;
  return { low: quantile(areas, tail), high: quantile(areas, 1 - tail) };
}

/** Quantile of ascending values with linear interpolation (NumPy's default). */
export function quantile(sorted: Float64Array, q: number): number {
  const position = q * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.ceil(position);
  return sorted[below]! + (position - below) * (sorted[above]! - sorted[below]!);
}

/** The middle of values in any order, or the mean of the two in the middle; NaN of none. */
export const median = (values: readonly number[]): number => quantile(Float64Array.from(values).sort(), 0.5);
