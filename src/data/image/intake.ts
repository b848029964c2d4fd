/**
 * How pixels are taken from the files of a set whose images are not plain 8 bits: the same way in training and inspecting, and written in the
 * bundle. Without an intake images have 8 bits, grey or RGB.
 */
import { FelfriError } from '../../core/errors.ts';
import { decodePixels, type ImageOptions } from './decode.ts';
import { readImageBytes } from './files.ts';
import { formatOf } from './formats.ts';
import type { Image, Pixels } from './raster.ts';
import type { FrameStatement } from './raw/stated-frame.ts';
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

/** Throws IMAGE_DEPTH unless the image is of the depth that a detector sees. */
export function requireDepth(image: Image<Pixels>, intake: Intake | undefined, subject: string): void {
  const sample = sampleOf(image);
  const wanted = intake?.sample ?? 'uint8';
  if (sample === wanted) return;
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
 * RGB pixels of an image file's bytes as an intake takes them; bytes of no format are a raw frame where `raw` states one, else the intake. Throws what `decodePixels` throws, and IMAGE_DEPTH for an image of another
 * depth than the intake's.
 */
export async function takePixels(
  bytes: Uint8Array,
  subject: string,
  intake: Intake | undefined,
  { raw: frame = intake?.raw, ...options }: Pick<ImageOptions, 'maxPixels' | 'raw'> = {},
): Promise<Image<Pixels>> {
  const raw = formatOf(bytes) === undefined ? frame : undefined;
  const image = await decodePixels(bytes, subject, {
    ...options,
    ...(intake?.bands && { bands: intake.bands }),
    ...(raw !== undefined && { raw }),
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
