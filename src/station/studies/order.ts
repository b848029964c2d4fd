/** In which order parts come to an appraiser: it follows from the study's seed, so that it can be proved afterwards. */
import { Random } from '../../core/random.ts';

const isSame = (one: readonly number[], other: readonly number[]): boolean => one.every((part, i) => part === other[i]);

/**
 * Places of the study's list of parts, in the order of one trial (from 1): for each appraiser and trial another one. What came last does not
 * come first in the next, which never has the order of the one before; for that there must be three parts or more.
 */
export function orderOf(seed: number, appraiser: string, trial: number, parts: number): number[] {
  const order = Random.of(seed, 'study', appraiser, trial).permutation(parts);
  if (trial === 1) return order;
  const before = orderOf(seed, appraiser, trial - 1, parts);
  while (parts > 2 && (order[0] === before.at(-1) || isSame(order, before))) order.push(order.shift()!);
  return order;
}
