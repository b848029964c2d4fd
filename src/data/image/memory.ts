/** How much memory an image takes while it is decoded and inspected, or shrunk, as its header tells. */
import type { ImageHeader, Sample } from './reader.ts';

/**
 * Bytes a pixel, at most, from an encoded image to a score map. Measured at 24 and 49 megapixels over all formats (docs/station-load.md): of 8 bits
 * the pixels twice, and one channel as bytes and as float32; of others the values, and twice as float32.
 */
const inspected: Readonly<Record<Sample, number>> = { uint8: 12, uint16: 40, float32: 46 };
/** Its decoder takes more than anything that follows. */
const BMP = 15;

/** Bytes a pixel, at most, to decode an image whole and make 8 bits of it. */
const viewed: Readonly<Record<Sample, number>> = { uint8: 15, uint16: 12, float32: 20 };

/** Of an image that is shrunk while it is read, whatever its size: libvips's rows, and of a progressive JPEG its coefficients. */
const SHRUNK_PIXEL_BYTES = 4;

/** How often the encoded image is in memory: on its way to where it is decoded, there, and in the decoder. */
const ENCODED_TIMES = 3;

/** Bytes that inspecting an image of this header takes at most, which came as so many. */
export const inspectedBytes = ({ width, height, sample, format }: ImageHeader, encoded: number): number =>
  width * height * (format === 'bmp' ? BMP : inspected[sample]) + ENCODED_TIMES * encoded;

/** Most pixels of an image whose inspection takes no more than some bytes, but for how it came. */
export const mostPixels = (bytes: number, sample: Sample): number => Math.floor(bytes / inspected[sample]);

/** Bytes that a smaller copy of an image of this header takes at most, without the copy itself; `isShrunk` where it is shrunk while it is read. */
export const viewedBytes = ({ width, height, sample }: ImageHeader, isShrunk: boolean): number =>
  width * height * (isShrunk ? SHRUNK_PIXEL_BYTES : viewed[sample]);
