/** Damage to the bytes of a file. */
import type { Random } from '../../src/core/random.ts';

/** Some bytes changed, cut away or put in, by the seed alone. */
export function mutated(bytes: Uint8Array, random: Random): Uint8Array {
  const out = new Uint8Array(bytes);
  const times = 1 + random.integer(4);
  for (let i = 0; i < times; i++) {
    // most of what a decoder believes stands at the beginning
    const at = random.integer(random.integer(2) === 0 ? Math.min(out.length, 120) : out.length);
    out[at] = random.pick([0, 1, 0x7f, 0xff, random.integer(256)]);
  }
  const cut = random.integer(6) === 0 ? random.integer(out.length) : out.length;
  return out.subarray(0, cut);
}
