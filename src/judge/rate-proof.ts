/** What parts, each counted once, prove of a rate of errors that must stay below a limit. */
import { proofOf, trialsNeeded } from './sample-size.ts';

/** A rate of errors of one kind, with the limit that it shall be shown to keep. */
export interface RateGoal {
  /** Such as 'slip'. */
  readonly name: string;
  /** What is counted, such as 'defective part'. */
  readonly part: string;
  /** What went wrong with it, such as 'missed'. */
  readonly error: string;
  /** Between 0 and 1. */
  readonly limit: number;
  /** One-sided, between 0 and 1. */
  readonly confidence: number;
}

export interface RateProof {
  /** One-sided upper bound of the rate, rounded up; 1 without parts. */
  readonly atMost: number;
  readonly proven: boolean;
  /** Parts that it takes where no error happens. */
  readonly needed: number;
  /** In two sentences or one. */
  readonly text: string;
}

const percent = (value: number): string => `${Number((value * 100).toPrecision(6))} %`;
const counted = (count: number, what: string): string =>
  `${count.toLocaleString('en-GB')} ${what}${count === 1 ? '' : 's'}`;

/** @throws FelfriError OPTION_INVALID for a limit or a confidence outside 0..1. */
export function rateProof({ name, part, error, limit, confidence }: RateGoal, wrong: number, parts: number): RateProof {
  const goal = { rate: 1 - limit, confidence };
  const { bound, proven } = proofOf(goal, { trials: parts, failures: wrong });
  // rounded to the side on which it still holds
  const atMost = Math.min(1, Math.ceil((1 - bound) * 1e4 - 1e-9) / 1e4);
  const needed = trialsNeeded(goal);
  const seen = `${wrong === 0 ? 'none' : wrong.toLocaleString('en-GB')} of ${counted(parts, part)} ${wrong > 1 ? 'were' : 'was'} ${error}`;
  const shows = `With ${percent(confidence)} confidence the ${name} is at most ${percent(atMost)} (${seen})`;
  return {
    atMost,
    proven,
    needed,
    text: proven
      ? `${shows}: the limit of ${percent(limit)} is shown to be kept.`
      : `${parts === 0 ? `There was no ${part}` : shows}: the limit of ${percent(limit)} is not shown to be kept, which takes ${counted(needed, part)} of which none is ${error}, or more with some.`,
  };
}
