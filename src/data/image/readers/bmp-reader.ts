/** BMP of 1 to 32 bits, by libnsbmp. */
import type { ImageReader } from '../reader.ts';
import { corruptImage, orCorrupt } from '../refusals.ts';
import { pickBands } from '../transparency.ts';
import { checkRuns, readBmpHeader, requireColours } from './bmp-header.ts';

/** The decoder says of any damage nothing but this. */
const failed = 'Failed to decode';

export const bmpReader: ImageReader = {
  header: async (bytes, subject) =>
    orCorrupt(subject, () => {
      const { width, height } = readBmpHeader(bytes, subject);
      return { width, height, bands: 3, transparency: 0, sample: 'uint8', largest: 255, colour: 'rgb', frames: 1 };
    }),
  async pixels(bytes, subject) {
    const { decode } = await import('@cwasm/nsbmp');
    return orCorrupt(subject, () => {
      const header = readBmpHeader(bytes, subject);
      requireColours(bytes, header);
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
