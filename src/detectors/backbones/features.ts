/** Feature maps of an image at several scales, as CS-Flow takes them (Rudolph et al., WACV 2022). */
import { FelfriError } from '../../core/errors.ts';
import { div, fitImage, slice } from '../../engine/builders.ts';
import type { Value } from '../../engine/graph.ts';
import type { Canvas } from '../../train/canvas.ts';
import { seen } from '../../train/judged-area.ts';
import type { Backbone } from './backbone.ts';

/** Scales of the image, unless told otherwise. */
export const usualScales = 3;

/**
 * The backbone's maps of the image and of its nearest-neighbour subsamplings by 2, 4, ...: pixel (i, j) of scale s is pixel
 * (2^s i, 2^s j). `image` is RGB (N, 3, H, W) in 0..1. Throws OPTION_INVALID when H or W is no multiple of stride x 2^(scales - 1),
 * since then the maps would not halve from scale to scale.
 */
export function featureMaps(image: Value, backbone: Backbone, scales = usualScales): Value[] {
  const [, , height, width] = image.shape as [number, number, number, number];
  const unit = backbone.stride * 2 ** (scales - 1);
  if (height % unit !== 0 || width % unit !== 0) {
    throw new FelfriError(
      'OPTION_INVALID',
      `the canvas is ${height} x ${width} pixels; with ${backbone.name} at ${scales} scales both must be multiples of ${unit}`,
      { subject: 'canvas' },
    );
  }
  return Array.from({ length: scales }, (_, s) => {
    const step = 2 ** s;
    return backbone.features(slice(slice(image, 2, 0, height, step), 3, 0, width, step));
  });
}

/** Feature maps of pixels (H, W, 3) uint8 of any size, brought to the canvas first, without what its regions leave out. */
export function featureMapsOfPixels(pixels: Value, canvas: Canvas, backbone: Backbone, scales?: number): Value[] {
  const fitted = div(fitImage(pixels, canvas.height, canvas.width, canvas.fit), 255);
  return featureMaps(seen(fitted, canvas), backbone, scales);
}
