/** The interval of a mean AUROC over several test sets, and of the difference of two, by part group. */
import { Random } from '../core/random.ts';
import { checkConfidence, type Interval, quantile } from './intervals.ts';
import { aurocOfRanks, type Labelled, operatingPoints } from './operating-points.ts';

/** The judged images of one sequence. */
export interface JudgedImages extends Labelled {
  /** Names of the images: sequences with the same names are judged on the same images. */
  readonly names: readonly string[];
  readonly partGroups: readonly string[];
}

/** Images by part group, as indices. */
function members(partGroups: readonly string[]): number[][] {
  const groups = new Map<string, number[]>();
  partGroups.forEach((group, i) => {
    const own = groups.get(group);
    if (own) own.push(i);
    else groups.set(group, [i]);
  });
  return [...groups.values()];
}

/** A function from how often each image was drawn to the AUROC of the drawn ones, NaN when they are of one kind. */
function weightedAuroc(images: JudgedImages): (weights: Uint32Array) => number {
  const { labels, scores } = images;
  // highest score first, ties at one rank
  const rankOf = new Map(operatingPoints(images).points.map(({ threshold }, rank) => [threshold, rank]));
  const rank = Uint32Array.from(scores, (score) => rankOf.get(score)!);
  return (weights) => {
    const good = new Float64Array(rankOf.size);
    const defective = new Float64Array(rankOf.size);
    weights.forEach((weight, i) => {
      (labels[i] === 1 ? defective : good)[rank[i]!]! += weight;
    });
    return aurocOfRanks(good, defective);
  };
}

/**
 * Percentile bootstrap of a weighted sum of the sequences' AUROC (Efron 1979). Whole part groups are drawn with replacement within each
 * test set; sequences that are judged on the same images share each draw. It tells how far other judged parts may lead from the
 * sum. How far other trainings may it does not tell: that is the spread over the sequences. Null when a test set has fewer than two
 * part groups with a good, or fewer than two with a defective image.
 */
function bootstrapAurocSum(
  sequences: readonly (JudgedImages & { readonly factor: number })[],
  { seed = 0, resamples = 1000, confidence = 0.95 }: { seed?: number; resamples?: number; confidence?: number },
): Interval | null {
  checkConfidence(confidence);
  const sets = new Map<string, (JudgedImages & { readonly factor: number })[]>();
  for (const sequence of sequences) {
    const key = JSON.stringify(sequence.names);
    sets.set(key, [...(sets.get(key) ?? []), sequence]);
  }
  const draws = [...sets.values()].map((alike) => {
    const [first] = alike;
    const groups = members(first!.partGroups);
    const holding = (label: number) => groups.filter((own) => own.some((i) => first!.labels[i] === label)).length;
    const areas = alike.map((images) => {
      const area = weightedAuroc(images);
      return (weights: Uint32Array) => images.factor * area(weights);
    });
    return { groups, enough: holding(0) >= 2 && holding(1) >= 2, areas };
  });
  if (draws.length === 0 || draws.some(({ enough }) => !enough)) return null;
  const random = Random.of(seed, 'bootstrap-mean-auroc');
  const sums = Float64Array.from({ length: resamples }, () => {
    let sum = 0;
    for (const { groups, areas } of draws) sum += drawSum(groups, areas, random);
    return sum;
  }).sort();
  const tail = (1 - confidence) / 2;
  return { low: quantile(sums, tail), high: quantile(sums, 1 - tail) };
}

type Options = Parameters<typeof bootstrapAurocSum>[1];

/**
 * Interval of the mean of the sequences' AUROC, by part group (see `bootstrapAurocSum`).
 *
 * @throws FelfriError SCORES_INVALID as `auroc`; OPTION_INVALID for a confidence outside 0..1.
 */
export function bootstrapMeanAuroc(sequences: readonly JudgedImages[], options: Options = {}): Interval | null {
  const factor = 1 / sequences.length;
  return bootstrapAurocSum(
    sequences.map((images) => ({ ...images, factor })),
    options,
  );
}

/**
 * Interval of the mean AUROC of one detector's sequences less that of another's, by part group. Images that both judged are drawn
 * together, so what makes a draw hard for both cancels out. Arguments and errors as `bootstrapMeanAuroc`.
 */
export function bootstrapAurocDifference(
  one: readonly JudgedImages[],
  other: readonly JudgedImages[],
  options: Options = {},
): Interval | null {
  if (one.length === 0 || other.length === 0) return null;
  return bootstrapAurocSum(
    [
      ...one.map((images) => ({ ...images, factor: 1 / one.length })),
      ...other.map((images) => ({ ...images, factor: -1 / other.length })),
    ],
    options,
  );
}

/** The sum of the AUROCs on one draw of part groups that holds both kinds. */
function drawSum(groups: readonly number[][], areas: readonly ((w: Uint32Array) => number)[], random: Random): number {
  const images = groups.reduce((count, own) => count + own.length, 0);
  for (;;) {
    const weights = new Uint32Array(images);
    for (let draw = 0; draw < groups.length; draw++) {
      for (const i of random.pick(groups)) weights[i]!++;
    }
    const sum = areas.reduce((total, area) => total + area(weights), 0);
    if (!Number.isNaN(sum)) return sum;
  }
}
