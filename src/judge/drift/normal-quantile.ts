/** The quantile of the standard normal distribution, by P. J. Acklam's rational approximation (relative error below 1.2e-9). */
const near = [-39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716, 2.506628277459239]; // biome-ignore format: a row of numbers
const nearBelow = [-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1];
const far = [-0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968, 2.938163982698783]; // biome-ignore format: a row of numbers
const farBelow = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1];

const polynomial = (factors: readonly number[], x: number): number => factors.reduce((sum, factor) => sum * x + factor);

/** `p` within 0..1, both excluded. */
export function normalQuantile(p: number): number {
  if (p > 0.5) return -normalQuantile(1 - p);
  if (p >= 0.02425) {
    const x = p - 0.5;
    return (x * polynomial(near, x * x)) / polynomial(nearBelow, x * x);
  }
  const x = Math.sqrt(-2 * Math.log(p));
  return polynomial(far, x) / polynomial(farBelow, x);
}
