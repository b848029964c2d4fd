/** How the tables write what was measured. */
import { summarise } from './results.ts';

export const seconds = (x: number): string => (x < 1 ? `${(x * 1000).toPrecision(3)} ms` : `${x.toPrecision(3)} s`);

/** The median, with the least and the largest where there are several. */
export function rangeOf(numbers: readonly number[], format: (x: number) => string): string {
  const found = summarise(numbers);
  if (!found) return '-';
  const { median, least, largest } = found;
  return numbers.length === 1 ? format(median) : `${format(median)} (${format(least)} to ${format(largest)})`;
}
