/** Images as NumPy arrays: (height, width) or (height, width, bands). */
import { FelfriError } from '../../../core/errors.ts';
import { type NpyHeader, readNpyHeader, readNpyValues, UnreadArray } from '../npy.ts';
import type { ImageReader, Sample, StoredImage } from '../reader.ts';
import { orCorrupt } from '../refusals.ts';

function sizesOf({ shape }: NpyHeader): { height: number; width: number; bands: number } {
  const [height = 0, width = 0, bands = 1] = shape;
  if (shape.length < 2 || shape.length > 3 || height < 1 || width < 1 || bands < 1) {
    throw new UnreadArray(`an array of (${shape.join(', ')})`);
  }
  return { height, width, bands };
}

function sampleOf({ kind }: NpyHeader): Sample {
  if (kind === 'u1' || kind === 'b1') return 'uint8';
  return kind === 'u2' ? 'uint16' : 'float32';
}

function stored(bytes: Uint8Array): StoredImage {
  const header = readNpyHeader(bytes);
  const sizes = sizesOf(header);
  const sample = sampleOf(header);
  const largest = sample === 'uint8' ? 255 : null;
  return { ...sizes, transparency: 0, sample, largest, colour: sizes.bands === 1 ? 'grey' : 'rgb', frames: 1 };
}

function orRefused<T>(subject: string, read: () => T): T {
  try {
    return orCorrupt(subject, read);
  } catch (error) {
    if (!(error instanceof UnreadArray)) throw error;
    throw new FelfriError(
      'IMAGE_FORMAT',
      `${subject}: ${error.message}; legal are whole numbers and float, as (height, width) or (height, width, bands): save it so`,
      { subject },
    );
  }
}

export const npyReader: ImageReader = {
  header: async (bytes, subject) => orRefused(subject, () => stored(bytes)),
  pixels: async (bytes, subject) =>
    orRefused(subject, () => {
      const header = readNpyHeader(bytes);
      return { ...sizesOf(header), data: readNpyValues(bytes, header) };
    }),
};
