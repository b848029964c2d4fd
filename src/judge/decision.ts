/** From a score to what happens to the part. */
import { FelfriError } from '../core/errors.ts';

/** OK passes, NG is rejected, REVIEW goes to a person. */
export type Decision = 'OK' | 'REVIEW' | 'NG';

/** SCORE_INVALID: `what` is a number that nothing may be decided by. */
export function notFinite(what: string, value: unknown): FelfriError {
  return new FelfriError(
    'SCORE_INVALID',
    `${what} ${value}; only finite numbers decide, so this is no verdict: have a person look, and do not use this bundle before it was trained or calibrated again`,
  );
}

/**
 * Without a second, lower threshold: OK below the threshold, NG at or above it. With one: OK below `review`, REVIEW from there
 * to below the threshold. REVIEW where there is no threshold at all. Throws SCORE_INVALID when the score or a threshold is no finite number:
 * compared with anything, NaN would pass as OK.
 */
export function decide(score: number, threshold: number | null, review: number | null = null): Decision {
  if (!Number.isFinite(score)) throw notFinite('the score is', score);
  if (threshold !== null && !Number.isFinite(threshold)) throw notFinite('the threshold is', threshold);
  if (review !== null && !Number.isFinite(review)) throw notFinite('the threshold of REVIEW is', review);
  if (threshold === null) return 'REVIEW';
  if (score >= threshold) return 'NG';
  return review !== null && score >= review ? 'REVIEW' : 'OK';
}
