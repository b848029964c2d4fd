/**
 * Photographs as felfri sees them: 8 bits, grey or RGB, upright. Reading gives one coded error for each kind of bad file.
 */
import { readImageBytes } from './files.ts';
import { imageFormats } from './formats.ts';
import { toGrey } from './grey.ts';
import { readImageHeader } from './header.ts';
import type { Image } from './raster.ts';

export interface ImageOptions {
  /** Channels of the result, 3 unless told. Grey is Pillow's 'L' (ITU-R 601 luma). */
  readonly channels?: 1 | 3;
  /** Most pixels that are decoded, 100 million unless told. */
  readonly maxPixels?: number;
}

/**
 * Decodes the bytes of an image file: EXIF orientation applied, transparency laid on black, colour profiles ignored (the
 * numbers are those that the camera wrote). `subject` is the name that errors give the image.
 * Throws the codes of `readImageHeader`, and IMAGE_CORRUPT when the pixels are truncated or damaged.
 */
export async function decodeImage(bytes: Uint8Array, subject: string, options: ImageOptions = {}): Promise<Image> {
  const { format } = await readImageHeader(bytes, subject, options.maxPixels ?? 100_000_000);
  const reader = await imageFormats[format].reader();
  const image = await reader.pixels(bytes, subject);
  return options.channels === 1 ? toGrey(image) : image;
}

/** Reads an image file. Throws the codes of `readImageBytes` and `decodeImage`, each naming the path. */
export async function readImage(path: string, options: ImageOptions = {}): Promise<Image> {
  return decodeImage(await readImageBytes(path), path, options);
}
