/** A region's own threshold, by the recipe's. Needs nothing of Node. */

/** What the values of a map are, as detectors say (detectors/detector.ts). */
export type MapValues = 'probability' | 'distance' | 'scaled';

/** A probability whose odds are divided by `times`. */
const borneOdds = (p: number, times: number): number => p / (p + times * (1 - p));

/** The value that a region's own places must reach, in the unit of the recipe's threshold. */
export function ownThreshold(threshold: number, tolerance: number, values: MapValues): number {
  if (tolerance === 1) return threshold;
  return values === 'probability' ? borneOdds(threshold, 1 / tolerance) : threshold * tolerance;
}
