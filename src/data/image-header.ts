/**
 * What an image file says of itself before any pixel is decoded, and the refusals that follow from it.
 * The content decides the format, never the extension of the file's name.
 */
import { FelfriError } from '../core/errors.ts';
import { loadSharp } from './decoder.ts';

type ImageFormat = 'jpeg' | 'png' | 'webp' | 'tiff' | 'gif';

interface ImageHeader {
  readonly format: ImageFormat;
  /** As stored, before EXIF orientation. */
  readonly width: number;
  readonly height: number;
  /** As stored: 1 grey, 2 grey with alpha, 3 colour, 4 colour with alpha. */
  readonly channels: number;
}

/** The longest side that is read; above it several formats and decoders differ in what they accept. */
const maxSide = 32_767;

const formats = 'felfri reads JPEG, PNG, WebP, TIFF and single-frame GIF';

const has = (bytes: Uint8Array, offset: number, text: string): boolean =>
  bytes.length >= offset + text.length && [...text].every((c, i) => bytes[offset + i] === c.charCodeAt(0));

function formatOf(bytes: Uint8Array): ImageFormat | undefined {
  if (has(bytes, 0, '\xff\xd8\xff')) return 'jpeg';
  if (has(bytes, 0, '\x89PNG\r\n\x1a\n')) return 'png';
  if (has(bytes, 0, 'RIFF') && has(bytes, 8, 'WEBP')) return 'webp';
  if (['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].some((magic) => has(bytes, 0, magic))) return 'tiff';
  if (has(bytes, 0, 'GIF87a') || has(bytes, 0, 'GIF89a')) return 'gif';
  return undefined;
}

/** Number of frames of an animated PNG, from its acTL chunk, which the decoder does not look at; 1 for a still. */
function pngFrames(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 8; at + 12 <= bytes.length; at += view.getUint32(at) + 12) {
    if (has(bytes, at + 4, 'acTL')) return view.getUint32(at + 8);
    if (has(bytes, at + 4, 'IDAT')) break;
  }
  return 1;
}

/** The error for bytes that the decoder gave up on. */
export function corruptImage(subject: string, cause: unknown): FelfriError {
  const reason = cause instanceof Error ? (cause.message.split('\n')[0] ?? '').replace(/^Input buffer has /, '') : '';
  return new FelfriError(
    'IMAGE_CORRUPT',
    `${subject}: the image is truncated or damaged (${reason}); copy it again from its source, or leave it out`,
    { subject, cause },
  );
}

/**
 * Reads the header of an image file's bytes and refuses what felfri does not read.
 * `subject` is the name that errors give the image; `maxPixels` bounds width x height.
 * Throws IMAGE_EMPTY, IMAGE_FORMAT, IMAGE_CORRUPT, IMAGE_TOO_LARGE, IMAGE_DEPTH, IMAGE_COLOUR or IMAGE_ANIMATED.
 */
export async function readImageHeader(bytes: Uint8Array, subject: string, maxPixels: number): Promise<ImageHeader> {
  if (bytes.length === 0) {
    throw new FelfriError('IMAGE_EMPTY', `${subject}: the file has no bytes; copy it again, or leave it out`, {
      subject,
    });
  }
  const format = formatOf(bytes);
  if (format === undefined) {
    throw new FelfriError(
      'IMAGE_FORMAT',
      `${subject}: the bytes are not an image; ${formats}: convert it, or leave it out`,
      {
        subject,
      },
    );
  }
  const sharp = await loadSharp();
  const found = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch((error: unknown) => {
      throw corruptImage(subject, error);
    });
  const { width, height, channels, depth, space } = found;
  if (width > maxSide || height > maxSide || width * height > maxPixels) {
    throw new FelfriError(
      'IMAGE_TOO_LARGE',
      `${subject}: ${width} x ${height} pixels; legal are sides up to ${maxSide} and up to ${maxPixels} pixels in all: cut it into pieces`,
      { subject },
    );
  }
  if (depth !== 'uchar') {
    throw new FelfriError(
      'IMAGE_DEPTH',
      `${subject}: channels of type ${depth}; legal is 8 bits per channel: choose how to map the range and convert it`,
      { subject },
    );
  }
  if (space !== 'srgb' && space !== 'rgb' && space !== 'b-w') {
    throw new FelfriError('IMAGE_COLOUR', `${subject}: colour space ${space}; legal are grey and RGB: convert it`, {
      subject,
    });
  }
  const frames = format === 'png' ? pngFrames(bytes) : (found.pages ?? 1);
  if (frames > 1) {
    throw new FelfriError('IMAGE_ANIMATED', `${subject}: ${frames} frames; legal is one: save the wanted frame alone`, {
      subject,
    });
  }
  return { format, width, height, channels };
}
