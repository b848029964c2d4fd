/** The middle of some numbers. */

/** The middle one; of an even count the larger of the two. Undefined where there is none. */
export function upperMedian(values: Iterable<number>): number | undefined {
  const sorted = Float64Array.from(values).sort();
  return sorted[sorted.length >> 1];
}
