/** What an image file says of itself before any pixel is decoded, and the refusals that follow from it. */
import { FelfriError } from '../../core/errors.ts';
import { followingImage } from './following.ts';
import { formatOf, imageFormats, unreadTitleOf, whatIsRead } from './formats.ts';
import { isFrameName } from './raw/stated-frame.ts';
import type { ImageHeader } from './reader.ts';

/** The longest side that is read; above it several formats and decoders differ in what they accept. */
const maxSide = 32_767;

/** The error for bytes of no format that felfri reads. */
function unreadFormat(subject: string, bytes: Uint8Array): FelfriError {
  const title = unreadTitleOf(bytes);
  const message =
    title === undefined
      ? isFrameName(subject)
        ? 'the bytes are of no format that says what it is; where these are frames of a camera, state their size and pixel format, such as --raw 640x480:Mono12p'
        : `the bytes are not an image; ${whatIsRead}: convert it, or leave it out`
      : `a ${title} image; ${whatIsRead}: convert it to PNG or TIFF without loss, or leave it out`;
  return new FelfriError('IMAGE_FORMAT', `${subject}: ${message}`, { subject });
}

function requireReadable(header: ImageHeader, subject: string, maxPixels: number): ImageHeader {
  const { width, height, colour, frames } = header;
  if (width > maxSide || height > maxSide || width * height > maxPixels) {
    throw new FelfriError(
      'IMAGE_TOO_LARGE',
      `${subject}: ${width} x ${height} pixels; legal are sides up to ${maxSide} and up to ${maxPixels} pixels in all: cut it into pieces`,
      { subject },
    );
  }
  if (colour !== 'rgb' && colour !== 'grey') {
    throw new FelfriError('IMAGE_COLOUR', `${subject}: colour space ${colour}; legal are grey and RGB: convert it`, {
      subject,
    });
  }
  if (frames > 1) {
    throw new FelfriError('IMAGE_ANIMATED', `${subject}: ${frames} frames; legal is one: save the wanted frame alone`, {
      subject,
    });
  }
  return header;
}

/**
 * Reads the header of an image file's bytes and refuses what felfri does not read.
 * `subject` is the name that errors give the image; `maxPixels` bounds width x height.
 * Throws IMAGE_EMPTY, IMAGE_FORMAT, IMAGE_CORRUPT, IMAGE_TOO_LARGE, IMAGE_COLOUR or IMAGE_ANIMATED.
 */
export async function readImageHeader(bytes: Uint8Array, subject: string, maxPixels: number): Promise<ImageHeader> {
  if (bytes.length === 0) {
    throw new FelfriError('IMAGE_EMPTY', `${subject}: the file has no bytes; copy it again, or leave it out`, {
      subject,
    });
  }
  const format = formatOf(bytes);
  if (format === undefined) throw unreadFormat(subject, bytes);
  const reader = await imageFormats[format].reader();
  const header = requireReadable({ format, ...(await reader.header(bytes, subject)) }, subject, maxPixels);
  const following = await followingImage(bytes, format);
  if (following === null) return header;
  throw new FelfriError(
    'IMAGE_ANIMATED',
    `${subject}: another image (${following.title}) follows at byte ${following.at}, behind the end of the first; legal is one: save the wanted one alone`,
    { subject },
  );
}
