/** How the values of a raw frame lie in its bytes. Lines follow each other without padding, and packed values run on over the end of a line. */

export type PackingName = 'bytes' | 'little' | 'lsb' | 'gige';

interface Packing {
  /** Bits that a value takes among its neighbours. */
  readonly stride: (bits: number) => number;
  /** Fills `out` with values of so many bits. */
  readonly unpack: (bytes: Uint8Array, bits: number, out: Uint8Array | Uint16Array) => void;
}

export const packings: Readonly<Record<PackingName, Packing>> = {
  /** A byte a value. */
  bytes: { stride: () => 8, unpack: (bytes, _bits, out) => out.set(bytes) },

  /** Two bytes a value, the lower one first, the value in the low bits. */
  little: {
    stride: () => 16,
    unpack: (bytes, _bits, out) => {
      for (let i = 0; i < out.length; i++) out[i] = bytes[2 * i]! | (bytes[2 * i + 1]! << 8);
    },
  },

  /** PFNC's 'p': one stream of bits, which begins at the lowest bit of the first byte; a value's lowest bit comes first. Of 10 or 12 bits. */
  lsb: {
    stride: (bits) => bits,
    unpack: (bytes, bits, out) => {
      const mask = 2 ** bits - 1;
      for (let i = 0; i < out.length; i++) {
        const byte = Math.floor((i * bits) / 8);
        // an even count of bits and a step of 2 never reach a third byte
        const pair = bytes[byte]! | (bytes[byte + 1]! << 8);
        out[i] = (pair >> (i * bits - byte * 8)) & mask;
      }
    },
  },

  /**
   * GigE Vision's 'Packed': two values in three bytes. The first and the third byte hold the high 8 bits of a value each; of the second, the
   * low half holds the low bits of the first value and the high half those of the second.
   */
  gige: {
    stride: () => 12,
    unpack: (bytes, bits, out) => {
      const low = bits - 8;
      const mask = 2 ** low - 1;
      for (let i = 0; i < out.length; i++) {
        const at = 3 * (i >> 1);
        const second = i & 1;
        out[i] = (bytes[at + 2 * second]! << low) | ((bytes[at + 1]! >> (4 * second)) & mask);
      }
    },
  },
};
