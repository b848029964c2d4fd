/**
 * Photographs as felfri sees them: grey or RGB, upright, without transparency. Reading gives one coded error for each kind of bad file.
 */
import { FelfriError } from '../../core/errors.ts';
import { readImageBytes } from './files.ts';
import { requireFiniteValues } from './finite-values.ts';
import { imageFormats } from './formats.ts';
import { toGrey } from './grey.ts';
import { readImageHeader } from './header.ts';
import { meanBand } from './mean-band.ts';
import { viewedBytes } from './memory.ts';
import { emptyLike, type Image, type Pixels, type Raster } from './raster.ts';
import { type FrameStatement, stateFrame } from './raw/stated-frame.ts';
import type { ImageHeader, ImageReader } from './reader.ts';
import { shrink } from './shrink.ts';
import { pickBands } from './transparency.ts';
import { toEightBits } from './value-range.ts';

export interface ImageOptions {
  /** Channels of the result, 3 unless told. Grey is Pillow's 'L' (ITU-R 601 luma). */
  readonly channels?: 1 | 3;
  /** Most pixels that are decoded, 100 million unless told. */
  readonly maxPixels?: number;
  /** One or three bands of the file, counted from 1, or the grey mean of all, for files of others than grey and RGB. */
  readonly bands?: readonly number[] | 'mean';
  /** What raw frames are, such as '640x480:Mono12p': bytes are then one, and so are files that end in .raw, .frame or .bin. */
  readonly raw?: FrameStatement;
}

const usualMaxPixels = 100_000_000;

/** The error for an image of another depth than the one that is legal. */
function wrongDepth(subject: string, { sample, largest }: ImageHeader): FelfriError {
  const what =
    sample === 'float32'
      ? 'float values'
      : `${largest === null ? 16 : Math.ceil(Math.log2(largest + 1))} bits per channel`;
  return new FelfriError('IMAGE_DEPTH', `${subject}: ${what}; legal here are 8 bits per channel`, { subject });
}

function spread<P extends Pixels>({ width, height, data }: Raster<P>): Image<P> {
  const out = emptyLike(data, data.length * 3);
  for (let i = 0; i < data.length; i++) out[3 * i] = out[3 * i + 1] = out[3 * i + 2] = data[i]!;
  return { width, height, channels: 3, data: out };
}

function imageOf<P extends Pixels>(raster: Raster<P>, channels: 1 | 3): Image<P> {
  const { width, height, bands, data } = raster;
  if (bands === 1) return channels === 1 ? { width, height, channels, data } : spread(raster);
  const image: Image<P> = { width, height, channels: 3, data };
  return channels === 1 ? toGrey(image) : image;
}

/** Which bands of the file are its channels. Throws IMAGE_BANDS where it has not those that are asked for, or others than grey and RGB. */
function channelBands({ bands }: ImageHeader, subject: string, asked?: readonly number[]): readonly number[] {
  if (asked === undefined && (bands === 1 || bands === 3)) return Array.from({ length: bands }, (_, band) => band);
  if (asked?.every((band) => band <= bands)) return asked.map((band) => band - 1);
  const wanted = asked
    ? `legal are those of bands ${asked.join(', ')}`
    : 'legal are 1 (grey) and 3 (RGB), and transparency beside them';
  throw new FelfriError(
    'IMAGE_BANDS',
    `${subject}: ${bands} ${bands === 1 ? 'band' : 'bands'}; ${wanted}: save the wanted ones alone, or train with --bands, such as --bands 1,2,3 or --bands mean`,
    { subject },
  );
}

const statedBytes = (bytes: Uint8Array, { raw }: ImageOptions): Uint8Array =>
  raw === undefined ? bytes : stateFrame(bytes, raw);

/**
 * The pixels of an image file's bytes as they are stored, whatever their depth: EXIF orientation applied, transparency left aside (colours
 * count as the camera wrote them), colour profiles ignored. `subject` is the name that errors give the image. Throws the codes of
 * `readImageHeader`; IMAGE_BANDS; IMAGE_TRANSPARENT where transparency took colours away; IMAGE_CORRUPT when pixels are truncated or damaged;
 * IMAGE_VALUES when one is NaN or infinite.
 */
