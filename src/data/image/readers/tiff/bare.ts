/** A TIFF with nothing but what its first page's pixels need, for decoders that stumble over what cameras write beside them. */
import { type TiffEntry, TiffFile } from './directory.ts';

/** Tags that say how pixels are held. Names of cameras, dates and private tags are none. */
const needed = new Set([
  256, 257, 258, 259, 262, 266, 273, 274, 277, 278, 279, 284, 292, 293, 317, 320, 322, 323, 324, 325, 332, 334, 338,
  339, 340, 341, 347, 512, 513, 514, 515, 519, 520, 521, 529, 530, 531, 532,
]);

/** Writes the entries' own bytes again, sorted; offsets into the file stay as they are. */
function directoryOf(file: TiffFile, entries: readonly TiffEntry[]): Uint8Array {
  const [counter, width, pointer] = file.big ? [8, 20, 8] : [2, 12, 4];
  const out = new Uint8Array(counter + entries.length * width + pointer);
  const view = new DataView(out.buffer);
  if (file.big) view.setBigUint64(0, BigInt(entries.length), file.little);
  else view.setUint16(0, entries.length, file.little);
  entries.forEach(({ field }, i) => {
    const start = field - (4 + pointer);
    out.set(file.bytes.subarray(start, start + width), counter + i * width);
  });
  return out;
}

/** The file's bytes with a directory of the needed tags alone at its end. Throws RangeError where there is no page. */
export function bareTiff(bytes: Uint8Array): Uint8Array {
  const file = new TiffFile(bytes);
  const [page] = file.directories();
  const entries = [...page.entries.values()].filter(({ tag }) => needed.has(tag)).sort((a, b) => a.tag - b.tag);
  const at = bytes.length + (bytes.length % 2);
  const directory = directoryOf(file, entries);
  const out = new Uint8Array(at + directory.length);
  out.set(bytes);
  out.set(directory, at);
  const view = new DataView(out.buffer);
  if (file.big) view.setBigUint64(8, BigInt(at), file.little);
  else view.setUint32(4, at, file.little);
  return out;
}
