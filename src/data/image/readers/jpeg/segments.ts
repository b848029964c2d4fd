/** The frame of a JPEG and its scans, with what the file says about each before its entropy-coded bytes. Needs nothing of Node. */
import { type HuffmanCode, huffmanCode } from './huffman.ts';

interface FrameComponent {
  readonly id: number;
  /** Sampling factors, 1 to 4. */
  readonly across: number;
  readonly down: number;
}

export interface Frame {
  /** 0 to 15, as its marker says: 0 and 1 are sequential, 2 progressive. */
  readonly process: number;
  readonly width: number;
  readonly height: number;
  readonly components: readonly FrameComponent[];
}

interface ScanComponent {
  /** Place in the frame. */
  readonly index: number;
  /** Numbers of its Huffman tables, as `Scan.codes` has them. */
  readonly dc: number;
  readonly ac: number;
}

export interface Scan {
  readonly components: readonly ScanComponent[];
  /** Huffman tables in force, by number; those but of first coefficients from 16 on. */
  readonly codes: ReadonlyMap<number, HuffmanCode>;
  /** Units between restart markers; 0 for none. */
  readonly restart: number;
  /** Which coefficients, of 64, and down to which bit: of a progressive frame. */
  readonly first: number;
  readonly last: number;
  readonly low: number;
  /** Where its entropy-coded bytes begin. */
  readonly from: number;
}

export interface Segments {
  readonly frame: Frame;
  readonly scans: readonly Scan[];
}

/** Past the entropy-coded bytes from `at` on: where the next marker but a restart is. */
export function afterScan(bytes: Uint8Array, at: number): number {
  for (let i = bytes.indexOf(0xff, at); i >= 0 && i + 1 < bytes.length; i = bytes.indexOf(0xff, i)) {
    const next = bytes[i + 1]!;
    if (next === 0xff) i++;
    else if (next === 0 || (next >= 0xd0 && next <= 0xd7)) i += 2;
    else return i;
  }
  return bytes.length;
}

const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

function readFrame(marker: number, data: DataView): Frame {
  const components = Array.from({ length: data.getUint8(5) }, (_, i): FrameComponent => {
    const factors = data.getUint8(7 + 3 * i);
    return { id: data.getUint8(6 + 3 * i), across: factors >> 4, down: factors & 15 };
  });
  if (components.some(({ across, down }) => Math.min(across, down) < 1 || Math.max(across, down) > 4))
    throw new RangeError('sampling factors beyond 1 to 4');
  return { process: marker - 0xc0, height: data.getUint16(1), width: data.getUint16(3), components };
}

function readCodes(data: Uint8Array, codes: Map<number, HuffmanCode>): void {
  for (let at = 0; at < data.length; ) {
    const counts = data.subarray(at + 1, at + 17);
    const symbols = counts.reduce((sum, count) => sum + count, 0);
    if (at + 17 + symbols > data.length) throw new RangeError('a Huffman table that is cut off');
    codes.set(data[at]!, huffmanCode(counts, data.subarray(at + 17, at + 17 + symbols)));
    at += 17 + symbols;
  }
}

function readScan(data: DataView, frame: Frame): Pick<Scan, 'components' | 'first' | 'last' | 'low'> {
  const count = data.getUint8(0);
  const components = Array.from({ length: count }, (_, i): ScanComponent => {
    const index = frame.components.findIndex(({ id }) => id === data.getUint8(1 + 2 * i));
    if (index < 0) throw new RangeError('a scan of a component that the frame has not');
    const tables = data.getUint8(2 + 2 * i);
    return { index, dc: tables >> 4, ac: 16 + (tables & 15) };
  });
  const at = 1 + 2 * count;
  return { components, first: data.getUint8(at), last: data.getUint8(at + 1), low: data.getUint8(at + 2) & 15 };
}

/** Up to the mark of the end, or the end of the bytes. Throws RangeError for what contradicts itself: not one frame, a scan before it. */
export function readSegments(bytes: Uint8Array): Segments {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const codes = new Map<number, HuffmanCode>();
  const scans: Scan[] = [];
  let frame: Frame | undefined;
  let restart = 0;
  for (let at = 2; at + 4 <= bytes.length; ) {
    const marker = bytes[at + 1]!;
    if (bytes[at] !== 0xff || marker === 0xd9) break;
    if (marker === 0xff) {
      at++;
      continue;
    }
    const end = at + 2 + view.getUint16(at + 2);
    const data = new DataView(bytes.buffer, bytes.byteOffset + at + 4, end - at - 4);
    at = end;
    if (marker === 0xc4) readCodes(bytes.subarray(end - data.byteLength, end), codes);
    else if (marker === 0xdd) restart = data.getUint16(0);
    else if (isFrame(marker)) {
      if (frame) throw new RangeError('a second frame');
      frame = readFrame(marker, data);
    } else if (marker === 0xda) {
      if (!frame) throw new RangeError('a scan before the frame');
      scans.push({ ...readScan(data, frame), codes: new Map(codes), restart, from: end });
      at = afterScan(bytes, end);
    }
  }
  if (!frame) throw new RangeError('no frame');
  return { frame, scans };
}
