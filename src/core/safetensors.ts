/**
 * Reading and writing safetensors: an 8-byte header length, a JSON header, raw little-endian tensors. No code can hide in it,
 * unlike pickle-like formats. Floats are read as float32 (F16, BF16 and F64 converted).
 */
import { open, readFile } from 'node:fs/promises';
import { FelfriError } from './errors.ts';
import { writeFileAtomic } from './files.ts';
import { type NamedTensors, sizeOf } from './tensor.ts';

export interface TensorFile {
  readonly tensors: NamedTensors;
  /** String facts of the file, as its writer stored them. */
  readonly metadata: Readonly<Record<string, string>>;
}

interface HeaderEntry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

const bytesOf = new Map(Object.entries({ F32: 4, F64: 8, F16: 2, BF16: 2, I64: 8, I32: 4, U8: 1 }));

function halfToFloat(h: number): number {
  const sign = h & 0x8000 ? -1 : 1;
  const exponent = (h >> 10) & 0x1f;
  const fraction = h & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function readValues(view: DataView, dtype: string, count: number): Float32Array<ArrayBuffer> {
  const out = new Float32Array(count);
  if (dtype === 'F32') {
    new Uint8Array(out.buffer).set(new Uint8Array(view.buffer, view.byteOffset, count * 4));
    return out;
  }
  const one = new DataView(new ArrayBuffer(4));
  for (let i = 0; i < count; i++) {
    if (dtype === 'F64') out[i] = view.getFloat64(i * 8, true);
    else if (dtype === 'F16') out[i] = halfToFloat(view.getUint16(i * 2, true));
    else if (dtype === 'BF16') {
      one.setUint32(0, view.getUint16(i * 2, true) << 16);
      out[i] = one.getFloat32(0);
    } else if (dtype === 'I64') out[i] = Number(view.getBigInt64(i * 8, true));
    else if (dtype === 'I32') out[i] = view.getInt32(i * 4, true);
    else out[i] = view.getUint8(i);
  }
  return out;
}

type Fail = (what: string) => never;

function failure(subject: string): Fail {
  return (what) => {
    throw new FelfriError('TENSOR_FILE', `${subject}: ${what}; get the file again`, { subject });
  };
}

const isRecord = (x: unknown): x is Record<string, unknown> => typeof x === 'object' && x !== null && !Array.isArray(x);
const isCount = (x: unknown): x is number => Number.isSafeInteger(x) && (x as number) >= 0;

function parseHeader(
  json: Uint8Array,
  fail: Fail,
): { entries: Record<string, unknown>; metadata: TensorFile['metadata'] } {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json));
  } catch {
    return fail('the header is not JSON');
  }
  if (!isRecord(header)) return fail('the header is no JSON object');
  const { __metadata__: metadata = {}, ...entries } = header;
  if (!isRecord(metadata) || !Object.values(metadata).every((value) => typeof value === 'string')) {
    return fail('its metadata are not strings by name');
  }
  return { entries, metadata: metadata as Record<string, string> };
}

/** Parses the bytes of a safetensors file. Throws TENSOR_FILE naming `subject` when anything does not fit. */
export function parseSafetensors(bytes: Uint8Array, subject = 'safetensors'): TensorFile {
  const fail: Fail = failure(subject);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < 8) fail(`${bytes.byteLength} bytes are too few for a safetensors file`);
  const headerLength = Number(view.getBigUint64(0, true));
  if (headerLength > bytes.byteLength - 8) fail('the header is longer than the file');
  const base = 8 + headerLength;
  const { entries, metadata } = parseHeader(bytes.subarray(8, base), fail);
  const tensors: NamedTensors = new Map();
  // several tensors of the same bytes would take many times the file's size
  let left = bytes.byteLength - base;
  for (const [name, entry] of Object.entries(entries)) {
    const { dtype, shape, data_offsets } = (isRecord(entry) ? entry : {}) as Partial<HeaderEntry>;
    const width = bytesOf.get(dtype ?? '');
    if (dtype === undefined || width === undefined) {
      return fail(`tensor ${name} has type ${dtype}, legal are ${[...bytesOf.keys()].join(', ')}`);
    }
    if (!Array.isArray(shape) || !shape.every(isCount)) return fail(`tensor ${name} has no shape of whole numbers`);
    const [start, end] = Array.isArray(data_offsets) ? data_offsets : [];
    const count = sizeOf(shape);
    if (!isCount(start) || !isCount(end) || end - start !== count * width || base + end > bytes.byteLength) {
      return fail(`tensor ${name} does not fit in the file`);
    }
    left -= end - start;
    if (left < 0) return fail(`tensor ${name} overlaps another`);
    tensors.set(name, {
      shape,
      data: readValues(new DataView(bytes.buffer, bytes.byteOffset + base + start, end - start), dtype, count),
    });
  }
  return { tensors, metadata };
}

/** Reads a safetensors file. Throws TENSOR_FILE when it is damaged. */
export async function readSafetensors(path: string): Promise<TensorFile> {
  return parseSafetensors(await readFile(path), path);
}

/** Writes float32 tensors and string metadata atomically. */
export async function writeSafetensors(
  path: string,
  tensors: NamedTensors,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const header: Record<string, unknown> = Object.keys(metadata).length > 0 ? { __metadata__: metadata } : {};
  const body: Uint8Array[] = [];
  let offset = 0;
  for (const [name, { shape, data }] of tensors) {
    const end = offset + data.byteLength;
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, end] };
    body.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    offset = end;
  }
  const text = JSON.stringify(header);
  const json = Buffer.from(text + ' '.repeat((8 - (Buffer.byteLength(text) % 8)) % 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  await writeFileAtomic(path, [length, json, ...body]);
}

/** The string metadata of a safetensors file, without reading its tensors. Throws TENSOR_FILE when the header is damaged. */
export async function readSafetensorsMetadata(path: string): Promise<Readonly<Record<string, string>>> {
  const fail: Fail = failure(path);
  const file = await open(path);
  try {
    const length = Buffer.alloc(8);
    await file.read(length, 0, 8, 0);
    const size = Number(length.readBigUInt64LE());
    if (size > (await file.stat()).size - 8) fail('the header is longer than the file');
    const json = Buffer.alloc(size);
    await file.read(json, 0, size, 8);
    return parseHeader(json, fail).metadata;
  } finally {
    await file.close();
  }
}
