/** A few numbers of a picture as a whole, by which a change of light, focus or camera shows. Needs nothing of Node. */
import type { Image } from './raster.ts';

export interface PictureStatistics {
  /** Mean luma, 0..255. */
  readonly brightness: number;
  /** Standard deviation of the luma, 0..127.5. */
  readonly contrast: number;
  /** Root mean square of the luma's Laplacian, divided by the contrast, so that light alone does not change it; 0 without contrast. */
  readonly sharpness: number;
  /** Means of red and of blue less that of green, as shares of the mean luma; 0 of grey and black pictures. */
  readonly red: number;
  readonly blue: number;
  /** Share of the pixels that have a channel at 254 or above, 0..1. */
  readonly saturated: number;
}

/** Places along a side that are looked at, so that a large picture takes no longer. */
const LOOKED_AT = 128;
/** Of this many pixels along the longer side, the Laplacian's neighbours lie one apart; of a larger picture further, as on a canvas. */
const CANVAS = 512;
const SATURATED = 254;

/** All of them from the same places of a grid. `image`: both sides at least 1. */
export function pictureStatistics({ width, height, channels, data }: Image): PictureStatistics {
  const down = Math.ceil(height / LOOKED_AT);
  const across = Math.ceil(width / LOOKED_AT);
  const apart = Math.max(1, Math.round(Math.max(width, height) / CANVAS));
  const [g, b] = channels === 3 ? [1, 2] : [0, 0];
  const luma = (at: number): number => (data[at]! + 2 * data[at + g]! + data[at + b]!) / 4;
  const line = width * channels * apart;
  const beside = channels * apart;
  let [count, bright, squares, reds, greens, blues, saturated, edges, curved] = [0, 0, 0, 0, 0, 0, 0, 0, 0];
  for (let y = down >> 1; y < height; y += down) {
    for (let x = across >> 1; x < width; x += across) {
      const at = (y * width + x) * channels;
      const here = luma(at);
      const [red, green, blue] = [data[at]!, data[at + g]!, data[at + b]!];
      count++;
      bright += here;
      squares += here * here;
      reds += red;
      greens += green;
      blues += blue;
      if (red >= SATURATED || green >= SATURATED || blue >= SATURATED) saturated++;
      if (x < apart || y < apart || x + apart >= width || y + apart >= height) continue;
      const bend = luma(at - line) + luma(at + line) + luma(at - beside) + luma(at + beside) - 4 * here;
      edges++;
      curved += bend * bend;
    }
  }
  const mean = bright / count;
  const contrast = Math.sqrt(Math.max(0, squares / count - mean * mean));
  const ofMean = (sum: number): number => (mean === 0 ? 0 : (sum - greens) / count / mean);
  return {
    brightness: mean,
    contrast,
    sharpness: contrast < 1e-6 || edges === 0 ? 0 : Math.sqrt(curved / edges) / contrast,
    red: ofMean(reds),
    blue: ofMean(blues),
    saturated: saturated / count,
  };
}
