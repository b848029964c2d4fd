/**
 * Label Studio's brush: run lengths of RGBA bytes as bits (the format of @thi.ng/rle-pack). 32 bits say how many values
 * there are, 5 the bits of a value less one, four times 4 the bits of a length less one; then blocks of one bit (repeated or
 * listed), two bits (which of the four lengths), a length less one, and one value or as many as the length says.
 */

class BitReader {
  readonly #bytes: ArrayLike<number>;
  #at = 0;

  constructor(bytes: ArrayLike<number>) {
    this.#bytes = bytes;
  }

  get ended(): boolean {
    return this.#at > this.#bytes.length * 8;
  }

  read(bits: number): number {
    let value = 0;
    for (let left = bits; left > 0; ) {
      const inByte = this.#at & 7;
      const taken = Math.min(left, 8 - inByte);
      const byte = this.#bytes[this.#at >> 3] ?? 0;
      value = value * 2 ** taken + ((byte >> (8 - inByte - taken)) & (2 ** taken - 1));
      this.#at += taken;
      left -= taken;
    }
    return value;
  }
}

/**
 * Runs of the pixels that are not wholly transparent, row by row. `pixels` is how many the image has.
 * Gives a sentence instead when the bytes are no brush of such an image; memory and time follow the bytes, not the counts.
 */
export function decodeBrush(bytes: ArrayLike<number>, pixels: number): number[] | string {
  const reader = new BitReader(bytes);
  const total = reader.read(32);
  const wordBits = reader.read(5) + 1;
  const lengthBits = [0, 0, 0, 0].map(() => reader.read(4) + 1);
  if (total !== pixels * 4) return `it holds ${total} values, where the image has 4 x ${pixels}`;
  if (wordBits !== 8) return `its values have ${wordBits} bits; legal is 8`;
  const runs: number[] = [];
  const add = (first: number, end: number): void => {
    const length = end - first;
    if (length <= 0) return;
    if (runs.length > 0 && runs.at(-2)! + runs.at(-1)! === first) runs[runs.length - 1]! += length;
    else runs.push(first, length);
  };
  // the alpha of pixel p is value 4 p + 3, so this is the first pixel whose alpha is value i or later
  const pixelFrom = (i: number): number => Math.floor(i / 4);
  for (let i = 0; i < total; ) {
    const repeated = reader.read(1) === 1;
    const end = i + 1 + reader.read(lengthBits[reader.read(2)]!);
    if (end > total) return 'its lengths add up to more than its values';
    if (repeated) {
      if (reader.read(8) > 0) add(pixelFrom(i), pixelFrom(end));
      i = end;
    } else {
      for (; i < end && !reader.ended; i++) {
        const value = reader.read(8);
        if (value > 0 && (i & 3) === 3) add(pixelFrom(i), pixelFrom(i) + 1);
      }
    }
    if (reader.ended) return 'it ends too early';
  }
  return runs;
}

class BitWriter {
  readonly #bytes: number[] = [];
  #bits = 0;
  #pending = 0;

  write(value: number, bits: number): void {
    for (let i = bits - 1; i >= 0; i--) {
      this.#pending = (this.#pending << 1) | (Math.floor(value / 2 ** i) & 1);
      if (++this.#bits === 8) {
        this.#bytes.push(this.#pending);
        [this.#bits, this.#pending] = [0, 0];
      }
    }
  }

  end(): number[] {
    while (this.#bits !== 0) this.write(0, 1);
    return this.#bytes;
  }
}

const lengthSizes = [3, 4, 8, 16] as const;

/** The brush of a mask in rows: alternating counts of pixels, the first of unset ones. Set pixels are 255 in all of RGBA. */
export function encodeBrush(counts: readonly number[], pixels: number): number[] {
  const writer = new BitWriter();
  writer.write(pixels * 4, 32);
  writer.write(7, 5);
  for (const size of lengthSizes) writer.write(size - 1, 4);
  for (const [i, count] of counts.entries()) {
    for (let left = count * 4; left > 0; ) {
      const length = Math.min(left, 65_536);
      const which = lengthSizes.findIndex((size) => length <= 2 ** size);
      writer.write(1, 1);
      writer.write(which, 2);
      writer.write(length - 1, lengthSizes[which]!);
      writer.write(i % 2 === 1 ? 255 : 0, 8);
      left -= length;
    }
  }
  return writer.end();
}
