/**
 * How much each view of an image counts in the combined score. Which is best depends on the parts: the largest value of the places finds
 * a crack of a few pixels that the other views dilute, and textures are told by all views together. A closed set of weightings is
 * compared on calibration images, so that the score is never behind the closed form alone by more than chance.
 */
import { auroc, aurocDifferenceError } from '../../core/auroc.ts';

/** What is judged: the flow's map, the places of place.ts, the texture as a whole of whole.ts. */
export type ViewName = 'flow' | 'place' | 'whole';

interface Weighting {
  /** What it does, for people. */
  readonly title: string;
  readonly weights: Readonly<Partial<Record<ViewName, number>>>;
}

/** Of those that count all views the first is usual; how they were chosen: docs/experiments/flow.md. */
const weightings: readonly Weighting[] = [
  { title: 'flow, place twice and whole', weights: { flow: 1, place: 2, whole: 1 } },
  { title: 'flow, place and whole alike', weights: { flow: 1, place: 1, whole: 1 } },
  { title: 'flow and place alike', weights: { flow: 1, place: 1 } },
  { title: 'flow and whole alike', weights: { flow: 1, whole: 1 } },
  { title: 'flow alone', weights: { flow: 1 } },
];

/** The closed form, which is always compared. */
const closedForm: Weighting = { title: 'place alone, the closed form', weights: { place: 1 } };

/** By how many standard errors of the difference another weighting must be better than the first. */
const CLEARLY = 0.5;

/** Fewer defective or good calibration images choose nothing. */
const FEWEST = 3;

export interface ChosenWeighting {
  /** One for each view, together 1. */
  readonly weights: readonly number[];
  /** Which, and why, in a sentence. */
  readonly statement: string;
}

const weightsOf = ({ weights }: Weighting, views: readonly ViewName[]): number[] => {
  const sum = Object.values(weights).reduce((a, b) => a + b, 0);
  return views.map((view) => (weights[view] ?? 0) / sum);
};

/** The weightings of these views, the usual one first. */
function weightingsOf(views: readonly ViewName[]): Weighting[] {
  const ofAll = weightings.filter(
    ({ weights }) => Object.keys(weights).length === views.length && views.every((view) => weights[view]),
  );
  return views.includes('place') ? [...ofAll, closedForm] : ofAll;
}

/** The weights that are taken where nothing was compared. */
export const usualWeights = (views: readonly ViewName[]): number[] => weightsOf(weightingsOf(views)[0]!, views);

export const weighted = (values: ArrayLike<number>, weights: readonly number[]): number =>
  weights.reduce((sum, weight, i) => sum + weight * values[i]!, 0);

/** Images, each with one number of every view on the scale of good images. */
export interface JudgedViews {
  readonly views: readonly (readonly number[])[];
  readonly defective: readonly boolean[];
  /** In words, such as 'calibration part of fold 0 of 5'. */
  readonly of: string;
}

/** Chooses among the weightings by AUROC on calibration images, where there are both kinds; else the first. */
export function chooseWeighting(names: readonly ViewName[], { views, defective, of }: JudgedViews): ChosenWeighting {
  const candidates = weightingsOf(names);
  const first = candidates[0]!;
  const usual = { weights: weightsOf(first, names), statement: `Judged by ${first.title}` };
  if (candidates.length === 1) return { ...usual, statement: `${usual.statement}: nothing else was asked for.` };
  const bad = defective.filter(Boolean).length;
  if (Math.min(bad, defective.length - bad) < FEWEST) {
    return {
      ...usual,
      statement: `${usual.statement}, as usual: too few good or defective images (${of}) to compare.`,
    };
  }
  const measured = candidates.map((candidate) => {
    const weights = weightsOf(candidate, names);
    const scores = views.map((image) => weighted(image, weights));
    return { candidate, weights, scores, area: auroc(scores, defective) };
  });
  const [own, ...others] = measured as [(typeof measured)[0], ...typeof measured];
  const best = others.reduce((a, b) => (b.area > a.area ? b : a));
  const areas = `AUROC ${own.area.toFixed(3)} by ${first.title}, ${best.area.toFixed(3)} by ${best.candidate.title}, on the ${of}`;
  if (best.area - own.area > CLEARLY * aurocDifferenceError(best.scores, own.scores, defective)) {
    return { weights: best.weights, statement: `Judged by ${best.candidate.title}: ${areas}.` };
  }
  return { ...usual, statement: `${usual.statement}, as no other is clearly better: ${areas}.` };
}
