/**
 * The mask of an image: a file, or a folder whose files are united (MVTec LOCO has one for each defect). What cannot be
 * believed is refused by a code, so that no marked pixel is ever taken for background.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { FelfriError } from '../../core/errors.ts';
import { beginningOf } from '../../core/outputs.ts';
import type { Drawing, Shape } from '../annotations/drawing.ts';
import { paintDrawing } from '../annotations/paint.ts';
import { readImageBytes } from '../image/files.ts';
import { withEarlyExif } from '../image/readers/png-unseen.ts';
import { loadSharp } from '../image/sharp.ts';
import { startsWith } from '../image/signature.ts';
import { byName, isImageFile } from '../listing.ts';
import type { Colour } from './palette.ts';
import { doubtOf, type MaskDoubt, markedPixels } from './rule.ts';
import { decodeMask, type MaskFile, type MaskOptions } from './values.ts';

/** The image that a mask is for, as it is shown. */
export interface MaskFrame {
  readonly width: number;
  readonly height: number;
  /** EXIF orientation of the image's file, 1 to 8; 1 unless told. */
  readonly orientation?: number | undefined;
}

export interface Mask {
  /** 1 where defect, 0 elsewhere; height x width. */
  readonly pixels: Uint8Array;
  /** How many pixels are defect. */
  readonly count: number;
  /** Whether it has values between background and mark, as JPEG and scaling leave them. */
  readonly soft: boolean;
}

/** The error for a mask of another size than its image. */
function maskMismatch(subject: string, mask: MaskFrame, image: MaskFrame): FelfriError {
  const { orientation = 1 } = image;
  const turned = orientation >= 5 && mask.width === image.height && mask.height === image.width;
  const why = turned
    ? `that is the photograph before its EXIF orientation ${orientation} turns it: turn the mask likewise`
    : 'legal is the same size: export it again';
  return new FelfriError(
    'MASK_MISMATCH',
    `${subject}: the mask has ${mask.width} x ${mask.height} pixels, its image ${image.width} x ${image.height}; ${why}`,
    { subject },
  );
}

const doubts: Readonly<Record<MaskDoubt, string>> = {
  'every-pixel': 'it marks every pixel; legal is a mask whose background is black (0): export it again',
  inverted:
    'it marks the whole border and leaves a hole, so it seems inverted; legal is black where nothing is defect: invert it',
  'not-finite':
    'it holds values that are NaN or infinite, which are neither background nor mark; export it again without',
  faint:
    'its brightest value is near black, in a format that changes values when it is saved, so nobody can tell marks from noise; save it as PNG',
};

const unclear = (subject: string, why: string): FelfriError =>
  new FelfriError('MASK_UNCLEAR', `${subject}: the mask cannot be believed: ${why}`, { subject });

/** The error for a mask that marks nothing where something must be marked. */
export const maskEmpty = (subject: string): FelfriError =>
  new FelfriError(
    'MASK_EMPTY',
    `${subject}: the image is called defective, but its mask marks nothing; mark the defect, take the mask away, or call the image good`,
    { subject },
  );

/** Throws MASK_UNCLEAR where size alone cannot tell whether a mask was made before or after its image was turned. */
function requireFrame(
  subject: string,
  mask: Pick<MaskFile, 'orientation'>,
  { width, height, orientation = 1 }: MaskFrame,
): void {
  const own = mask.orientation ?? 1;
  const isToldBySize = (turn: number): boolean => turn >= 5 && width !== height;
  if (orientation === 1 && own > 1 && !isToldBySize(own)) {
    throw unclear(
      subject,
      `it is turned by an EXIF orientation ${own} of its own and its image by none, so one of the two may lie otherwise; save the mask upright, without orientation`,
    );
  }
  if (orientation === 1 || mask.orientation !== undefined || isToldBySize(orientation)) return;
  throw unclear(
    subject,
    `its image is turned by EXIF orientation ${orientation}, and a mask of this size may be from before or after; save the photograph upright, without orientation`,
  );
}

/** What a mask marks. Throws MASK_UNCLEAR where it cannot be believed. */
export function believedMarks(file: MaskFile, subject: string): Mask {
  const marked = markedPixels(file);
  const doubt = doubtOf(file, marked);
  if (doubt) throw unclear(subject, doubts[doubt]);
  return marked;
}

