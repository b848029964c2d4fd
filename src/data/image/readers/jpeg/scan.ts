/**
 * Goes through the entropy-coded bytes of a sequential JPEG's scan, code by code, and sees whether they hold the picture that the frame states: all
 * of it, and nothing more. A decoder that is given a smaller size leaves the rest unread, and does not say so. Needs nothing of Node.
 */
import { END_OF_BLOCK, type HuffmanCode, stepAt, usualCode } from './huffman.ts';
import type { Frame, Scan } from './segments.ts';

/** Zeros behind the bytes of an interval, more than the 64 codes of a block can pass over. */
const PADDING = 512;

/** Tables of each block of a unit, in order. */
type Unit = readonly { readonly dc: HuffmanCode; readonly ac: HuffmanCode }[];

const ceil = (a: number, b: number): number => Math.ceil(a / b);

/** Units that a scan holds (MCUs of T.81): of one component alone single blocks, of those that the picture reaches. */
function unitCount({ width, height, components }: Frame, scan: Scan): number {
  const across = Math.max(...components.map((each) => each.across));
  const down = Math.max(...components.map((each) => each.down));
  if (scan.components.length > 1) return ceil(width, 8 * across) * ceil(height, 8 * down);
  const only = components[scan.components[0]!.index]!;
  return ceil(ceil(width * only.across, across), 8) * ceil(ceil(height * only.down, down), 8);
}

function unitOf({ components }: Frame, scan: Scan): Unit {
  const code = (number: number): HuffmanCode => scan.codes.get(number) ?? usualCode(number);
  return scan.components.flatMap(({ index, dc, ac }) => {
    const { across, down } = components[index]!;
    const block = { dc: code(dc), ac: code(ac) };
    return Array.from({ length: scan.components.length > 1 ? across * down : 1 }, () => block);
  });
}

/** Past a number of units from bit 0 on, in bits. Throws RangeError for what is no code, and where bytes end before. */
function walk(view: DataView, length: number, unit: Unit, units: number): number {
  let bit = 0;
  for (let i = 0; i < units; i++)
    for (const { dc, ac } of unit) {
      const step = stepAt(dc, view, bit);
      if (step === 0) throw new RangeError('a Huffman code that its table has not');
      bit += step & 31;
      for (let at = 1; at < 64; ) {
        const next = stepAt(ac, view, bit);
        if (next === 0) throw new RangeError('a Huffman code that its table has not');
        bit += next & 31;
        at += next >> 5;
        if (at > 64 && at < END_OF_BLOCK) throw new RangeError('more than 64 coefficients in a block');
      }
      if (bit > 8 * length) throw new RangeError('fewer pixels than its frame states');
    }
  return bit;
}

/** Bytes up to the next marker, without the zeros that stand behind each 0xff; the rest of `into` is filled with zeros. */
function unstuff(bytes: Uint8Array, from: number, into: Uint8Array): { readonly length: number; readonly end: number } {
  let [at, length] = [from, 0];
  for (;;) {
    const found = bytes.indexOf(0xff, at);
    const end = found < 0 ? bytes.length : found;
    into.set(bytes.subarray(at, end), length);
    length += end - at;
    at = end;
    if (bytes[at + 1] !== 0) break;
    into[length++] = 0xff;
    at += 2;
  }
  while (bytes[at] === 0xff && bytes[at + 1] === 0xff) at++;
  into.fill(0, length, length + PADDING);
  return { length, end: at };
}

const isFiller = (byte: number): boolean => byte === 0 || byte === 0xff;

/**
 * Throws RangeError where the bytes of a scan are not the units of the frame: too few, too many, no codes, restart markers elsewhere. Bits that fill
 * the last byte, and bytes of zeros or ones that encoders put in front of a marker, are none of the picture's.
 */
export function checkScan(bytes: Uint8Array, frame: Frame, scan: Scan): void {
  const unit = unitOf(frame, scan);
  const units = unitCount(frame, scan);
  const buffer = new Uint8Array(bytes.length - scan.from + PADDING);
  const view = new DataView(buffer.buffer);
  let at = scan.from;
  for (let [done, interval] = [0, 0]; done < units; interval++) {
    const { length, end } = unstuff(bytes, at, buffer);
    const count = scan.restart > 0 ? Math.min(scan.restart, units - done) : units;
    const bits = walk(view, length, unit, count);
    if (!buffer.subarray(ceil(bits, 8), length).every(isFiller))
      throw new RangeError('more pixels than its frame states');
    done += count;
    const isLast = done === units;
    if (!isLast && bytes[end + 1] !== 0xd0 + (interval % 8)) throw new RangeError('a restart marker that is not there');
    at = end + 2;
    if (isLast && (bytes[end + 1]! & 0xf8) === 0xd0 && unstuff(bytes, at, buffer).length > 0)
      throw new RangeError('more pixels than its frame states');
  }
}
