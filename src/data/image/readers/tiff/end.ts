/** Where a TIFF ends: behind the last directory, value or piece of pixels that it points at. */
import { type TiffDirectory, TiffFile } from './directory.ts';

/** Tags that point at bytes, with the one that counts them: strips, tiles, the JPEG of a preview. */
const pieces = [
  [273, 279],
  [324, 325],
  [513, 514],
] as const;

/** Tags that point at directories: of smaller copies, EXIF, GPS. */
const directoryTags = [330, 34_665, 34_853] as const;

/** More directories than any camera writes; those that overlap could claim any number. */
const MOST_DIRECTORIES = 100;

interface Walk {
  readonly file: TiffFile;
  directories: number;
}

/** Throws RangeError beyond `MOST_DIRECTORIES`. */
function endOf(walk: Walk, { end, entries, numbers }: TiffDirectory, depth: number): number {
  if (++walk.directories > MOST_DIRECTORIES) throw new RangeError(`more than ${MOST_DIRECTORIES} directories`);
  let last = end;
  for (const { at, bytes } of entries.values()) last = Math.max(last, at + bytes);
  for (const [offsets, counts] of pieces) {
    const lengths = numbers(counts);
    numbers(offsets).forEach((offset, i) => {
      last = Math.max(last, offset + (lengths[i] ?? 0));
    });
  }
  if (depth === 0) return last;
  for (const tag of directoryTags)
    for (const start of numbers(tag)) last = Math.max(last, endOf(walk, walk.file.directory(start), depth - 1));
  return last;
}

/** Throws RangeError where a directory or tag lies beyond the end of the file, or where there are too many. */
export function tiffEnd(bytes: Uint8Array): number {
  const file = new TiffFile(bytes);
  const walk: Walk = { file, directories: 0 };
  return file.directories().reduce((last, directory) => Math.max(last, endOf(walk, directory, 2)), 0);
}
