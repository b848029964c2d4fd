/** BMP of 1 to 32 bits, by libnsbmp. */
import type { ImageReader } from '../reader.ts';
import { corruptImage, orCorrupt } from '../refusals.ts';
import { pickBands } from '../transparency.ts';
import { type BmpHeader, checkRuns, readBmpHeader, refuseBmp, requireColours } from './bmp-header.ts';
import { bitsOfMasks, deepPixels, twoBitPixels } from './bmp-unpack.ts';

/** The decoder says of any damage nothing but this. */
const failed = 'Failed to decode';

/** Bits of each colour where they are more than 8. Throws IMAGE_FORMAT where colours would have a depth of their own each. */
function deepBits({ masks }: BmpHeader, subject: string): number | undefined {
  if (masks.every((mask) => bitsOfMasks([mask])! <= 8)) return undefined;
  const bits = bitsOfMasks(masks);
  return bits !== undefined && bits <= 16
    ? bits
    : refuseBmp(subject, 'whose masks do not give three colours of equally many bits');
}

export const bmpReader: ImageReader = {
  header: async (bytes, subject) =>
    orCorrupt(subject, () => {
      const header = readBmpHeader(bytes, subject);
      const { width, height } = header;
      const bits = deepBits(header, subject);
      const depth = bits
        ? ({ sample: 'uint16', largest: 2 ** bits - 1 } as const)
        : ({ sample: 'uint8', largest: 255 } as const);
      return { width, height, bands: 3, transparency: 0, ...depth, colour: 'rgb', frames: 1 };
    }),
  async pixels(bytes, subject) {
    const { decode } = await import('@cwasm/nsbmp');
    return orCorrupt(subject, () => {
      const header = readBmpHeader(bytes, subject);
      requireColours(bytes, header);
      if (header.bits === 2) return twoBitPixels(header, bytes);
      if (deepBits(header, subject)) return deepPixels(header, bytes);
      const whole = header.runs ? checkRuns(bytes, header) : bytes;
      try {
        const { width, height, data } = decode(whole);
        return pickBands({ width, height, bands: 4, data: new Uint8Array(data.buffer) }, [0, 1, 2]);
      } catch (error) {
        throw error instanceof Error && error.message.startsWith(failed) ? corruptImage(subject, error) : error;
      }
    });
  },
};
