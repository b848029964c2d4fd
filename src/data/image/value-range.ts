/** Which values of deep pixels are black and white. Imports nothing that computes, so that a browser may use it. */
import type { Image, Pixels } from './raster.ts';

/** Values at or below `low` are black, from `high` on white; `high` is above `low`. */
export interface ValueRange {
  readonly low: number;
  readonly high: number;
}

/** The image in 8 bits: the range onto 0..255, rounded, and what lies outside cut off. An image of 8 bits without a range is given back. */
export function toEightBits(image: Image<Pixels>, range?: ValueRange): Image {
  const { width, height, channels, data } = image;
  if (!range) {
    if (data instanceof Uint8Array) return { width, height, channels, data };
    return toEightBits(image, ownRange(data));
  }
  const { low, high } = range;
  const scale = 255 / (high - low);
  // a clamped array rounds, and keeps to 0..255
  const out = new Uint8ClampedArray(data.length);
  for (let i = 0; i < out.length; i++) out[i] = (data[i]! - low) * scale;
  return { width, height, channels, data: new Uint8Array(out.buffer) };
}

/** Smallest and largest of some values. */
export function extent(values: Pixels): ValueRange {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, high };
}

/** For looking at an image of which nothing else is known. */
function ownRange(values: Pixels): ValueRange {
  const { low, high } = extent(values);
  return high > low ? { low, high } : { low, high: low + 1 };
}
