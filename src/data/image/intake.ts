/**
 * How pixels are taken from the files of a set whose images are not plain 8 bits: the same way in training and inspecting, and written in the
 * bundle. Without an intake images have 8 bits, grey or RGB.
 */
import { extname } from 'node:path';
import { FelfriError } from '../../core/errors.ts';
import { decodePixels, type ImageOptions } from './decode.ts';
import { readImageBytes } from './files.ts';
import { requireFiniteValues } from './finite-values.ts';
import { formatOf, isImageEnding, unreadTitle } from './formats.ts';
import type { Image, Pixels } from './raster.ts';
import { FRAME_SIGNATURE, type FrameStatement, isFrameName } from './raw/stated-frame.ts';
import type { Sample } from './reader.ts';
import type { ValueRange } from './value-range.ts';

export interface Intake {
  /** How values are held; images of another kind are refused rather than scaled by a guess. */
  readonly sample: Sample;
  /** What the detector sees as black and white; applied within its model. */
  readonly range: ValueRange;
  /** Bands that are red, green and blue, or the one that is grey, counted from 1; the grey mean of all; all of them where left out. */
  readonly bands?: number[] | 'mean';
  /** What raw frames are, where the detector learned from such. */
  readonly raw?: FrameStatement;
}

const held = { uint8: '8 bits a channel', uint16: '16 bits a channel', float32: 'float values' } as const;

/** How the values of an image are held. */
const sampleOf = ({ data }: Image<Pixels>): Sample =>
  data instanceof Uint8Array ? 'uint8' : data instanceof Uint16Array ? 'uint16' : 'float32';

/** Throws IMAGE_DEPTH unless the image is of the depth that a detector sees, and IMAGE_VALUES where a value is no finite number. */
export function requireDepth(image: Image<Pixels>, intake: Intake | undefined, subject: string): void {
  const sample = sampleOf(image);
  const wanted = intake?.sample ?? 'uint8';
  if (sample === wanted) {
    requireFiniteValues(image.data, subject);
    return;
  }
  const seen = intake
    ? `${held[wanted]}, of which ${intake.range.low} is black and ${intake.range.high} white`
    : held[wanted];
  throw new FelfriError(
    'IMAGE_DEPTH',
    `${subject}: ${held[sample]}; legal is what this detector is for, ${seen}: give it images as they were trained on, or train one on such as this`,
    { subject },
  );
}

/**
 * A damaged file may be as long as a frame, so bytes of no format are one by what is said of them alone: by `raw`, unless their name is that of
 * another kind of file. That the detector learned from frames says nothing of these bytes.
 */
function statedFrame(bytes: Uint8Array, subject: string, intake?: Intake, raw?: FrameStatement): FrameStatement | null {
  if (formatOf(bytes) !== undefined || (raw === undefined && intake?.raw === undefined)) return null;
  const ending = extname(subject);
  const isOther = !isFrameName(subject) && (isImageEnding(ending) || unreadTitle(ending) !== undefined);
  if (raw !== undefined && !isOther) return raw;
  throw new FelfriError(
    'IMAGE_FORMAT',
    `${subject}: the bytes are of no image format, and nothing says that they are a raw frame; legal is one with the line ${FRAME_SIGNATURE}${raw ?? intake?.raw} ahead, or in a file that ends in .raw, .frame or .bin`,
    { subject },
  );
}

/**
 * RGB pixels of an image file's bytes as an intake takes them; bytes of no format are a raw frame where `raw` states one. Throws what
 * `decodePixels` throws, and IMAGE_DEPTH for an image of another depth than the intake's.
 */
export async function takePixels(
  bytes: Uint8Array,
  subject: string,
  intake: Intake | undefined,
  { raw: frame, ...options }: Pick<ImageOptions, 'maxPixels' | 'raw'> = {},
): Promise<Image<Pixels>> {
  const raw = bytes.length === 0 ? null : statedFrame(bytes, subject, intake, frame);
  const image = await decodePixels(bytes, subject, {
    ...options,
    ...(intake?.bands && { bands: intake.bands }),
    ...(raw !== null && { raw }),
  });
  requireDepth(image, intake, subject);
  return image;
}

/** As `takePixels`, of a file; `raw` states what raw frames are, as the intake does unless told. Throws what `readImageBytes` throws, too. */
export async function takeImage(
  path: string,
  intake: Intake | undefined,
  raw: FrameStatement | undefined = intake?.raw,
): Promise<Image<Pixels>> {
  return takePixels(await readImageBytes(path, raw), path, intake);
}
