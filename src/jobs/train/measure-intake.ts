/** How pixels are to be taken from the images of a set: their depth, and which values are black and white. */
import { FelfriError } from '../../core/errors.ts';
import { spread } from '../../core/spread.ts';
import { readImageBytes } from '../../data/image/files.ts';
import { readImageHeader } from '../../data/image/header.ts';
import { type Intake, takeImage } from '../../data/image/intake.ts';
import type { ImageHeader, Sample } from '../../data/image/reader.ts';
import { extent, type ValueRange } from '../../data/image/value-range.ts';
import type { PartImage } from '../../data/part-image.ts';
import type { JobControl } from '../../train/control.ts';

/** What a training is asked of its images' values; what is left out is measured. */
export interface AskedIntake {
  /** Black and white; 'window': as all files propose. */
  readonly range?: ValueRange | 'window';
  /** One or three, counted from 1, or the grey mean of all. */
  readonly bands?: number[] | 'mean';
}

/** Headers that are read to learn the usual depth, and good images that a range is measured on. */
const HEADERS = 200;
const MEASURED = 100;

/** Share of the width that a measured range of float values gains at each end: new parts may be a little darker or brighter. */
const MARGIN = 0.1;

async function headersOf(images: readonly PartImage[]): Promise<ImageHeader[]> {
  const headers: ImageHeader[] = [];
  for (const { path, raw } of spread(images, HEADERS)) {
    try {
      headers.push(await readImageHeader(await readImageBytes(path, raw), path, Number.POSITIVE_INFINITY));
    } catch (error) {
      // told where the image is read for training
      if (!(error instanceof FelfriError)) throw error;
    }
  }
  return headers;
}

function usualSample(headers: readonly ImageHeader[]): Sample {
  const count = (sample: Sample): number => headers.filter((header) => header.sample === sample).length;
  const samples: readonly Sample[] = ['uint8', 'uint16', 'float32'];
  return samples.reduce((best, sample) => (count(sample) > count(best) ? sample : best));
}

/**
 * The range that values of good images need: of whole numbers from 0 to the largest of as many bits (4095 where the largest value has 12),
 * so that nothing is cut off; of float from the smallest to the largest, and a tenth beyond.
 */
async function measuredRange(images: readonly PartImage[], intake: Intake): Promise<ValueRange> {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const good = images.filter(({ label }) => label === 'good');
  for (const { path } of spread(good.length > 0 ? good : images, MEASURED)) {
    try {
      const own = extent((await takeImage(path, intake)).data);
      [low, high] = [Math.min(low, own.low), Math.max(high, own.high)];
    } catch (error) {
      if (!(error instanceof FelfriError)) throw error;
    }
  }
  if (intake.sample === 'uint16')
    return { low: 0, high: 2 ** Math.max(8, Math.ceil(Math.log2(Math.max(high, 1) + 1))) - 1 };
  // nothing could be read, or all values are one
  if (!(high > low)) return { low: Number.isFinite(low) ? low : 0, high: (Number.isFinite(low) ? low : 0) + 1 };
  const margin = MARGIN * (high - low);
  return { low: low - margin, high: high + margin };
}

/** The window that all files propose. Throws OPTION_INVALID where one proposes none or another. */
function windowOf(headers: readonly ImageHeader[]): ValueRange {
  const windows = new Map(headers.map(({ window }) => [window ? `${window.low}..${window.high}` : 'none', window]));
  const [only] = windows.values();
  if (windows.size === 1 && only) return only;
  throw new FelfriError(
    'OPTION_INVALID',
    `range window: the files propose ${[...windows.keys()].slice(0, 4).join(', ')}; legal is one window in all of them: give the numbers, such as --range 0..4095`,
    { subject: 'range' },
  );
}

/**
 * How pixels of a training's images are taken; undefined where most of them have 8 bits, none is a raw frame and no bands are asked for. The range is the one
 * asked for, else the one that all files state, else measured on good images. Throws OPTION_INVALID for a range for images of 8 bits.
 */
export async function measureIntake(
  images: readonly PartImage[],
  { range, bands }: AskedIntake,
  { onPhase }: JobControl,
): Promise<Intake | undefined> {
  const headers = await headersOf(images);
  const sample = usualSample(headers);
  const raw = images.find((image) => image.raw !== undefined)?.raw;
  const chosen = { ...(bands && { bands }), ...(raw !== undefined && { raw }) };
  if (sample === 'uint8') {
    if (range) {
      throw new FelfriError('OPTION_INVALID', 'the images have 8 bits a channel; a range is for images of more', {
        subject: 'range',
      });
    }
    return bands || raw !== undefined ? { sample, range: { low: 0, high: 255 }, ...chosen } : undefined;
  }
  if (range === 'window') return { sample, range: windowOf(headers), ...chosen };
  if (range) return { sample, range, ...chosen };
  const stated = new Set(headers.filter((header) => header.sample === sample).map(({ largest }) => largest));
  const [largest = null] = stated;
  if (stated.size === 1 && largest !== null) return { sample, range: { low: 0, high: largest }, ...chosen };
  onPhase?.('Measuring the range of pixel values');
  const open: Intake = { sample, range: { low: 0, high: 1 }, ...chosen };
  return { ...open, range: await measuredRange(images, open) };
}
