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

/** Text with bytes changed, a piece cut out or doubled, the end cut off, or, in every second case, a number made huge, negative or tiny. */
export function mutatedText(bytes: Buffer, random: Random): Buffer {
  const at = random.integer(bytes.length);
  const to = Math.min(bytes.length, at + 1 + random.integer(20));
  switch (random.integer(8)) {
    case 0: {
      const copy = Buffer.from(bytes);
      for (let i = 0; i < 3; i++) copy[random.integer(copy.length)] = random.integer(256);
      return copy;
    }
    case 1:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(to)]);
    case 2:
      return Buffer.concat([bytes.subarray(0, to), bytes.subarray(at)]);
    case 3:
      return bytes.subarray(0, at);
    default: {
      const text = bytes.toString('latin1');
      const digits = [...text.matchAll(/\d+/g)];
      const one = digits[random.integer(Math.max(1, digits.length))];
      const huge = ['99999999999999999999', '-7', '1e308', '0.0000001', '4000000000'][random.integer(5)]!;
      return one
        ? Buffer.from(text.slice(0, one.index) + huge + text.slice(one.index + one[0].length), 'latin1')
        : bytes;
    }
  }
}