export async function decodePixels(
  bytes: Uint8Array,
  subject: string,
  options: ImageOptions = {},
): Promise<Image<Pixels>> {
  const stated = statedBytes(bytes, options);
  const header = await readImageHeader(stated, subject, options.maxPixels ?? usualMaxPixels);
  return pixelsOf(stated, subject, header, options);
}

async function pixelsOf(
  bytes: Uint8Array,
  subject: string,
  header: ImageHeader,
  { channels = 3, bands: asked }: ImageOptions,
): Promise<Image<Pixels>> {
  const bands = asked === 'mean' ? [] : channelBands(header, subject, asked);
  const reader = await imageFormats[header.format].reader();
  const raster = await reader.pixels(bytes, subject, header);
  requireFiniteValues(raster.data, subject);
  if (asked === 'mean') return imageOf(meanBand(raster), channels);
  return imageOf(raster.bands === header.bands ? pickBands(raster, bands) : raster, channels);
}

/** As `decodePixels`, of 8 bits a channel. Throws IMAGE_DEPTH for others. */
export async function decodeImage(bytes: Uint8Array, subject: string, options: ImageOptions = {}): Promise<Image> {
  const stated = statedBytes(bytes, options);
  const header = await readImageHeader(stated, subject, options.maxPixels ?? usualMaxPixels);
  if (header.sample !== 'uint8') throw wrongDepth(subject, header);
  return (await pixelsOf(stated, subject, header, options)) as Image;
}

/** Reads an image file. Throws the codes of `readImageBytes` and `decodeImage`, each naming the path. */
export async function readImage(path: string, options: ImageOptions = {}): Promise<Image> {
  const { raw, ...rest } = options;
  return decodeImage(await readImageBytes(path, raw), path, rest);
}

export interface ViewOptions extends ImageOptions {
  /** Longest side of the result, pixels; the image's own unless told. Never enlarged. */
  readonly longest?: number;
}

/** The reader that shrinks such an image while it reads it; undefined where none does. */
async function shrinking({ format, sample, transparency, bands }: ImageHeader): Promise<ImageReader | undefined> {
  const plain = sample === 'uint8' && transparency === 0 && (bands === 1 || bands === 3);
  const reader = await imageFormats[format].reader();
  return plain && reader.shrunk ? reader : undefined;
}

/** Bytes of memory that `decodeForView` takes at most. Throws the codes of `readImageHeader`. */
export async function viewMemory(bytes: Uint8Array, subject: string, options: ViewOptions = {}): Promise<number> {
  const header = await readImageHeader(bytes, subject, options.maxPixels ?? usualMaxPixels);
  const { longest } = options;
  const isSmaller = longest !== undefined && Math.max(header.width, header.height) > longest;
  return viewedBytes(header, isSmaller && (await shrinking(header)) !== undefined);
}

/**
 * An image to look at, in 8 bits: deep values from black to the largest that the file states, else from its smallest to its largest, and the
 * first bands of many. Where it is to be smaller, and its format allows, it is shrunk while it is read. Throws what `decodePixels` throws.
 */
export async function decodeForView(bytes: Uint8Array, subject: string, options: ViewOptions = {}): Promise<Image> {
  const header = await readImageHeader(bytes, subject, options.maxPixels ?? usualMaxPixels);
  const { bands, largest, sample, width, height } = header;
  const { longest, channels = 3 } = options;
  const isSmaller = longest !== undefined && Math.max(width, height) > longest;
  const reader = isSmaller ? await shrinking(header) : undefined;
  if (isSmaller && reader)
    return imageOf((await reader.shrunk!(bytes, subject, longest)) as Raster<Uint8Array>, channels);
  const shown = bands === 2 ? [1] : bands > 3 ? [1, 2, 3] : undefined;
  const image = await pixelsOf(bytes, subject, header, { ...options, ...(shown && { bands: shown }) });
  const view = toEightBits(image, sample !== 'uint8' && largest !== null ? { low: 0, high: largest } : undefined);
  return isSmaller ? shrink(view, longest) : view;
}
