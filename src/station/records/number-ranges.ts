/** Sets of numbers as ranges, first and last of each. */
export type NumberRange = readonly [first: number, last: number];

export function rangesOf(numbers: readonly number[]): NumberRange[] {
  const ranges: [number, number][] = [];
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last && number <= last[1] + 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges;
}

/** A set that grows by ranges. */
export class NumberSet {
  #ranges: NumberRange[] = [];

  add(ranges: readonly NumberRange[]): void {
    const all: [number, number][] = [];
    for (const [first, last] of [...this.#ranges, ...ranges].sort(([a], [b]) => a - b)) {
      const before = all.at(-1);
      if (before && first <= before[1] + 1) before[1] = Math.max(before[1], last);
      else all.push([first, last]);
    }
    this.#ranges = all;
  }

  /** The first number of the range that is not in the set; undefined where all are. */
  firstMissing([first, last]: NumberRange): number | undefined {
    if (first > last) return undefined;
    const found = this.#ranges.find(([a, b]) => a <= first && first <= b);
    if (!found) return first;
    return found[1] >= last ? undefined : found[1] + 1;
  }
}