/** Reads the bytes of a mask. Throws MASK_MISMATCH, MASK_UNCLEAR, and what `decodeImage` throws. */
export async function maskOfBytes(
  bytes: Uint8Array,
  subject: string,
  frame: MaskFrame,
  options?: MaskOptions,
): Promise<Mask> {
  const file = await decodeMask(bytes, subject, options);
  if (file.width !== frame.width || file.height !== frame.height) throw maskMismatch(subject, file, frame);
  requireFrame(subject, file, frame);
  return believedMarks(file, subject);
}

/** The files of a mask: itself, or what lies in its folder. */
export async function maskFiles(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isDirectory()) return [path];
  const names = (await readdir(path)).filter((name) => isImageFile(name)).sort(byName);
  return names.map((name) => join(path, name));
}

/** EXIF orientation of an image's file, 1 where it states none or cannot be read. */
async function orientationOf(path: string): Promise<number> {
  const sharp = await loadSharp();
  const find = async () => {
    // of the other formats the head of the file is enough
    const isPng = startsWith('\x89PNG')(await beginningOf(path, 4));
    return sharp(isPng ? withEarlyExif(await readFile(path)) : path, { limitInputPixels: false }).metadata();
  };
  const metadata = await find().catch(() => undefined);
  return metadata?.orientation ?? 1;
}

const isMask = ({ geometry }: Shape): boolean => geometry.kind === 'runs';

/** A mask of shapes. They say what is defect without colours; one of masks alone may yet be inverted. */
function drawnMask(drawing: Drawing, frame: MaskFrame): Mask {
  const { file, size, upright } = drawing;
  const { width, height, orientation = 1 } = frame;
  if (size && (size.width !== width || size.height !== height)) throw maskMismatch(file, size, frame);
  if (!upright) requireFrame(file, { orientation: undefined }, size ? frame : { width, height: width, orientation });
  const pixels = paintDrawing(drawing, frame);
  const count = pixels.reduce((sum, pixel) => sum + pixel, 0);
  if (count === pixels.length) throw unclear(file, 'its shapes mark every pixel of the image; mark the defect alone');
  const doubt = doubtOf({ width, height, values: pixels, lossy: false }, { pixels, count, soft: false });
  if (doubt && drawing.shapes.every(isMask)) throw unclear(file, doubts[doubt]);
  return { pixels, count, soft: false };
}

/** An image with a mask file, or with the shapes of an annotation file. */
interface Masked {
  readonly path: string;
  readonly mask: string;
  readonly drawing?: Drawing | undefined;
  /** The colour of the mask's background, such as '#ffffff', where the data set states one. */
  readonly maskBackground?: string | undefined;
}

/** Red, green and blue of '#rrggbb'; undefined for anything else. */
export function colourOf(hex: string | undefined): Colour | undefined {
  if (hex === undefined || !/^#[0-9a-f]{6}$/i.test(hex)) return undefined;
  const [red = 0, green = 0, blue = 0] = Buffer.from(hex.slice(1), 'hex');
  return [red, green, blue];
}

/**
 * Reads the mask of an image that is shown with `width` x `height` pixels.
 * Throws MASK_MISMATCH for another size, MASK_UNCLEAR for what cannot be believed, and what `readImage` throws.
 */
export async function readMask(image: Masked, size: MaskFrame): Promise<Mask> {
  const { width, height } = size;
  const frame = { width, height, orientation: size.orientation ?? (await orientationOf(image.path)) };
  if (image.drawing) return drawnMask(image.drawing, frame);
  const pixels = new Uint8Array(width * height);
  let soft = false;
  const background = colourOf(image.maskBackground);
  for (const path of await maskFiles(image.mask)) {
    const one = await maskOfBytes(await readImageBytes(path), path, frame, { background });
    soft ||= one.soft;
    one.pixels.forEach((pixel, i) => {
      if (pixel) pixels[i] = 1;
    });
  }
  return { pixels, count: pixels.reduce((sum, pixel) => sum + pixel, 0), soft };
}

/**
 * The mask by which an image is learned from or judged, pixel by pixel. Throws, beside what `readMask` throws, MASK_EMPTY where a
 * defective image's mask marks nothing, MASK_UNCLEAR where a good image's mask marks something.
 */
export async function readTrustedMask(
  image: Masked & { readonly label: 'good' | 'defective' },
  size: MaskFrame,
): Promise<Uint8Array> {
  const { pixels, count } = await readMask(image, size);
  if (image.label === 'defective' && count === 0) throw maskEmpty(image.mask);
  if (image.label === 'good' && count > 0)
    throw unclear(
      image.mask,
      `it marks ${count} pixels of ${basename(image.path)}, which is called good; correct one of the two`,
    );
  return pixels;
}
