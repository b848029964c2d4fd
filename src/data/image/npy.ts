/** Arrays of NumPy's .npy files: whole numbers and float, in C or Fortran order. */
import type { Pixels } from './raster.ts';

/** Kinds of values by NumPy's name for them, without the byte order. */
const kinds = {
  u1: { size: 1, get: (view: DataView, at: number) => view.getUint8(at) },
  i1: { size: 1, get: (view: DataView, at: number) => view.getInt8(at) },
  b1: { size: 1, get: (view: DataView, at: number) => (view.getUint8(at) === 0 ? 0 : 255) },
  u2: { size: 2, get: (view: DataView, at: number, little: boolean) => view.getUint16(at, little) },
  i2: { size: 2, get: (view: DataView, at: number, little: boolean) => view.getInt16(at, little) },
  u4: { size: 4, get: (view: DataView, at: number, little: boolean) => view.getUint32(at, little) },
  i4: { size: 4, get: (view: DataView, at: number, little: boolean) => view.getInt32(at, little) },
  u8: { size: 8, get: (view: DataView, at: number, little: boolean) => Number(view.getBigUint64(at, little)) },
  i8: { size: 8, get: (view: DataView, at: number, little: boolean) => Number(view.getBigInt64(at, little)) },
  f2: { size: 2, get: (view: DataView, at: number, little: boolean) => half(view.getUint16(at, little)) },
  f4: { size: 4, get: (view: DataView, at: number, little: boolean) => view.getFloat32(at, little) },
  f8: { size: 8, get: (view: DataView, at: number, little: boolean) => view.getFloat64(at, little) },
} as const;

/** A float of 16 bits (IEEE 754 binary16) from its bits. */
function half(bits: number): number {
  const [sign, exponent, fraction] = [bits >> 15 === 0 ? 1 : -1, (bits >> 10) & 31, (bits & 1023) / 1024];
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (exponent === 0 ? 2 ** -14 * fraction : 2 ** (exponent - 15) * (1 + fraction));
}

/** The file is whole, and its array is none that is read. */
export class UnreadArray extends Error {}

export interface NpyHeader {
  readonly shape: readonly number[];
  readonly kind: keyof typeof kinds;
  readonly little: boolean;
  /** Whether the first index runs fastest, as numpy.save writes an array that was transposed. */
  readonly fortran: boolean;
  /** Where the values begin. */
  readonly start: number;
}

/** Where the values end. */
export const npyEnd = ({ shape, kind, start }: NpyHeader): number =>
  start + shape.reduce((product, n) => product * n, kinds[kind].size);

/** Throws RangeError for damage, and UnreadArray for what is no array of whole numbers or float. */
export function readNpyHeader(bytes: Uint8Array): NpyHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const long = view.getUint8(6) >= 2;
  const length = long ? view.getUint32(8, true) : view.getUint16(8, true);
  const start = (long ? 12 : 10) + length;
  if (length > 10_000 || start > bytes.length) throw new RangeError(`a header of ${length} bytes`);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, start).toString('latin1', long ? 12 : 10);
  const [, order, kind] = /'descr': *'([<>|=])(\w\d)'/.exec(text) ?? [];
  const shape = /'shape': *\(([\d, ]*)\)/.exec(text)?.[1];
  if (shape === undefined) throw new RangeError(`a header of ${text.trim()}`);
  if (!order || !kind || !Object.hasOwn(kinds, kind)) throw new UnreadArray(`an array of ${text.trim()}`);
  const sizes = shape
    .split(',')
    .map((n) => n.trim())
    .filter((n) => n !== '')
    .map(Number);
  const fortran = /'fortran_order': *True/.test(text);
  const header: NpyHeader = { shape: sizes, kind: kind as NpyHeader['kind'], little: order !== '>', fortran, start };
  if (npyEnd(header) > bytes.length) throw new RangeError(`${bytes.length} bytes for ${sizes.join(' x ')} values`);
  return header;
}

/** Where the value lies that is the i-th in C order, as its place among all. */
function placeInFortranOrder(i: number, shape: readonly number[]): number {
  let rest = i;
  let place = 0;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    place = place * shape[axis]! + (rest % shape[axis]!);
    rest = Math.floor(rest / shape[axis]!);
  }
  return place;
}

/** The values, in C order, in the narrowest kind of pixels that holds them: truth values as 0 and 255, signed and wide ones as float. */
export function readNpyValues(bytes: Uint8Array, { shape, kind, little, fortran, start }: NpyHeader): Pixels {
  const count = shape.reduce((product, n) => product * n, 1);
  const { size, get } = kinds[kind];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const out =
    kind === 'u1' || kind === 'b1'
      ? new Uint8Array(count)
      : kind === 'u2'
        ? new Uint16Array(count)
        : new Float32Array(count);
  for (let i = 0; i < count; i++) {
    out[i] = get(view, start + (fortran ? placeInFortranOrder(i, shape) : i) * size, little);
  }
  return out;
}

/** An array of the given shape as the bytes of a .npy file. */
export function encodeNpy(values: Pixels, shape: readonly number[]): Uint8Array {
  const descr = values instanceof Uint8Array ? '|u1' : values instanceof Uint16Array ? '<u2' : '<f4';
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`;
  const head = Buffer.from(
    `\x93NUMPY\x01\0\0\0${text.padEnd(Math.ceil((10 + text.length + 1) / 64) * 64 - 11)}\n`,
    'latin1',
  );
  head.writeUInt16LE(head.length - 10, 8);
  const size = values.BYTES_PER_ELEMENT;
  const out = new Uint8Array(head.length + values.length * size);
  out.set(head);
  const view = new DataView(out.buffer);
  values.forEach((value, i) => {
    const at = head.length + i * size;
    if (size === 1) view.setUint8(at, value);
    else if (size === 2) view.setUint16(at, value, true);
    else view.setFloat32(at, value, true);
  });
  return out;
}
