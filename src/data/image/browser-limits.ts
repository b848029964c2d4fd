/**
 * Which image files a browser would show otherwise than felfri reads them: a verdict of the page must rest on the pixels that the station
 * would see. Needs nothing of Node.
 */
import { pngEnd, webpEnd } from './readers/chunked-ends.ts';
import { jpegEnd } from './readers/jpeg/end.ts';
import { jpegFrame } from './readers/jpeg/frame.ts';
import { requireWholeJpeg } from './readers/jpeg/whole.ts';
import { pngChunks } from './readers/png-chunks.ts';
import { TiffFile } from './readers/tiff/directory.ts';
import { hasText, startsWith } from './signature.ts';

const isJpeg = startsWith('\xff\xd8\xff');
const isPng = startsWith('\x89PNG\r\n\x1a\n');
const isWebp = startsWith('RIFF????WEBP');

const behind = 'bytes behind its end, which may be another image';

interface Chunk {
  readonly type: string;
  readonly data: Uint8Array;
}

/** Chunks of a WebP (name, length, even ends), as far as the file goes. */
function* webpChunks(bytes: Uint8Array): Generator<Chunk> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 12; at + 8 <= bytes.length; ) {
    const length = view.getUint32(at + 4, true);
    yield { type: String.fromCharCode(...bytes.subarray(at, at + 4)), data: bytes.subarray(at + 8, at + 8 + length) };
    at += 8 + length + (length % 2);
  }
}

/** 1 where nothing is said of it. */
function exifOrientation(exif: Uint8Array): number {
  const tiff = hasText(exif, 0, 'Exif\0\0') ? exif.subarray(6) : exif;
  try {
    return new TiffFile(tiff).directories()[0].numbers(274)[0] ?? 1;
  } catch {
    return 1;
  }
}

function oddChunk({ type, data }: Chunk): string | undefined {
  if (type === 'acTL' || type === 'ANIM') return 'several frames';
  if ((type === 'eXIf' || type === 'EXIF') && exifOrientation(data) !== 1)
    return 'an EXIF orientation, which not every browser heeds';
  return undefined;
}

/** Whether more than zeros stand behind an image: felfri looks there for another one. */
function hasBytesBehind(bytes: Uint8Array, endOf: (bytes: Uint8Array) => number): boolean {
  try {
    return bytes.subarray(endOf(bytes)).some((byte) => byte !== 0);
  } catch {
    // damage, of which the browser says what it thinks
    return false;
  }
}

/** A browser shows a JPEG as far as it goes, and does not say what is missing. */
function isWhole(bytes: Uint8Array): boolean {
  try {
    requireWholeJpeg(bytes);
    return true;
  } catch {
    return false;
  }
}

/** What is in a file that a browser and felfri do not see alike; undefined where they do. Transparent pixels are for the caller to look for. */
export function unlikeInBrowser(bytes: Uint8Array): string | undefined {
  if (isJpeg(bytes)) {
    const frame = jpegFrame(bytes);
    const usual = frame && frame.bits === 8 && (frame.components === 1 || frame.components === 3);
    if (!usual) return 'other than 8 bits of grey or RGB';
    if (!isWhole(bytes)) return 'damage, of which a browser shows what is left';
    return hasBytesBehind(bytes, jpegEnd) ? behind : undefined;
  }
  const png = isPng(bytes);
  if (!png && !isWebp(bytes)) return 'another format than JPEG, PNG and WebP';
  if (png && bytes[24] === 16) return '16 bits a channel, of which a browser drops 8';
  for (const chunk of png ? pngChunks(bytes) : webpChunks(bytes)) {
    if (chunk.type === 'PLTE' && bytes[25] === 3 && chunk.data.length < 3 * 2 ** bytes[24]!)
      return 'a palette that some pixels may be beyond, which a browser shows as black';
    const odd = oddChunk(chunk);
    if (odd !== undefined) return odd;
  }
  return hasBytesBehind(bytes, png ? pngEnd : webpEnd) ? behind : undefined;
}
