/** JPEG 2000 as a codestream (.j2k) and in a JP2 file: grey and RGB of up to 16 bits. */
import { FelfriError } from '../../../core/errors.ts';
import { fillEightBits } from '../full-range.ts';
import type { Raster } from '../raster.ts';
import type { ImageReader, StoredImage } from '../reader.ts';
import { corruptImage, orCorrupt } from '../refusals.ts';
import { type Codestream, readCodestream } from './jpeg2000/codestream.ts';
import { decodeJpeg2000 } from './jpeg2000/decode.ts';

/** Values that the decoder holds at once, in 4 bytes each and twice. */
const MOST_VALUES = 50_000_000;

/** Throws IMAGE_FORMAT for what is not read, IMAGE_TOO_LARGE for what would take more than a gigabyte, IMAGE_CORRUPT. */
export function readableCodestream(bytes: Uint8Array, subject: string): Codestream {
  const stream = orCorrupt(subject, () => readCodestream(bytes));
  const { width, height, components, bits, unread } = stream;
  if (unread !== undefined || bits > 16 || (components !== 1 && components !== 3)) {
    const what = unread ?? (bits > 16 ? `${bits} bits` : `${components} components`);
    throw new FelfriError(
      'IMAGE_FORMAT',
      `${subject}: a JPEG 2000 image with ${what}; legal are grey and RGB of up to 16 bits: export it as TIFF or PNG`,
      { subject },
    );
  }
  if (width * height * components > MOST_VALUES) {
    throw new FelfriError(
      'IMAGE_TOO_LARGE',
      `${subject}: ${width} x ${height} pixels of ${components} values; legal in JPEG 2000 are ${MOST_VALUES} values in all: cut it into pieces`,
      { subject },
    );
  }
  return stream;
}

function storedOf({ width, height, components, bits, signed }: Codestream): StoredImage {
  return {
    width,
    height,
    bands: components,
    transparency: 0,
    sample: signed ? 'float32' : bits <= 8 ? 'uint8' : 'uint16',
    largest: signed ? null : bits <= 8 ? 255 : 2 ** bits - 1,
    colour: components === 1 ? 'grey' : 'rgb',
    frames: 1,
  };
}

export const jpeg2000Reader: ImageReader = {
  header: async (bytes, subject) => storedOf(readableCodestream(bytes, subject)),
  async pixels(bytes, subject): Promise<Raster> {
    const stream = readableCodestream(bytes, subject);
    const data = await decodeJpeg2000(bytes, stream).catch((error: unknown) => {
      throw corruptImage(subject, error);
    });
    const { width, height, components, bits } = stream;
    return { width, height, bands: components, data: fillEightBits(data, 2 ** bits - 1) };
  },
};
