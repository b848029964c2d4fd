/**
 * Seeded randomness. A stream is named by a seed and any number of keys (`Random.of(seed, 'augment', epoch, index)`),
 * so that resumed work draws the same numbers without any generator state having been stored.
 */
import { createHash } from 'node:crypto';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

export class Random {
  #generator: RandomGenerator;
  #spare: number | undefined;

  private constructor(seed: number) {
    this.#generator = xoroshiro128plus(seed);
  }

  /** The stream named by the seed and keys; equal names give equal streams on every machine. */
  static of(seed: number, ...keys: (string | number)[]): Random {
    const digest = createHash('sha256')
      .update([seed, ...keys].join('\0'))
      .digest();
    return new Random(digest.readInt32LE(0));
  }

  /** Uniform in [0, 1), 32 random bits. */
  next(): number {
    return (this.#generator.next() >>> 0) / 4294967296;
  }

  /** Uniform in [low, high). */
  uniform(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** Uniform integer in [0, n). */
  integer(n: number): number {
    return Math.floor(this.next() * n);
  }

  /** Standard normal (Box-Muller). */
  normal(): number {
    if (this.#spare !== undefined) {
      const value = this.#spare;
      this.#spare = undefined;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    const angle = 2 * Math.PI * this.next();
    this.#spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /** One of the items, each equally likely. */
  pick<T>(items: readonly T[]): T {
    return items[this.integer(items.length)]!;
  }

  /** A new array in random order (Fisher-Yates). */
  shuffle<T>(items: readonly T[]): T[] {
    const result = [...items];
    for (let i = result.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      [result[i], result[j]] = [result[j]!, result[i]!];
    }
    return result;
  }

  /** A permutation of 0..n-1. */
  permutation(n: number): number[] {
    return this.shuffle(Array.from({ length: n }, (_, i) => i));
  }
}
