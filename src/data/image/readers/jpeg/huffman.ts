/** Huffman codes of a JPEG (T.81, annex C), as tables that tell how far to go on; what the coded values are is left to the decoder. */

/** Bits that are looked up at once; longer codes are rare. */
const QUICK = 10;

/** Coefficients that the end of a block skips: beyond any of its 64. */
export const END_OF_BLOCK = 127;

export interface HuffmanCode {
  /** By the next 10 bits: bits of code and value (5 bits), and coefficients to go on above them; 0 where the code is longer, or none. */
  readonly quick: Uint16Array;
  /** By length, 1 to 16: the first code that is longer, left-aligned in 16 bits; and what to add to a code for its place in `steps`. */
  readonly ends: Int32Array;
  readonly offsets: Int32Array;
  readonly steps: Uint16Array;
}

/** Coefficients that a symbol goes on by. A run below 15 without a value ends the block, as it does for libjpeg. */
function coefficients(symbol: number): number {
  const [run, size] = [symbol >> 4, symbol & 15];
  return size > 0 || run === 15 ? run + 1 : END_OF_BLOCK;
}

/** Of 16 counts of codes by length, and the symbols in order. Throws RangeError where there are more codes than bits allow. */
export function huffmanCode(counts: Uint8Array, symbols: Uint8Array): HuffmanCode {
  const quick = new Uint16Array(1 << QUICK);
  const [ends, offsets] = [new Int32Array(18), new Int32Array(17)];
  const steps = new Uint16Array(symbols.length);
  let [code, place] = [0, 0];
  for (let length = 1; length <= 16; length++) {
    offsets[length] = place - code;
    for (let i = 0; i < counts[length - 1]!; i++, place++, code++) {
      const symbol = symbols[place]!;
      steps[place] = (length + (symbol & 15)) | (coefficients(symbol) << 5);
      if (length <= QUICK) quick.fill(steps[place]!, code << (QUICK - length), (code + 1) << (QUICK - length));
    }
    if (code > 1 << length) throw new RangeError('a table of more Huffman codes than there can be');
    ends[length] = code << (16 - length);
    code *= 2;
  }
  return { quick, ends, offsets, steps };
}

/** The step of the code that the next 16 bits begin with; 0 for none. */
function slowStep({ ends, offsets, steps }: HuffmanCode, bits: number): number {
  for (let length = 1; length <= 16; length++)
    if (bits < ends[length]!) return steps[(bits >> (16 - length)) + offsets[length]!]!;
  return 0;
}

/** The step of the code at a bit of the bytes: the table alone wherever it suffices. */
export function stepAt(code: HuffmanCode, view: DataView, bit: number): number {
  const bits = (view.getUint32(bit >>> 3) << (bit & 7)) >>> 16;
  return code.quick[bits >>> (16 - QUICK)]! || slowStep(code, bits);
}

const fromHex = (text: string): Uint8Array =>
  Uint8Array.from({ length: text.length / 2 }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16));

const symbolsOfDc = '000102030405060708090a0b';

/** Tables K.3 to K.6 of T.81, for pictures of video streams, which leave them out. By number; from 16 on those of the coefficients but the first. */
const usual: Readonly<Record<number, readonly [counts: string, symbols: string]>> = {
  0: ['00010501010101010100000000000000', symbolsOfDc],
  1: ['00030101010101010101010000000000', symbolsOfDc],
  16: [
    '0002010303020403050504040000017d',
    '01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a3435363738393a434445464748494a535455565758595a636465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa',
  ],
  17: [
    '00020102040403040705040400010277',
    '000102031104052131061241510761711322328108144291a1b1c109233352f0156272d10a162434e125f11718191a262728292a35363738393a434445464748494a535455565758595a636465666768696a737475767778797a82838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae2e3e4e5e6e7e8e9eaf2f3f4f5f6f7f8f9fa',
  ],
};

/** Throws RangeError for a number that has no usual table. */
export function usualCode(number: number): HuffmanCode {
  const found = usual[number];
  if (!found) throw new RangeError('a Huffman table that is not there');
  return huffmanCode(fromHex(found[0]), fromHex(found[1]));
}
