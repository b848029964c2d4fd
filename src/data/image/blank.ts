/**
 * Whether a picture shows nothing: black, white, one value, or a dark frame with its noise, as from a dead camera or under a lens cap. Needs
 * nothing of Node: the station's page asks it too.
 */
import type { Image } from './raster.ts';

/** Levels of 256 that the middle 98 % of a blank picture's values may span: noise of a deviation up to 5. */
const BLANK_VALUES = 24;

/** Levels that the means of its places may span, but for the two lowest and the two highest: noise averages out, a part does not. */
const BLANK_PLACES = 4;

/** Values at either end that are left aside, so that hot pixels and dust make no picture of a dark frame. */
const ASIDE = 0.01;

/** Places along a side. */
const GRID = 8;
const PLACES_ASIDE = 2;

/** Pixels along a side that are looked at, so that a large picture takes no longer. */
const LOOKED_AT = 512;

interface Spread {
  /** Levels between the two percentiles of the values. */
  readonly values: number;
  /** Levels between the means of the places. */
  readonly places: number;
}

function percentileSpan(histogram: Uint32Array, total: number): number {
  const aside = Math.floor(total * ASIDE);
  let low = 0;
  for (let below = histogram[low]!; below <= aside; ) below += histogram[++low]!;
  let high = 255;
  for (let above = histogram[high]!; above <= aside; ) above += histogram[--high]!;
  return high - low;
}

function spreadOf({ width, height, channels, data }: Image, channel: number): Spread {
  const histogram = new Uint32Array(256);
  const sums = new Float64Array(GRID * GRID);
  const counts = new Uint32Array(GRID * GRID);
  const down = Math.ceil(height / LOOKED_AT);
  const across = Math.ceil(width / LOOKED_AT);
  let total = 0;
  for (let y = 0; y < height; y += down) {
    const row = Math.floor((y * GRID) / height) * GRID;
    for (let x = 0; x < width; x += across) {
      const value = data[(y * width + x) * channels + channel]!;
      const place = row + Math.floor((x * GRID) / width);
      histogram[value]!++;
      sums[place]! += value;
      counts[place]!++;
      total++;
    }
  }
  const means = Array.from(sums, (sum, i) => sum / counts[i]!)
    .filter((mean) => !Number.isNaN(mean))
    .sort((a, b) => a - b);
  const aside = means.length > 4 * PLACES_ASIDE ? PLACES_ASIDE : 0;
  return { values: percentileSpan(histogram, total), places: means.at(-1 - aside)! - means[aside]! };
}

/**
 * Whether in every channel the middle 98 % of the values lie within `BLANK_VALUES` levels, and the means of an 8 x 8 grid of places within
 * `BLANK_PLACES`. Good parts that truly look so are told by the bundle (`blankPictures` of its manifest).
 */
export function isBlank(image: Image): boolean {
  for (let channel = 0; channel < image.channels; channel++) {
    const { values, places } = spreadOf(image, channel);
    if (values > BLANK_VALUES || places > BLANK_PLACES) return false;
  }
  return true;
}
