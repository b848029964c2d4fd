/** The grey canvas that the U-Net sees, and the mask on it. Training makes its patches with these, as the bundle does. */
import {
  add,
  cast,
  clip,
  conv,
  div,
  fitImage,
  less,
  mul,
  reduceMean,
  reduceSum,
  sqrt,
  square,
  sub,
  where,
} from '../engine/builders.ts';
import type { Value } from '../engine/graph.ts';
import type { Canvas } from './canvas.ts';
import { judgedPixels, plane, seen } from './judged-area.ts';

/** Red, green and blue in Pillow's 'L' (ITU-R 601 luma), of 65536. */
export const luma = [19595, 38470, 7471];

/** The grey canvas (1, 1, height, width) in 0..1 of pixels (H, W, 3) uint8: ITU-R 601 luma, not rounded to grey levels. */
export function canvasGrey(pixels: Value, { height, width, fit }: Canvas): Value {
  const weights = pixels.graph.constant(
    [1, 3, 1, 1],
    luma.map((share) => share / 65536 / 255),
  );
  return conv(fitImage(pixels, height, width, fit), weights);
}

/** Standard deviations between the middle of the grey scale and its ends, after `canvasStandardised`. */
const SPREAD = 4;

/**
 * The grey canvas with the image's own mean at 0.5 and its standard deviation at 1/8, cut off at 0 and 1: the same part looks the
 * same under another exposure. Padding of a letterbox, and what is not judged, have no say in mean and deviation.
 */
export function canvasStandardised(pixels: Value, canvas: Canvas): Value {
  const values = div(cast(pixels, 'float32'), 255);
  // row by row, and deviations rather than squares: sums of a whole photo lose digits, and each runtime loses others
  const average = (v: Value): Value => reduceMean(reduceMean(v, [1, 2]));
  const mean = average(values);
  const variance = average(square(sub(values, mean)));
  return standardised(canvasGrey(pixels, canvas), mean, variance);
}

/** The same where regions leave something out: by mean and deviation of the grey values that are judged. */
function judgedStandardised(pixels: Value, canvas: Canvas, judged: Uint8Array): Value {
  const grey = canvasGrey(pixels, canvas);
  const weights = plane(grey, canvas, judged);
  const count = Math.max(
    1,
    judged.reduce((sum, v) => sum + v, 0),
  );
  const mean = div(reduceSum(mul(grey, weights)), count);
  const variance = div(reduceSum(mul(square(sub(grey, mean)), weights)), count);
  return standardised(grey, mean, variance);
}

function standardised(grey: Value, mean: Value, variance: Value): Value {
  // an image of one grey value has no deviation; a grey level's stands in for it
  const deviation = sqrt(add(variance, 1 / 255 ** 2));
  const standard = div(sub(grey, mean), mul(deviation, 2 * SPREAD));
  return clip(add(standard, 0.5), 0, 1);
}

/** Grey values as they are, or brought to the image's own mean and deviation. */
export type Exposure = 'raw' | 'standardised';

/** The canvas that a U-Net of the given setting sees, (1, 1, height, width) in 0..1, without what its regions leave out. */
export function canvasSeen(pixels: Value, canvas: Canvas, exposure: Exposure): Value {
  if (exposure === 'raw') return seen(canvasGrey(pixels, canvas), canvas);
  const judged = judgedPixels(canvas);
  return judged ? seen(judgedStandardised(pixels, canvas, judged), canvas) : canvasStandardised(pixels, canvas);
}

/** The mask (1, 1, height, width) of 0 and 1 on the canvas, of a mask's pixels (H, W, 3) uint8: 1 where 127.5 or more after fitting. */
export function canvasMask(pixels: Value, canvas: Canvas): Value {
  return where(less(canvasGrey(pixels, canvas), 0.5), 0, 1);
}
