/** Raw frames of cameras, with the line ahead that states their size and pixel format. */
import { FelfriError } from '../../../core/errors.ts';
import type { Raster } from '../raster.ts';
import { demosaic } from '../raw/demosaic.ts';
import { packings } from '../raw/packings.ts';
import { pixelFormats } from '../raw/pixel-formats.ts';
import { type Frame, openFrame } from '../raw/stated-frame.ts';
import type { ImageReader, StoredImage } from '../reader.ts';

const valuesOf = ({ width, height, format }: Frame): number =>
  width * height * (/^(rgb|bgr)$/.test(pixelFormats[format].colour) ? 3 : 1);

/** Bytes of a frame: packed values run on over the ends of lines, so that only the last byte may be filled up. */
function frameBytes(frame: Frame): number {
  const { bits, packing } = pixelFormats[frame.format];
  return Math.ceil((valuesOf(frame) * packings[packing].stride(bits)) / 8);
}

const notSuch = (subject: string, { width, height, format }: Frame, got: string): FelfriError =>
  new FelfriError(
    'IMAGE_FRAME',
    `${subject}: ${got} of ${width} x ${height} pixels of ${format}; state the size and pixel format that the camera was set to, or export PGM, TIFF or .npy`,
    { subject },
  );

function stored(bytes: Uint8Array, subject: string): StoredImage {
  const { frame, pixels } = openFrame(bytes, subject);
  const { width, height, format } = frame;
  const { bits, colour } = pixelFormats[format];
  const size = frameBytes(frame);
  if (pixels.length === 0 || pixels.length % size !== 0)
    throw notSuch(subject, frame, `${pixels.length} bytes, where ${size} are a frame`);
  return {
    width,
    height,
    bands: colour === 'grey' ? 1 : 3,
    transparency: 0,
    sample: bits === 8 ? 'uint8' : 'uint16',
    largest: 2 ** bits - 1,
    colour: colour === 'grey' ? 'grey' : 'rgb',
    frames: pixels.length / size,
  };
}

function raster(bytes: Uint8Array, subject: string): Raster {
  const { frame, pixels } = openFrame(bytes, subject);
  const { width, height, format } = frame;
  const { bits, packing, colour } = pixelFormats[format];
  const count = valuesOf(frame);
  const data = bits === 8 ? new Uint8Array(count) : new Uint16Array(count);
  packings[packing].unpack(pixels, bits, data);
  // bits above those stated tell that they are not what the camera wrote
  const beyond = data.find((value) => value >= 2 ** bits);
  if (beyond !== undefined)
    throw notSuch(subject, frame, `a value of ${beyond}, where ${2 ** bits - 1} is the largest`);
  if (colour === 'grey' || colour === 'rgb') return { width, height, bands: colour === 'grey' ? 1 : 3, data };
  if (colour !== 'bgr') return demosaic({ width, height, data }, colour);
  for (let i = 0; i < count; i += 3) [data[i], data[i + 2]] = [data[i + 2]!, data[i]!];
  return { width, height, bands: 3, data };
}

export const frameReader: ImageReader = {
  header: async (bytes, subject) => stored(bytes, subject),
  pixels: async (bytes, subject) => raster(bytes, subject),
};
