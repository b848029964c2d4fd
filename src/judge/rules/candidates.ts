/** The thresholds that a rule chooses from: one for each way in which calibration images can be told apart by their scores. */
import { countClasses, type Labelled, type OperatingPoint, operatingPoints } from '../operating-points.ts';
import { type Gap, placeWithin } from './place.ts';

/** What happens at every threshold within a gap. */
export interface Candidate extends Pick<OperatingPoint, 'tp' | 'fp'> {
  readonly gap: Gap;
}

export interface Candidates {
  readonly good: number;
  readonly defective: number;
  /** From the highest, which calls nothing defective, to the lowest, which calls everything so. */
  readonly all: readonly [Candidate, ...Candidate[]];
  /** The threshold within a candidate's gap. */
  readonly place: (candidate: Candidate) => number;
}

/** Throws SCORES_INVALID as `operatingPoints`: both good and defective images are needed. */
export function candidatesOf(data: Labelled): Candidates {
  const { good, defective, points } = operatingPoints(data);
  const usual = usualGood(data);
  const called = points.map(({ threshold, tp, fp }, i) => ({
    tp,
    fp,
    gap: { at: threshold, below: points[i + 1]?.threshold ?? null },
  }));
  const nothing = { tp: 0, fp: 0, gap: { at: null, below: points[0]!.threshold } };
  return { good, defective, all: [nothing, ...called], place: ({ gap }) => placeWithin(gap, { usual }) };
}

/** The scores of the good (label 0) or defective (1) images, lowest first. Throws SCORES_INVALID as `countClasses`. */
export function scoresOf(data: Labelled, label: 0 | 1): Float64Array {
  countClasses(data);
  return Float64Array.from(data.scores)
    .filter((_, i) => data.labels[i] === label)
    .sort();
}

/** The median score of the good images; null without any. */
export function usualGood(data: Labelled): number | null {
  const scores = scoresOf(data, 0);
  return scores[scores.length >> 1] ?? null;
}
