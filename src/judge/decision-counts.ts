/** What came of the decisions on judged images. */
import { FelfriError } from '../core/errors.ts';
import { decide } from './decision.ts';
import { clopperPearson, type Interval } from './intervals.ts';
import { countClasses, type Labelled } from './operating-points.ts';

/** `count` of `total` with its Clopper-Pearson interval; value and interval are null when `total` is 0. */
export interface Proportion {
  readonly value: number | null;
  readonly count: number;
  readonly total: number;
  readonly interval: Interval | null;
}

export function proportion(count: number, total: number, confidence: number): Proportion {
  return total === 0
    ? { value: null, count, total, interval: null }
    : { value: count / total, count, total, interval: clopperPearson(count, total, confidence) };
}

/** Images of one kind by decision. */
interface DecisionCounts {
  readonly ok: number;
  readonly review: number;
  readonly ng: number;
}

export interface ThreeWayEvaluation {
  /** The lower threshold: REVIEW from here to below the evaluation's `threshold`; null where pictures alone are for REVIEW. */
  readonly review: number | null;
  /** Of the images for REVIEW, those that are by their picture, whatever their score; absent where none is. */
  readonly pictures?: number;
  readonly good: DecisionCounts;
  readonly defective: DecisionCounts;
  /** Share of all judged images that go to a person. It depends on how many of them are defective. */
  readonly reviewLoad: Proportion;
  /** Share of the good images that go to a person: what a line of mostly good parts will see. */
  readonly reviewLoadOfGood: Proportion;
  /** Share of the defective images that are not OK: a person looking at REVIEW is taken to find them. */
  readonly recall: Proportion;
}

const keys = { OK: 'ok', REVIEW: 'review', NG: 'ng' } as const;

/** Labels and scores, and which images are for REVIEW by their picture, whatever their score: none unless told. */
export interface Decided extends Labelled {
  readonly ofPicture?: ArrayLike<boolean>;
}

/** Whether an image is NG: a score at or above the threshold, of a picture that is judged. */
export const isCalled = ({ scores, ofPicture }: Decided, i: number, threshold: number): boolean =>
  scores[i]! >= threshold && !ofPicture?.[i];

/** Counts the three decisions. Throws SCORES_INVALID as `confusion`, OPTION_INVALID unless review <= threshold. */
export function judgeDecisions(
  data: Decided,
  threshold: number,
  review: number | null,
  confidence: number,
): ThreeWayEvaluation {
  countClasses(data);
  if (review !== null && !(review <= threshold)) {
    throw new FelfriError(
      'OPTION_INVALID',
      `got ${review} for REVIEW and ${threshold} for NG; legal is a review threshold not above the other`,
      { subject: 'review' },
    );
  }
  const tally = (label: number): DecisionCounts => {
    const counts = { ok: 0, review: 0, ng: 0 };
    for (let i = 0; i < data.scores.length; i++) {
      if (data.labels[i] !== label) continue;
      const decision = data.ofPicture?.[i] ? 'REVIEW' : decide(data.scores[i]!, threshold, review);
      counts[keys[decision]]++;
    }
    return counts;
  };
  const good = tally(0);
  const defective = tally(1);
  const pictures = Array.from(data.ofPicture ?? []).filter(Boolean).length;
  const total = ({ ok, review, ng }: DecisionCounts): number => ok + review + ng;
  return {
    review,
    ...(pictures > 0 && { pictures }),
    good,
    defective,
    reviewLoad: proportion(good.review + defective.review, data.scores.length, confidence),
    reviewLoadOfGood: proportion(good.review, total(good), confidence),
    recall: proportion(defective.review + defective.ng, total(defective), confidence),
  };
}
