/** DICOM and DICONDE: one frame, grey (MONOCHROME1 and 2) or RGB. */
import { FelfriError } from '../../../core/errors.ts';
import { fillEightBits } from '../full-range.ts';
import type { Pixels, Raster } from '../raster.ts';
import type { ImageReader, StoredImage } from '../reader.ts';
import { corruptImage, orCorrupt } from '../refusals.ts';
import type { ValueRange } from '../value-range.ts';
import { type DicomPixels, frameBytes, readDicom } from './dicom/data-set.ts';
import { unpackRunLengths } from './dicom/run-lengths.ts';
import { decodeJpeg2000 } from './jpeg2000/decode.ts';
import { readableCodestream } from './jpeg2000-reader.ts';
import { sharpPixels } from './sharp-reader.ts';

const rescaled = ({ slope, intercept }: DicomPixels): boolean => slope !== 1 || intercept !== 0;

function requireColours({ photometric, samples, syntax }: DicomPixels, subject: string): void {
  const inJpeg = syntax === 'JPEG' && photometric === 'YBR_FULL_422';
  const inJpeg2000 = syntax === 'JPEG 2000' && (photometric === 'YBR_RCT' || photometric === 'YBR_ICT');
  const legal = samples === 1 ? photometric.startsWith('MONOCHROME') : photometric === 'RGB' || inJpeg || inJpeg2000;
  if (legal && !(syntax === 'JPEG' && photometric === 'RGB')) return;
  throw new FelfriError(
    'IMAGE_COLOUR',
    `${subject}: colour space ${photometric} of DICOM; legal are MONOCHROME1, MONOCHROME2 and RGB: convert it`,
    { subject },
  );
}

/** What MONOCHROME1 is turned about: a stored value and what becomes of it add up to it. */
const turningSum = ({ signed, stored }: DicomPixels): number => (signed ? -1 : 2 ** stored - 1);

/**
 * The window in the units of the values as read, by DICOM PS3.3 C.11.2.1.2: a linear one of width w ends half a value inside, an exact one at
 * w / 2 on both sides. Where values are turned, it is turned with them.
 */
function windowAsRead(dicom: DicomPixels): ValueRange | undefined {
  const { window, inverted, slope, intercept } = dicom;
  if (!window) return undefined;
  const low = window.exact ? window.centre - window.width / 2 : window.centre - 0.5 - (window.width - 1) / 2;
  const high = low + (window.exact ? window.width : window.width - 1);
  const turned = slope * turningSum(dicom) + 2 * intercept;
  return inverted ? { low: turned - high, high: turned - low } : { low, high };
}

function storedOf(dicom: DicomPixels, subject: string): StoredImage {
  requireColours(dicom, subject);
  const { width, height, samples, stored, signed, frames } = dicom;
  const float = signed || rescaled(dicom);
  const window = windowAsRead(dicom);
  return {
    width,
    height,
    bands: samples,
    transparency: 0,
    sample: float ? 'float32' : stored <= 8 ? 'uint8' : 'uint16',
    largest: float ? null : stored <= 8 ? 255 : 2 ** stored - 1,
    colour: samples === 1 ? 'grey' : 'rgb',
    frames,
    ...(window && { window }),
  };
}

/** Values of the stored bits alone, interleaved. Throws RangeError where bytes are missing. */
function plainValues(dicom: DicomPixels, bytes: Uint8Array): Pixels {
  const { width, height, samples, allocated, stored, signed, syntax, planar } = dicom;
  const count = width * height * samples;
  if (bytes.length < (count * allocated) / 8)
    throw new RangeError(`${bytes.length} bytes for ${count} values of ${allocated} bits`);
  // one byte may make their number even; a row more is another picture's, or the rest of this one
  if (bytes.length >= (count * allocated) / 8 + Math.max(2, (width * samples * allocated) / 8))
    throw new RangeError(`${bytes.length} bytes are more than ${count} values of ${allocated} bits`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const mask = 2 ** stored - 1;
  const half = 2 ** (stored - 1);
  const apart = planar && samples === 3 && syntax !== 'run lengths';
  const pixels = width * height;
  const out = signed ? new Float32Array(count) : stored <= 8 ? new Uint8Array(count) : new Uint16Array(count);
  for (let i = 0; i < count; i++) {
    const at = apart ? (i % 3) * pixels + Math.floor(i / 3) : i;
    const value = (allocated === 8 ? bytes[at]! : view.getUint16(2 * at, syntax !== 'big')) & mask;
    out[i] = signed && value >= half ? value - 2 * half : value;
  }
  return out;
}

async function valuesOf(dicom: DicomPixels, subject: string): Promise<Pixels> {
  const bytes = frameBytes(dicom);
  const { syntax, width, height, samples, allocated } = dicom;
  if (syntax === 'JPEG 2000') {
    const stream = readableCodestream(bytes, subject);
    if (stream.width !== width || stream.height !== height || stream.components !== samples)
      throw new RangeError('two sizes are stated');
    return decodeJpeg2000(bytes, stream);
  }
  if (syntax === 'JPEG') {
    const raster = await sharpPixels(bytes, subject);
    if (raster.width !== width || raster.height !== height) throw new RangeError('two sizes are stated');
    return samples === 3 ? raster.data : (raster.data as Uint8Array).filter((_, i) => i % 3 === 0);
  }
  if (syntax !== 'run lengths') return plainValues(dicom, bytes);
  return plainValues(dicom, unpackRunLengths(bytes, width * height, samples, allocated === 8 ? 1 : 2));
}

/** Turns MONOCHROME1 about the middle of its range, and brings values to the units that the file states (rescale slope and intercept). */
function finished(values: Pixels, dicom: DicomPixels): Pixels {
  const { inverted, stored, slope, intercept } = dicom;
  if (inverted) {
    const sum = turningSum(dicom);
    for (let i = 0; i < values.length; i++) values[i] = sum - values[i]!;
  }
  fillEightBits(values, 2 ** stored - 1);
  return rescaled(dicom) ? Float32Array.from(values, (v) => v * slope + intercept) : values;
}

export const dicomReader: ImageReader = {
  async header(bytes, subject) {
    return storedOf(await readDicom(bytes, subject), subject);
  },
  async pixels(bytes, subject): Promise<Raster> {
    const dicom = await readDicom(bytes, subject);
    const { width, height, samples } = dicom;
    const values = await valuesOf(dicom, subject).catch((error: unknown) => {
      throw error instanceof RangeError ? corruptImage(subject, error) : error;
    });
    return orCorrupt(subject, () => ({ width, height, bands: samples, data: finished(values, dicom) }));
  },
};
