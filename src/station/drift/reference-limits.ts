/** Limits of a reference part's score: where the next lies with 99.9 %, were the first ones and it normal. */

/** Right presentations from which the limits come. */
export const FIRST = 8;
/** Quantile of Student's t with 7 degrees of freedom, two-sided 0.001, times the root of 1 + 1/8. */
const TIMES = 5.408 * Math.sqrt(1 + 1 / FIRST);
/** Least distance of a limit, as a share of the mean: pictures that are alike to the last byte say nothing of the next. */
const LEAST_SHARE = 0.02;

export interface ScoreLimits {
  readonly low: number;
  readonly high: number;
}

/** Null before there are enough. */
export function limitsOf(first: readonly number[]): ScoreLimits | null {
  if (first.length < FIRST) return null;
  const mean = first.reduce((a, b) => a + b, 0) / first.length;
  const spread = Math.sqrt(first.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (first.length - 1));
  const far = Math.max(TIMES * spread, LEAST_SHARE * Math.abs(mean));
  return { low: mean - far, high: mean + far };
}
