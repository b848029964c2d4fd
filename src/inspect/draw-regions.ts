/** Regions on a picture: what is not judged is dimmed, and a dashed line goes round what is. Needs nothing of Node. */

import type { Image } from '../data/image/raster.ts';
import { tolerances } from '../data/regions/raster.ts';
import type { Regions } from '../data/regions/schema.ts';

/** Of a pixel's light where nothing is judged. */
const DIMMED = 0.45;
/** Unlike the colours of a map, and seen on metal and on black. */
const LINE = [60, 200, 255] as const;
/** Of the shorter side, one pixel of line for so many, and the length of a dash in lines. */
const PIXELS_A_LINE = 350;
const DASH = 5;

/** Draws into an RGB image. */
export function drawRegions({ width, height, data }: Image, regions: Regions): void {
  const values = tolerances(regions, { width, height });
  const wide = Math.max(1, Math.round(Math.min(width, height) / PIXELS_A_LINE));
  const dash = wide * DASH;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const value = values[at]!;
      const left = values[at - Math.min(x, wide)];
      const above = values[at - Math.min(y, wide) * width];
      if (value !== left || value !== above) {
        if (Math.floor((x + y) / dash) % 2 === 0) data.set(LINE, at * 3);
        continue;
      }
      if (value === 0) for (let c = 0; c < 3; c++) data[at * 3 + c] = Math.round(data[at * 3 + c]! * DIMMED);
    }
  }
}
