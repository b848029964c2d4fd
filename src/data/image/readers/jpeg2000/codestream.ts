/** What a JPEG 2000 file says of itself, and whether all of it is there: the decoder gives what it can of a file cut short, without a word. */
import { hasText } from '../../signature.ts';

export interface Codestream {
  readonly width: number;
  readonly height: number;
  readonly components: number;
  /** Of a value. */
  readonly bits: number;
  readonly signed: boolean;
  /** What is in the file that is not read, in words. */
  readonly unread: string | undefined;
}

interface Box {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

function* boxes(bytes: Uint8Array, from: number, to: number): Generator<Box> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = from; at + 8 <= to; ) {
    const stated = view.getUint32(at);
    const long = stated === 1;
    const length = stated === 0 ? to - at : long ? Number(view.getBigUint64(at + 8)) : stated;
    const head = long ? 16 : 8;
    if (length < head || at + length > to) throw new RangeError(`a box of ${length} bytes beyond the end of the file`);
    yield { name: String.fromCharCode(...bytes.subarray(at + 4, at + 8)), start: at + head, end: at + length };
    at += length;
  }
}

/** Where the pixels lie in a JP2 file, and what it says of their colours. */
function inContainer(bytes: Uint8Array): { start: number; end: number; unread: string | undefined } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let unread: string | undefined;
  for (const { name, start, end } of boxes(bytes, 0, bytes.length)) {
    if (name === 'jp2h') {
      for (const inner of boxes(bytes, start, end)) {
        if (inner.name === 'pclr') unread = 'a palette';
        if (inner.name === 'cdef') unread = 'transparency';
        if (inner.name === 'colr' && bytes[inner.start] === 1) {
          const space = view.getUint32(inner.start + 3);
          if (space !== 16 && space !== 17) unread = `colour space ${space}`;
        }
      }
    }
    if (name === 'jp2c') return { start, end, unread };
  }
  throw new RangeError('no pixels');
}

/** Walks from tile to tile to the mark of the end; gives the place behind it. */
function endOfTiles(bytes: Uint8Array, first: number, end: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = first;
  while (at + 12 <= end && view.getUint16(at) === 0xff90) {
    const length = view.getUint32(at + 6);
    // the last tile may go on to the end
    if (length === 0) at = end - 2;
    else if (length < 14) throw new RangeError(`a tile of ${length} bytes`);
    else at += length;
  }
  if (at + 2 > end || view.getUint16(at) !== 0xffd9) throw new RangeError('the mark of the end is missing');
  return at + 2;
}

/** Where the first tile begins in a codestream that begins at `start`. */
function firstTile(bytes: Uint8Array, start: number, end: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = start + 2;
  while (at + 4 <= end && view.getUint16(at) !== 0xff90) at += 2 + view.getUint16(at + 2);
  return at;
}

/** Where a codestream ends, or the boxes of one JP2 file. Throws RangeError where the file ends before. */
export function jpeg2000End(bytes: Uint8Array): number {
  if (hasText(bytes, 0, '\xff\x4f')) return endOfTiles(bytes, firstTile(bytes, 0, bytes.length), bytes.length);
  let last = 0;
  try {
    for (const { name, start, end } of boxes(bytes, 0, bytes.length)) {
      if (name === 'jP  ' && last > 0) return start - 8;
      last = end;
    }
  } catch (error) {
    // what follows is no box
    if (!(error instanceof RangeError)) throw error;
  }
  return last;
}

/** Throws RangeError where the file ends before its pixels do. */
export function readCodestream(bytes: Uint8Array): Codestream {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const bare = hasText(bytes, 0, '\xff\x4f');
  const { start, end, unread } = bare ? { start: 0, end: bytes.length, unread: undefined } : inContainer(bytes);
  if (view.getUint32(start) !== 0xff4fff51) throw new RangeError('no size at the beginning');
  const at = start + 4;
  const components = view.getUint16(at + 36);
  const width = view.getUint32(at + 4) - view.getUint32(at + 12);
  const height = view.getUint32(at + 8) - view.getUint32(at + 16);
  if (width < 1 || height < 1 || components < 1)
    throw new RangeError(`${width} x ${height} pixels of ${components} values`);
  const kinds = Array.from({ length: components }, (_, c) => [0, 1, 2].map((i) => view.getUint8(at + 38 + 3 * c + i)));
  const alike = kinds.every(([depth, across, down]) => depth === kinds[0]![0] && across === 1 && down === 1);
  endOfTiles(bytes, firstTile(bytes, start, end), end);
  const depth = kinds[0]![0]!;
  return {
    width,
    height,
    components,
    bits: (depth & 0x7f) + 1,
    signed: depth > 0x7f,
    unread: unread ?? (alike ? undefined : 'values of several depths or resolutions'),
  };
}
