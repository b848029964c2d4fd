/** One file out of a zip archive, such as a Python wheel: found by the directory at its end, inflated by zlib, checked by its CRC. */
import { crc32, inflateRawSync } from 'node:zlib';

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
/** Bytes of the three records without their names. */
const SIZE = { end: 22, entry: 46, local: 30 };
const LONGEST_COMMENT = 0xffff;

/** Whether bytes begin as an archive does. */
export const isZip = (bytes: Uint8Array): boolean => [0x50, 0x4b, 3, 4].every((byte, i) => bytes[i] === byte);

type Fail = (what: string) => never;

/** The first file whose name is wanted; undefined where there is none. `fail` throws what is wrong with the archive. */
export function fileInZip(
  bytes: Buffer,
  wanted: (name: string) => boolean,
  { most, fail }: { readonly most: number; readonly fail: Fail },
): Buffer | undefined {
  let end = bytes.length - SIZE.end;
  const first = Math.max(0, end - LONGEST_COMMENT);
  while (end >= first && bytes.readUInt32LE(end) !== END) end--;
  if (end < first) return fail('the archive has no directory');
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    if (at + SIZE.entry > bytes.length || bytes.readUInt32LE(at) !== ENTRY)
      return fail("the archive's directory is damaged");
    const [name, extra, comment] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ];
    if (wanted(bytes.toString('utf8', at + SIZE.entry, at + SIZE.entry + name))) return inflated(bytes, at, most, fail);
    at += SIZE.entry + name + extra + comment;
  }
  return undefined;
}

function inflated(bytes: Buffer, entry: number, most: number, fail: Fail): Buffer {
  const method = bytes.readUInt16LE(entry + 10);
  const [crc, packed, full, local] = [16, 20, 24, 42].map((offset) => bytes.readUInt32LE(entry + offset)) as [
    number,
    number,
    number,
    number,
  ];
  if (full > most) return fail(`a file within it has ${full} bytes, more than ${most}`);
  if (local + SIZE.local > bytes.length || bytes.readUInt32LE(local) !== LOCAL)
    return fail('a file within it is not where it should be');
  const from = local + SIZE.local + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
  const data = bytes.subarray(from, from + packed);
  let out: Buffer;
  try {
    out =
      method === 0
        ? data
        : method === 8
          ? inflateRawSync(data, { maxOutputLength: Math.max(1, full) })
          : fail(`its method ${method} is neither store nor deflate`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code?.startsWith('Z_') || error instanceof RangeError)
      return fail('a file within it cannot be inflated');
    throw error;
  }
  if (out.length !== full || crc32(out) !== crc) return fail('a file within it is damaged');
  return out;
}
