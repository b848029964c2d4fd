/** What a reader of an image format does: the header first, so that sizes are bounded before any pixel is decoded. */
import type { Raster } from './raster.ts';
import type { ValueRange } from './value-range.ts';

/** Each is an ending of the format, too: the station names the files that it keeps by it. */
export type FormatName = 'jpeg' | 'png' | 'webp' | 'tiff' | 'gif' | 'bmp' | 'pnm' | 'npy' | 'jp2' | 'dcm' | 'frame';

/** How pixel values are held: 8 bits, up to 16 bits, or as float what fits in neither. */
export type Sample = 'uint8' | 'uint16' | 'float32';

/** What the file says of itself. */
export interface StoredImage {
  /** As stored, before EXIF orientation; pixels. */
  readonly width: number;
  readonly height: number;
  /** Bands that are no transparency: 1 grey, 3 colour, others lights or wavelengths. */
  readonly bands: number;
  /** Bands of transparency, which are left aside. */
  readonly transparency: number;
  readonly sample: Sample;
  /** The largest value that the file states (4095 for 12 bits); null where it does not say, and for float. */
  readonly largest: number | null;
  /** 'grey', 'rgb', or the name of a colour space that is not read. */
  readonly colour: string;
  readonly frames: number;
  /** The values of black and white that the file proposes to look at it with, in the units of its pixels as read; only DICOM does. */
  readonly window?: ValueRange;
  /** Whether width and height change places when it is set upright. */
  readonly turned?: boolean;
}

export interface ImageHeader extends StoredImage {
  readonly format: FormatName;
}

/** Both throw IMAGE_CORRUPT for bytes that are truncated or damaged; `subject` is the name that errors give the image. */
export interface ImageReader {
  header(bytes: Uint8Array, subject: string): Promise<StoredImage>;
  /** Upright: the bands of the header without transparency, or three equal ones of a grey image. */
  pixels(bytes: Uint8Array, subject: string, header: StoredImage): Promise<Raster>;
  /**
   * As `pixels`, to look at: shrunk while it is read until no side is longer than `longest`, so that the whole is never in memory. Asked
   * for images of 8 bits without transparency alone.
   */
  shrunk?(bytes: Uint8Array, subject: string, longest: number): Promise<Raster>;
}
