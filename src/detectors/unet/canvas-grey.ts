/** The grey canvas that the U-Net sees, and the mask on it. Training makes its patches with these, as the bundle does. */
import { conv, fitImage, less, where } from '../../engine/builders.ts';
import type { Value } from '../../engine/graph.ts';
import type { Canvas } from '../detector.ts';

/** Red, green and blue in Pillow's 'L' (ITU-R 601 luma), of 65536. */
const luma = [19595, 38470, 7471];

/** The grey canvas (1, 1, height, width) in 0..1 of pixels (H, W, 3) uint8: ITU-R 601 luma, not rounded to grey levels. */
export function canvasGrey(pixels: Value, { height, width, fit }: Canvas): Value {
  const weights = pixels.graph.constant(
    [1, 3, 1, 1],
    luma.map((share) => share / 65536 / 255),
  );
  return conv(fitImage(pixels, height, width, fit), weights);
}

/** The mask (1, 1, height, width) of 0 and 1 on the canvas, of a mask's pixels (H, W, 3) uint8: 1 where 127.5 or more after fitting. */
export function canvasMask(pixels: Value, canvas: Canvas): Value {
  return where(less(canvasGrey(pixels, canvas), 0.5), 0, 1);
}
