/**
 * Kappa: agreement beyond what chance would give. Of two lists (Cohen 1960) and of several ratings of each part (Fleiss 1971). Their
 * standard errors are linearised over parts, so that decisions on one part need not be independent of each other: with one pair a part it
 * is the formula of Fleiss, Cohen and Everitt (1969), for Fleiss' kappa that of Gwet (2014), each with the factor n / (n - 1).
 */
import { inverseRegularisedBeta } from '../beta.ts';
import type { Interval } from '../intervals.ts';

export interface Kappa {
  /** At most 1; 0 is what chance gives. */
  readonly value: number;
  /** By part, with Student's t; null where all decisions agree or there is one part alone, since nothing then says how far it may vary. */
  readonly interval: Interval | null;
  /** Share of agreement that was seen, and that chance would give. */
  readonly observed: number;
  readonly expected: number;
}

/** Two decisions on one part. */
export interface Pair {
  readonly part: string;
  readonly one: boolean;
  readonly other: boolean;
}

/** The t that Student's distribution of `freedom` degrees stays within, on both sides, with that confidence. */
export function studentQuantile(confidence: number, freedom: number): number {
  const x = inverseRegularisedBeta(1 - confidence, freedom / 2, 0.5);
  return Math.sqrt((freedom * (1 - x)) / x);
}

/** @param influence of each part on kappa, of mean 0. */
function kappaOf(observed: number, expected: number, influence: readonly number[], confidence: number): Kappa | null {
  // all decisions are the same word: chance explains everything
  if (expected >= 1) return null;
  const value = (observed - expected) / (1 - expected);
  const n = influence.length;
  const variance = influence.reduce((sum, each) => sum + each * each, 0) / (n * (n - 1));
  if (n < 2 || observed === 1) return { value, interval: null, observed, expected };
  const half = studentQuantile(confidence, n - 1) * Math.sqrt(variance);
  return {
    value,
    interval: { low: Math.max(-1, value - half), high: Math.min(1, value + half) },
    observed,
    expected,
  };
}

const share = (flags: readonly boolean[]): number => flags.filter(Boolean).length / flags.length;

/** Cohen's kappa of pairs of decisions, any number of them on one part. Null without pairs, or where both lists say one word alone. */
export function cohenKappa(pairs: readonly Pair[], confidence = 0.95): Kappa | null {
  if (pairs.length === 0) return null;
  const p = share(pairs.map(({ one }) => one));
  const q = share(pairs.map(({ other }) => other));
  const observed = share(pairs.map(({ one, other }) => one === other));
  const expected = p * q + (1 - p) * (1 - q);
  const sums = new Map<string, number>();
  for (const { part, one, other } of pairs) {
    const agreed = (one === other ? 1 : 0) - observed;
    const chance = (one ? q : 1 - q) + (other ? p : 1 - p) - 2 * expected;
    const influence = (agreed * (1 - expected) - chance * (1 - observed)) / (1 - expected) ** 2;
    sums.set(part, (sums.get(part) ?? 0) + influence);
  }
  const mean = pairs.length / sums.size;
  return kappaOf(
    observed,
    expected,
    [...sums.values()].map((sum) => sum / mean),
    confidence,
  );
}

/** Fleiss' kappa: `ratings` has a row a part, all of the same length, at least 2. Null without rows, or where all say one word. */
export function fleissKappa(ratings: readonly (readonly boolean[])[], confidence = 0.95): Kappa | null {
  const each = ratings[0]?.length ?? 0;
  if (each < 2) return null;
  const shares = ratings.map(share);
  const p = shares.reduce((sum, own) => sum + own, 0) / shares.length;
  const expected = p * p + (1 - p) * (1 - p);
  // share of agreeing pairs among the ratings of one part
  const agreement = shares.map((own) => {
    const ones = own * each;
    return (ones * (ones - 1) + (each - ones) * (each - ones - 1)) / (each * (each - 1));
  });
  const observed = agreement.reduce((sum, own) => sum + own, 0) / agreement.length;
  const influence = shares.map((own, i) => {
    const chance = own * p + (1 - own) * (1 - p) - expected;
    return ((agreement[i]! - observed) * (1 - expected) - 2 * chance * (1 - observed)) / (1 - expected) ** 2;
  });
  return kappaOf(observed, expected, influence, confidence);
}
