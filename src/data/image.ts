/**
 * Photographs as felfri sees them: 8 bits, grey or RGB, upright. Reading gives one coded error for each kind of bad file.
 */
import { readFile, stat } from 'node:fs/promises';
import { FelfriError } from '../core/errors.ts';
import { writeFileAtomic } from '../core/files.ts';
import { loadSharp } from './decoder.ts';
import { corruptImage, readImageHeader } from './image-header.ts';
import type { Image } from './raster.ts';

export type { Image } from './raster.ts';

export interface ImageOptions {
  /** Channels of the result, 3 unless told. Grey is Pillow's 'L' (ITU-R 601 luma). */
  readonly channels?: 1 | 3;
  /** Most pixels that are decoded, 100 million unless told. */
  readonly maxPixels?: number;
}

/** Grey from RGB as Pillow converts to 'L': (19595 R + 38470 G + 7471 B + 0x8000) >> 16. A grey image is returned as it is. */
export function toGrey(image: Image): Image {
  if (image.channels === 1) return image;
  const { width, height, data } = image;
  const grey = new Uint8Array(width * height);
  for (let i = 0, j = 0; i < grey.length; i++, j += 3) {
    grey[i] = (data[j]! * 19595 + data[j + 1]! * 38470 + data[j + 2]! * 7471 + 0x8000) >> 16;
  }
  return { width, height, channels: 1, data: grey };
}

/**
 * Decodes the bytes of an image file: EXIF orientation applied, transparency laid on black, colour profiles ignored (the
 * numbers are those that the camera wrote). `subject` is the name that errors give the image.
 * Throws the codes of `readImageHeader`, and IMAGE_CORRUPT when the pixels are truncated or damaged.
 */
export async function decodeImage(bytes: Uint8Array, subject: string, options: ImageOptions = {}): Promise<Image> {
  await readImageHeader(bytes, subject, options.maxPixels ?? 100_000_000);
  const sharp = await loadSharp();
  const { data, info } = await sharp(bytes, { failOn: 'warning', limitInputPixels: false, ignoreIcc: true })
    .autoOrient()
    .flatten({ background: '#000' })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch((error: unknown) => {
      throw corruptImage(subject, error);
    });
  const image: Image = { width: info.width, height: info.height, channels: 3, data: new Uint8Array(data) };
  return options.channels === 1 ? toGrey(image) : image;
}

function fileError(subject: string, cause: NodeJS.ErrnoException): unknown {
  switch (cause.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      // Node puts U+FFFD where a name's bytes are not UTF-8, and then cannot find the file by that name
      return subject.includes('\uFFFD')
        ? new FelfriError('IMAGE_NAME', `${subject}: the file name is not valid UTF-8; rename the file`, {
            subject,
            cause,
          })
        : new FelfriError('IMAGE_MISSING', `${subject}: there is no such file; check the path`, { subject, cause });
    case 'EACCES':
    case 'EPERM':
    case 'ELOOP':
    case 'ENAMETOOLONG':
    case 'ERR_INVALID_ARG_VALUE':
      return new FelfriError(
        'IMAGE_MISSING',
        `${subject}: the file cannot be opened (${cause.code}); check the path and its permissions`,
        {
          subject,
          cause,
        },
      );
    case 'EIO':
      return corruptImage(subject, cause);
    case 'ERR_FS_FILE_TOO_LARGE':
      return new FelfriError(
        'IMAGE_TOO_LARGE',
        `${subject}: the file is larger than 2 GiB; cut the image into pieces`,
        {
          subject,
          cause,
        },
      );
    default:
      return cause;
  }
}

/** The bytes of an image file. Throws IMAGE_MISSING, IMAGE_NAME, IMAGE_IS_DIRECTORY or IMAGE_FORMAT (no regular file). */
export async function readImageBytes(path: string): Promise<Uint8Array> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) {
      throw new FelfriError('IMAGE_IS_DIRECTORY', `${path}: a directory, not an image; name the files in it`, {
        subject: path,
      });
    }
    // a pipe or device could block for ever
    if (!found.isFile()) {
      throw new FelfriError('IMAGE_FORMAT', `${path}: not a regular file; give the path of an image file`, {
        subject: path,
      });
    }
    return await readFile(path);
  } catch (error) {
    throw fileError(path, error as NodeJS.ErrnoException);
  }
}

/** Reads an image file. Throws the codes of `readImageBytes` and `decodeImage`, each naming the path. */
export async function readImage(path: string, options: ImageOptions = {}): Promise<Image> {
  return decodeImage(await readImageBytes(path), path, options);
}

/** PNG bytes of an image, grey as one channel. */
export async function encodePng(image: Image): Promise<Uint8Array> {
  const { width, height, channels, data } = image;
  const sharp = await loadSharp();
  return sharp(data, { raw: { width, height, channels }, limitInputPixels: false })
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .png()
    .toBuffer();
}

/** A WebP to look at rather than to measure: shrunk until no side is longer than `longest` pixels. */
export async function encodePreview(image: Image, longest: number): Promise<Uint8Array> {
  const { width, height, channels, data } = image;
  const sharp = await loadSharp();
  return sharp(data, { raw: { width, height, channels }, limitInputPixels: false })
    .resize({ width: longest, height: longest, fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 85 })
    .toBuffer();
}

/** Writes an image as PNG, whole or not at all. */
export async function writePng(path: string, image: Image): Promise<void> {
  await writeFileAtomic(path, await encodePng(image));
}
