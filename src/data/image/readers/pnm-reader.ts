/** PBM, PGM and PPM, as text or as bytes, of up to 16 bits. */
import { fillEightBits } from '../full-range.ts';
import type { Raster } from '../raster.ts';
import type { ImageReader, StoredImage } from '../reader.ts';
import { orCorrupt } from '../refusals.ts';

interface PnmHeader {
  readonly width: number;
  readonly height: number;
  readonly bands: 1 | 3;
  /** Of one bit, where 1 is black. */
  readonly bitmap: boolean;
  readonly text: boolean;
  /** The largest value, 1 for a bitmap. */
  readonly largest: number;
  /** Where the pixels begin. */
  readonly start: number;
}

const isSpace = (byte: number | undefined): boolean => byte !== undefined && (byte === 32 || (byte >= 9 && byte <= 13));

/** The whole number from `at` on, after spaces and comments, and where it ends. Throws RangeError where there is none. */
function numberAt(bytes: Uint8Array, at: number): { value: number; next: number } {
  let from = at;
  while (isSpace(bytes[from]) || bytes[from] === 0x23) {
    if (bytes[from] === 0x23) while (from < bytes.length && bytes[from] !== 10 && bytes[from] !== 13) from++;
    else from++;
  }
  let next = from;
  let value = 0;
  for (; next < bytes.length && bytes[next]! >= 48 && bytes[next]! <= 57; next++) {
    value = value * 10 + bytes[next]! - 48;
    if (value > 1e9) throw new RangeError('a number that is too large');
  }
  if (next === from) throw new RangeError(`no number at byte ${from}`);
  return { value, next };
}

function readHeader(bytes: Uint8Array): PnmHeader {
  const kind = bytes[1]! - 48;
  const bitmap = kind === 1 || kind === 4;
  const { value: width, next } = numberAt(bytes, 2);
  const { value: height, next: afterHeight } = numberAt(bytes, next);
  const largest = bitmap ? { value: 1, next: afterHeight } : numberAt(bytes, afterHeight);
  if (width < 1 || height < 1) throw new RangeError(`${width} x ${height} pixels`);
  if (largest.value < 1 || largest.value > 65_535) throw new RangeError(`a largest value of ${largest.value}`);
  const bands = kind % 3 === 0 ? 3 : 1;
  const header = {
    width,
    height,
    bands,
    bitmap,
    text: kind <= 3,
    largest: largest.value,
    start: largest.next + 1,
  } as const;
  // a pixel as text takes a digit and a space, of a bitmap a digit
  const rowBytes = header.text
    ? width * bands * (bitmap ? 1 : 2)
    : bitmap
      ? Math.ceil(width / 8)
      : width * bands * (largest.value > 255 ? 2 : 1);
  if (header.start + rowBytes * height - (header.text ? 1 : 0) > bytes.length) {
    throw new RangeError(`${bytes.length} bytes for ${width} x ${height} pixels`);
  }
  return header;
}

type Values = Uint8Array | Uint16Array;

function textValues(bytes: Uint8Array, { start, bitmap, largest }: PnmHeader, out: Values): number {
  let at = start - 1;
  for (let i = 0; i < out.length; i++) {
    // digits of a bitmap need no space between them
    while (bitmap && isSpace(bytes[at])) at++;
    const { value, next } =
      bitmap && (bytes[at] === 48 || bytes[at] === 49) ? { value: bytes[at]! - 48, next: at + 1 } : numberAt(bytes, at);
    if (value > largest) throw new RangeError(`a value of ${value} above ${largest}`);
    out[i] = value;
    at = next;
  }
  return at;
}

function byteValues(bytes: Uint8Array, { start, bitmap, largest, width, height }: PnmHeader, out: Values): number {
  if (bitmap) {
    const row = Math.ceil(width / 8);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) out[y * width + x] = (bytes[start + y * row + (x >> 3)]! >> (7 - (x & 7))) & 1;
    }
    return start + row * height;
  }
  const wide = largest > 255;
  for (let i = 0; i < out.length; i++) {
    const value = wide ? (bytes[start + 2 * i]! << 8) | bytes[start + 2 * i + 1]! : bytes[start + i]!;
    if (value > largest) throw new RangeError(`a value of ${value} above ${largest}`);
    out[i] = value;
  }
  return start + out.length * (wide ? 2 : 1);
}

const rowBytesOf = ({ width, bands, bitmap, largest }: PnmHeader): number =>
  bitmap ? Math.ceil(width / 8) : width * bands * (largest > 255 ? 2 : 1);

/** Where the pixels end; of text, whose reader looks what follows them, the end of the file. */
export function pnmEnd(bytes: Uint8Array): number {
  const header = readHeader(bytes);
  return header.text ? bytes.length : header.start + rowBytesOf(header) * header.height;
}

function frames(bytes: Uint8Array, end: number): number {
  let at = end;
  while (isSpace(bytes[at])) at++;
  return bytes[at] === 0x50 && bytes[at + 1]! >= 49 && bytes[at + 1]! <= 54 && isSpace(bytes[at + 2]) ? 2 : 1;
}

function stored(bytes: Uint8Array): StoredImage {
  const header = readHeader(bytes);
  const { width, height, bands, largest, text, start } = header;
  const deep = largest > 255;
  return {
    width,
    height,
    bands,
    transparency: 0,
    sample: deep ? 'uint16' : 'uint8',
    largest: deep ? largest : 255,
    colour: bands === 1 ? 'grey' : 'rgb',
    // of text the end is found by reading it, where a second picture is text that is too long
    frames: text ? 1 : frames(bytes, start + rowBytesOf(header) * height),
  };
}

/** Spaces, zeros and comments may follow. */
function requireNothingAfter(bytes: Uint8Array, end: number): void {
  if (frames(bytes, end) > 1) throw new RangeError('a second picture after the first');
  let at = end;
  while (isSpace(bytes[at]) || bytes[at] === 0) at++;
  if (at < bytes.length && bytes[at] !== 0x23) throw new RangeError(`${bytes.length - at} bytes after the last value`);
}

/** Whole rows behind the last one, other than zeros, are some that the header does not state. */
function requireNoRowsAfter(bytes: Uint8Array, end: number, rowBytes: number): void {
  const rest = bytes.subarray(end);
  if (rest.length > 0 && rest.length % rowBytes === 0 && rest.some((byte) => byte !== 0))
    throw new RangeError(`${rest.length / rowBytes} rows more than its height`);
}

function pixels(bytes: Uint8Array): Raster {
  const header = readHeader(bytes);
  const { width, height, bands, largest, text } = header;
  const values = largest > 255 ? new Uint16Array(width * height * bands) : new Uint8Array(width * height * bands);
  const end = text ? textValues(bytes, header, values) : byteValues(bytes, header, values);
  if (text) requireNothingAfter(bytes, end);
  else requireNoRowsAfter(bytes, end, rowBytesOf(header));
  return {
    width,
    height,
    bands,
    data: fillEightBits(header.bitmap ? values.map((black) => 1 - black) : values, largest),
  };
}

export const pnmReader: ImageReader = {
  header: async (bytes, subject) => orCorrupt(subject, () => stored(bytes)),
  pixels: async (bytes, subject) => orCorrupt(subject, () => pixels(bytes)),
};
