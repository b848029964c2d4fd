/** What a BMP says of itself, and whether all of its pixels are there. */
import { FelfriError } from '../../../core/errors.ts';

export interface BmpHeader {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  /** Run lengths of 4 or 8 bits, or none. */
  readonly runs: boolean;
  /** Where the pixels begin. */
  readonly start: number;
  /** Bits of red, green and blue in a pixel of 16 or 32 bits, where the file states them; else none. */
  readonly masks: readonly number[];
}

/** Sizes of the headers of Windows, by which they are told. */
const headerSizes = new Set([12, 40, 52, 56, 108, 124]);

export function refuseBmp(subject: string, what: string): never {
  throw new FelfriError(
    'IMAGE_FORMAT',
    `${subject}: a BMP ${what}; legal are BMP of Windows with 1, 2, 4, 8, 16, 24 or 32 bits, uncompressed or with run lengths: export it so, or as PNG`,
    { subject },
  );
}

/** Throws IMAGE_FORMAT for rare kinds, and RangeError where the file ends too early. */
export function readBmpHeader(bytes: Uint8Array, subject: string): BmpHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = view.getUint32(10, true);
  const size = view.getUint32(14, true);
  if (!headerSizes.has(size)) refuseBmp(subject, `with a header of ${size} bytes (OS/2)`);
  const core = size === 12;
  const width = core ? view.getUint16(18, true) : view.getInt32(18, true);
  const height = Math.abs(core ? view.getUint16(20, true) : view.getInt32(22, true));
  const bits = view.getUint16(core ? 24 : 28, true);
  const compression = core ? 0 : view.getUint32(30, true);
  if (width < 1 || height < 1) throw new RangeError(`${width} x ${height} pixels`);
  if (![1, 2, 4, 8, 16, 24, 32].includes(bits) || (core && bits === 2)) refuseBmp(subject, `of ${bits} bits`);
  if (![0, 1, 2, 3, 6].includes(compression)) refuseBmp(subject, `compressed by method ${compression}`);
  const runs = compression === 1 || compression === 2;
  if (runs && bits !== (compression === 1 ? 8 : 4)) throw new RangeError(`run lengths of ${bits} bits`);
  const rowBytes = Math.ceil((width * bits) / 32) * 4;
  if (start >= bytes.length || (!runs && start + rowBytes * height > bytes.length)) {
    throw new RangeError(`${bytes.length} bytes for ${width} x ${height} pixels of ${bits} bits`);
  }
  const masks = compression === 3 || compression === 6 ? [54, 58, 62].map((at) => view.getUint32(at, true)) : [];
  const header = { width, height, bits, runs, start, masks };
  if (!runs) requireNoMore(bytes, header, view, size);
  return header;
}

/** Throws RangeError where the file says that it holds more rows than its height: they would stay unseen. */
function requireNoMore(
  bytes: Uint8Array,
  { width, height, bits, start }: BmpHeader,
  view: DataView,
  size: number,
): void {
  const rowBytes = Math.ceil((width * bits) / 32) * 4;
  const stated = size === 12 ? 0 : view.getUint32(34, true);
  const profile = size === 124 && view.getUint32(130, true) > 0;
  const held = stated > 0 ? stated : profile ? 0 : view.getUint32(2, true) - start;
  if (held >= rowBytes * (height + 1) && start + held <= bytes.length)
    throw new RangeError(`${held} bytes of pixels, more than ${height} rows`);
}

/** Throws RangeError where a pixel names a colour that the palette has not. */
export function requireColours(bytes: Uint8Array, { width, height, bits, start, runs }: BmpHeader): void {
  if (bits > 8 || runs) return;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const colours = (view.getUint32(14, true) > 12 && view.getUint32(46, true)) || 2 ** bits;
  if (colours >= 2 ** bits) return;
  const rowBytes = Math.ceil((width * bits) / 32) * 4;
  const each = 8 / bits;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const byte = bytes[start + y * rowBytes + Math.floor(x / each)]!;
      if (((byte >> (8 - bits * ((x % each) + 1))) & (2 ** bits - 1)) >= colours)
        throw new RangeError(`a pixel beyond the ${colours} colours of its palette`);
    }
  }
}

/** Bytes that follow a pair of 0 and `count`, 3 or more: that many pixels, padded to whole pairs. */
function literalBytes(count: number, bits: number): number {
  const length = Math.ceil((count * bits) / 8);
  return length + (length % 2);
}

/**
 * Walks over the run lengths. Returns bytes that end as the decoder wants it: some encoders write an end of line before the end of the bitmap,
 * or no end at all. Throws RangeError unless every pixel of every row is written; jumps leave some that are not.
 */
export function checkRuns(bytes: Uint8Array, { width, height, bits, start }: BmpHeader): Uint8Array {
  let [column, rows] = [0, 0];
  for (let at = start; at + 1 < bytes.length; ) {
    const [count, value] = [bytes[at]!, bytes[at + 1]!];
    const ends = count === 0 && value <= 1;
    if (ends) {
      if (column !== width) break;
      [column, rows] = [0, rows + 1];
      if (rows === height) {
        if (value === 1) return bytes;
        const isEnd = bytes[at + 2] === 0 && bytes[at + 3] === 1;
        if (isEnd || isPadding(bytes, at + 2)) return endedAt(bytes, at);
        break;
      }
      if (value === 1) break;
    } else if (count === 0 && value === 2) break;
    else column += count === 0 ? value : count;
    if (column > width) break;
    at += 2 + (count === 0 && value > 2 ? literalBytes(value, bits) : 0);
    if (column === width && rows === height - 1 && isPadding(bytes, at)) return endedAt(bytes, at);
  }
  throw new RangeError(`run lengths for ${rows} of ${height} rows`);
}

/** Whether nothing follows but zeros: more rows would be more than the header states. */
const isPadding = (bytes: Uint8Array, from: number): boolean => bytes.subarray(from).every((byte) => byte === 0);

/** The bytes up to a place, and the end of the bitmap there. */
function endedAt(bytes: Uint8Array, at: number): Uint8Array {
  const out = new Uint8Array(at + 2);
  out.set(bytes.subarray(0, at));
  out[at + 1] = 1;
  return out;
}
