/** Whether a second image follows in the bytes of a file. Zeros, and what cameras write behind an image of their own, are none. */
import { imageEnds } from './ends.ts';
import { formatOf, imageFormats, unreadTitleOf } from './formats.ts';
import type { FormatName } from './reader.ts';
import { hasText } from './signature.ts';

/** Beginnings that hardly stand among other bytes by chance, such as behind the boundary line of a stream of pictures; '?' is any byte. */
const beginnings: Readonly<Partial<Record<FormatName, readonly string[]>>> = {
  png: ['\x89PNG\r\n\x1a\n'],
  jpeg: ['\xff\xd8\xff\xe0??JFIF\0', '\xff\xd8\xff\xe1??Exif\0', '\xff\xd8\xff\xdb\0\x43', '\xff\xd8\xff\xdb\0\x84'],
  webp: ['RIFF????WEBP'],
  gif: ['GIF87a', 'GIF89a'],
  dcm: ['DICM\x02\0\0\0UL'],
};

const isFiller = (byte: number): boolean => byte === 0 || byte === 0x20 || (byte >= 9 && byte <= 13) || byte === 0xff;

/** Bytes that may be filler, or the beginning of the next image: of none, JPEG, HEIC, JPEG 2000 and DICOM. */
const FILLER_AHEAD = [0, 1, 3, 4, 128];

export interface Following {
  /** Of the format as messages call it. */
  readonly title: string;
  /** Where it begins. */
  readonly at: number;
}

async function endOf(bytes: Uint8Array, format: FormatName): Promise<number> {
  try {
    return await imageEnds[format](bytes);
  } catch {
    // the reader says what is wrong with such bytes
    return bytes.length;
  }
}

/** The first image that begins as the format's patterns do. */
function found(bytes: Buffer, format: FormatName, patterns: readonly string[], from: number): Following | null {
  for (const pattern of patterns) {
    const head = pattern.split('?')[0]!;
    for (let at = bytes.indexOf(head, from, 'latin1'); at >= 0; at = bytes.indexOf(head, at + 1, 'latin1'))
      if (hasText(bytes, at, pattern)) return { title: imageFormats[format].title, at };
  }
  return null;
}

/** The image that follows in the bytes of an image of a format; null where none does. */
export async function followingImage(bytes: Uint8Array, format: FormatName): Promise<Following | null> {
  const end = await endOf(bytes, format);
  if (end >= bytes.length) return null;
  let at = end;
  while (at < bytes.length && isFiller(bytes[at]!)) at++;
  for (const before of FILLER_AHEAD) {
    const place = Math.max(end, at - before);
    const rest = bytes.subarray(place);
    const next = formatOf(rest);
    const title = next === undefined ? unreadTitleOf(rest) : imageFormats[next].title;
    if (title !== undefined) return { title, at: place };
  }
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  for (const [name, patterns] of Object.entries(beginnings)) {
    const next = found(all, name as FormatName, patterns, end);
    if (next) return next;
  }
  return null;
}
