/**
 * How many parts prove a rate: the exact binomial test turned round. A success rate of at least r is proven with confidence c by n
 * independent trials of which k failed when so few failures would be seen in at most 1 - c of such tests at a rate of r, that is when
 * the lower one-sided Clopper-Pearson bound is at least r. (A two-sided interval of 95 % leaves 2.5 % on each side and so asks for more.)
 */
import { FelfriError } from '../core/errors.ts';
import { inverseRegularisedBeta, regularisedBeta } from './beta.ts';
import { checkConfidence } from './intervals.ts';

export interface Goal {
  /** The success rate to be proven, between 0 and 1: a recall, or one less a false-alarm rate. */
  readonly rate: number;
  /** One-sided, between 0 and 1. */
  readonly confidence: number;
}

/** Independent trials, and how many of them failed: defective parts and misses, or good parts and false alarms. */
export interface Trials {
  readonly trials: number;
  readonly failures: number;
}

/** Beyond this many trials a plan is none. */
const MOST_TRIALS = 1e9;

function checkGoal({ rate, confidence }: Goal): void {
  checkConfidence(confidence);
  if (!(rate > 0 && rate < 1)) {
    throw new FelfriError('OPTION_INVALID', `got a rate of ${rate} to be proven; legal is a number between 0 and 1`, {
      subject: 'rate',
    });
  }
}

function checkTrials({ trials, failures }: Trials): void {
  if (!Number.isInteger(trials) || !Number.isInteger(failures) || failures < 0 || trials < failures) {
    throw new FelfriError(
      'OPTION_INVALID',
      `got ${failures} failures in ${trials} trials; legal are whole numbers with 0 <= failures <= trials`,
    );
  }
}

function proves({ rate, confidence }: Goal, { trials, failures }: Trials): boolean {
  if (trials === failures) return false;
  // P(at most k of n fail) = I_r(n - k, k + 1), DLMF 8.17.5; the factor keeps rounding from deciding where they are equal
  return regularisedBeta(rate, trials - failures, failures + 1) <= (1 - confidence) * (1 + 1e-10);
}

/**
 * The smallest number of independent trials that prove the goal when exactly `failures` of them fail. Without failures it is
 * ln(1 - c) / ln(r), rounded up.
 *
 * @throws FelfriError OPTION_INVALID.
 */
export function trialsNeeded(goal: Goal, failures = 0): number {
  checkGoal(goal);
  checkTrials({ trials: failures, failures });
  let low = failures;
  let high = Math.max(failures + 1, Math.ceil(Math.log(1 - goal.confidence) / Math.log(goal.rate) - 1e-9));
  if (failures === 0) return high;
  while (!proves(goal, { trials: high, failures })) {
    low = high;
    high *= 2;
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (proves(goal, { trials: middle, failures })) high = middle;
    else low = middle;
  }
  return high;
}

export interface Proof {
  /** Lower one-sided bound of the success rate by the trials so far; 0 without any. */
  readonly bound: number;
  readonly proven: boolean;
  /** Further trials that prove the goal if none of them fails; 0 when proven. */
  readonly ifNoneFails: number;
  /** Further trials if failures go on at the rate so far, rounded up; null where no practical number would do. */
  readonly atPresentRate: number | null;
}

/** What trials prove, and how many more it takes. Throws OPTION_INVALID. */
export function proofOf(goal: Goal, counts: Trials): Proof {
  checkGoal(goal);
  checkTrials(counts);
  const { trials, failures } = counts;
  const bound = trials === failures ? 0 : inverseRegularisedBeta(1 - goal.confidence, trials - failures, failures + 1);
  if (proves(goal, counts)) return { bound, proven: true, ifNoneFails: 0, atPresentRate: 0 };
  const ifNoneFails = trialsNeeded(goal, failures) - trials;
  return { bound, proven: false, ifNoneFails, atPresentRate: atPresentRate(goal, counts, ifNoneFails) };
}

/**
 * With k of n failed so far, N trials will have K = ceil(k N / n) failures. The least K for which the trials that K failures need are no
 * more than those that bring about K failures: doubled, then halved in.
 */
function atPresentRate(goal: Goal, { trials, failures }: Trials, ifNoneFails: number): number | null {
  if (failures === 0) return ifNoneFails;
  if (failures / trials >= 1 - goal.rate) return null;
  const most = (count: number): number => Math.floor((trials * count) / failures);
  const enough = (count: number): boolean => trialsNeeded(goal, count) <= most(count);
  let low = failures;
  let high = failures + 1;
  while (!enough(high)) {
    low = high;
    high *= 2;
    if (most(high) > MOST_TRIALS) return null;
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (enough(middle)) high = middle;
    else low = middle;
  }
  return Math.max(trialsNeeded(goal, high), most(high - 1) + 1) - trials;
}
