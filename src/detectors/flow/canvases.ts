/** Canvases that suit the images of a set, and which of them is taken by what calibration images show; docs/experiments/flow.md has the figures. */

import { auroc, aurocDifferenceError } from '../../core/auroc.ts';
import { upperMedian } from '../../core/median.ts';
import type { Canvas } from '../../train/canvas.ts';
import type { ImageSize } from '../image-sizes.ts';

/** Pixels of the smallest canvas, about 256 x 256. */
export const USUAL_PIXELS = 256 * 256;

/** Larger canvases, in usual ones: an inspection takes as many times as long. */
const LARGER = [2.5, 6];

/** A canvas that is not so many times as large as the one before is not worth a trial. */
const LEAST_STEP = 1.4;

/** Images of this share must be within this factor of the median proportions, else they are stretched to a square. */
const ALIKE = { share: 0.8, factor: 1.25 };

/** From sides of this ratio on an image is elongated, and its canvas too. */
const ELONGATED = 1.25;

/** Bytes that all feature maps may take in memory. */
const MOST_BYTES = 3e9;

/** Width over height that the canvas gets. */
function proportionsOf(sizes: readonly ImageSize[]): number {
  const ratios = sizes.map(({ width, height }) => width / height);
  const middle = upperMedian(ratios) ?? 1;
  const within = (a: number, b: number, factor: number): boolean => Math.abs(Math.log(a / b)) <= Math.log(factor);
  const alike = ratios.filter((ratio) => within(ratio, middle, ALIKE.factor)).length;
  return alike >= ALIKE.share * ratios.length && !within(middle, 1, ELONGATED) ? middle : 1;
}

interface Asked {
  /** The sides of a canvas are multiples of it. */
  readonly unit: number;
  /** Bytes of all feature maps for each pixel of the canvas. */
  readonly bytesPerPixel: number;
}

/** Canvases by rising size: about 256 x 256 pixels in the proportions of the images, and larger ones as far as the images have pixels. */
export function suitableCanvases(sizes: readonly ImageSize[], { unit, bytesPerPixel }: Asked): Canvas[] {
  const proportions = proportionsOf(sizes);
  const own = upperMedian(sizes.map(({ width, height }) => width * height)) ?? USUAL_PIXELS;
  const side = (length: number): number => Math.max(1, Math.round(length / unit)) * unit;
  const of = (pixels: number): Canvas => ({
    height: side(Math.sqrt(pixels / proportions)),
    width: side(Math.sqrt(pixels * proportions)),
    fit: 'stretch',
  });
  const canvases = [of(USUAL_PIXELS)];
  for (const times of LARGER) {
    const wanted = Math.min(times * USUAL_PIXELS, own);
    const next = of(wanted);
    const enough = LEAST_STEP * pixelsOf(canvases.at(-1)!);
    if (Math.min(wanted, pixelsOf(next)) >= enough && pixelsOf(next) * bytesPerPixel <= MOST_BYTES) canvases.push(next);
  }
  return canvases;
}

export const pixelsOf = ({ height, width }: Canvas): number => height * width;

const sidesText = ({ height, width }: Canvas): string => `${height} x ${width}`;

/** What a canvas showed: the scores of the same calibration images by a closed form. */
export interface CanvasTrial {
  readonly canvas: Canvas;
  readonly scores: readonly number[];
}

export interface ChosenCanvas {
  readonly canvas: Canvas;
  /** Which, and why, in a sentence. */
  readonly statement: string;
}

/** A larger canvas takes longer for every decision, so it must gain this much, and more than half a standard error. */
const LEAST_GAIN = 0.02;
const CLEARLY = 0.5;

/** The smallest canvas that no larger one clearly beats on calibration images. */
export function byTrials(trials: readonly CanvasTrial[], defective: readonly boolean[], of: string): ChosenCanvas {
  const measured = trials.map((trial) => ({ ...trial, area: auroc(trial.scores, defective) }));
  let taken = measured[0]!;
  for (const larger of measured.slice(1)) {
    const gain = larger.area - taken.area;
    if (gain >= LEAST_GAIN && gain > CLEARLY * aurocDifferenceError(larger.scores, taken.scores, defective))
      taken = larger;
  }
  const areas = measured.map(({ canvas, area }) => `${area.toFixed(3)} at ${sidesText(canvas)}`).join(', ');
  const times = pixelsOf(taken.canvas) / pixelsOf(measured[0]!.canvas);
  const cost =
    times > 1
      ? `, with about ${times.toFixed(1)} times the time for a decision (--size ${measured[0]!.canvas.height}x${measured[0]!.canvas.width} is the quick one)`
      : '';
  return {
    canvas: taken.canvas,
    statement: `Canvas ${sidesText(taken.canvas)}${cost}: AUROC of a closed form ${areas}, on images of the ${of}.`,
  };
}

/** Along each axis, how many pixels of an image may become one before a larger canvas is taken unseen. */
const MOST_SHRUNK = 2.5;

/** Without defects to try on: the smallest, or where it shrinks images so that a defect of a few pixels is lost, the next one. */
export function bySizes(canvases: readonly Canvas[], sizes: readonly ImageSize[]): ChosenCanvas {
  const [first, next] = canvases as [Canvas, ...Canvas[]];
  const own = upperMedian(sizes.map(({ width, height }) => width * height)) ?? USUAL_PIXELS;
  const shrunk = Math.sqrt(own / pixelsOf(first));
  const images = `images are ${shrunk.toFixed(1)} times as long and wide`;
  if (next === undefined)
    return { canvas: first, statement: `Canvas ${sidesText(first)}, by the sizes of the images.` };
  const why = 'too few defective calibration images to try larger ones on';
  return shrunk > MOST_SHRUNK
    ? { canvas: next, statement: `Canvas ${sidesText(next)} in place of ${sidesText(first)}, since ${images}; ${why}.` }
    : { canvas: first, statement: `Canvas ${sidesText(first)}; ${images}, and ${why} (--size takes another).` };
}
