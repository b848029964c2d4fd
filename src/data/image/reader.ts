/** What a reader of an image format does: the header first, so that sizes are bounded before any pixel is decoded. */
import type { FormatName } from './formats.ts';
import type { Image } from './raster.ts';

/** What the file says of itself. */
export interface StoredImage {
  /** As stored, before EXIF orientation; pixels. */
  readonly width: number;
  readonly height: number;
  /** As stored: 1 grey, 2 grey with alpha, 3 colour, 4 colour with alpha. */
  readonly channels: number;
  /** Type of a channel, such as 'uchar' (8 bits) or 'ushort' (16). */
  readonly depth: string;
  /** 'grey', 'rgb', or the name of a colour space that is not read. */
  readonly colour: string;
  readonly frames: number;
}

export interface ImageHeader extends StoredImage {
  readonly format: FormatName;
}

/** Both throw IMAGE_CORRUPT for bytes that are truncated or damaged; `subject` is the name that errors give the image. */
export interface ImageReader {
  header(bytes: Uint8Array, subject: string): Promise<StoredImage>;
  /** Upright RGB pixels. */
  pixels(bytes: Uint8Array, subject: string): Promise<Image>;
}
