/**
 * What a value of parts was like when it was learned, and how far later parts are from that: by ranks, so that it does not matter how the values
 * are distributed. docs/drift.md says what the numbers below give.
 */
import { normalQuantile } from './normal-quantile.ts';

/** Parts that are learned from. */
export const LEARNED_PARTS = 1000;
/** What a part counts beside those before it: about the last hundred say whether something drifts. */
const SHARE = 0.01;
/** Deviations beyond which one part counts no more: some defective parts in succession are no drift. */
const CAP = 2;
/** Deviations that are no drift worth telling, however sure they are. */
export const LEAST = 0.4;
/** A limit beyond this would never be reached in time: the value wanders by itself. */
const MOST = 1.6;
/** How many times its own deviation the running mean may be off. */
const TIMES = 5;
/** Parts over which values that follow each other may be alike. */
const ALIKE = 50;

/**
 * Of deviations in time order: how many times the variance of independent ones their sum has, at least 1. The larger of two estimates, as either may
 * fall too low by chance: by Bartlett's weights, and as of a process that forgets at a constant rate, by parts next to each other.
 */
function inflation(z: readonly number[]): number {
  const product = (lag: number): number => {
    let sum = 0;
    for (let i = lag; i < z.length; i++) sum += z[i]! * z[i - lag]!;
    return sum;
  };
  const own = product(0);
  if (own === 0) return 1;
  let sum = own;
  for (let lag = 1; lag <= ALIKE; lag++) sum += 2 * (1 - lag / (ALIKE + 1)) * product(lag);
  const next = Math.min(0.99, product(1) / own);
  return Math.max(1, sum / own, (1 + next) / (1 - next));
}

export class Learned {
  readonly median: number;
  /** Half of the middle 68 % of the values: the standard deviation, were they normal. */
  readonly spread: number;
  /** Of the running mean of deviations; null where the values wander too much by themselves to be watched. */
  readonly limit: number | null;
  readonly #sorted: Float64Array;
  /** Deviation by twice the rank. */
  readonly #deviations: Float64Array;

  /** `values`: in the order of the parts, at least 20. `least`: deviations that are no drift. */
  constructor(values: readonly number[], least = LEAST) {
    const n = values.length;
    this.#sorted = Float64Array.from(values).sort();
    this.#deviations = Float64Array.from({ length: 2 * n + 1 }, (_, twice) => {
      const z = normalQuantile((twice / 2 + 0.5) / (n + 1));
      return Math.max(-CAP, Math.min(CAP, z));
    });
    const at = (share: number): number => this.#sorted[Math.round(share * (n - 1))]!;
    this.median = at(0.5);
    this.spread = (at(0.84) - at(0.16)) / 2;
    const deviation = Math.sqrt(
      inflation(values.map((value) => this.deviation(value))) * (SHARE / (2 - SHARE) + 1 / n),
    );
    const limit = Math.max(least, TIMES * deviation);
    this.limit = limit > MOST ? null : limit;
  }

  /** How far a value is from those learned: a normal score of its rank, -2..2, and 0 for the middle of equal ones. */
  deviation(value: number): number {
    const below = this.#count((one) => one < value);
    const upTo = this.#count((one) => one <= value);
    return this.#deviations[below + upTo]!;
  }

  /** How many of the sorted values are so, as those are that come first. */
  #count(is: (value: number) => boolean): number {
    let [low, high] = [0, this.#sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (is(this.#sorted[middle]!)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The running mean of deviations after another part. */
export const after = (mean: number, deviation: number): number => mean + SHARE * (deviation - mean);
