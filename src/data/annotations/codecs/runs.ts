/**
 * Run lengths of masks. Inside felfri a mask in runs is pairs of start and length; tools write alternating counts whose first
 * is of unset pixels.
 */

/** Start and length of each run of set pixels, one after the other. */
export type Runs = readonly number[];

/** Why counts are no mask of `total` pixels, or undefined when they are. */
export function countsFault(counts: readonly unknown[], total: number): string | undefined {
  let sum = 0;
  for (const count of counts) {
    if (!Number.isSafeInteger(count) || (count as number) < 0)
      return `the count ${String(count).slice(0, 30)} is no whole number from 0`;
    sum += count as number;
    if (sum > total) return `its counts add up to more than the ${total} pixels`;
  }
  return sum === total ? undefined : `its counts add up to ${sum}, where there are ${total} pixels`;
}

/** Runs of alternating counts. */
export function runsOfCounts(counts: readonly number[]): number[] {
  const runs: number[] = [];
  let at = 0;
  for (const [i, count] of counts.entries()) {
    if (i % 2 === 1 && count > 0) runs.push(at, count);
    at += count;
  }
  return runs;
}

/** Alternating counts of the pixels that `at` gives for positions 0 to total - 1, the first of unset ones. */
export function countsOf(total: number, at: (position: number) => number): number[] {
  const counts: number[] = [];
  let [value, length] = [0, 0];
  for (let i = 0; i < total; i++) {
    if (at(i) !== value) {
      counts.push(length);
      [value, length] = [1 - value, 0];
    }
    length++;
  }
  return [...counts, length];
}
