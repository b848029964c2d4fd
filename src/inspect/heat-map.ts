/**
 * The score map drawn over the image it belongs to: clear where nothing is amiss, yellow to red where something is. Needs nothing of Node:
 * the station's page draws by it too.
 */
import type { Tensor } from '../core/tensor.ts';
import type { Image } from '../data/image/raster.ts';
import { resampleMap } from './score-map.ts';

export interface MapRange {
  /** Values up to `low` are drawn as nothing, from `high` on at full strength. */
  readonly low: number;
  readonly high: number;
}

/** Colours from weak to strong, chosen to be told apart on grey metal and by the colour-blind (light to dark). */
const ramp = [
  [255, 237, 130],
  [255, 170, 40],
  [235, 70, 30],
  [150, 0, 40],
] as const;

const MOST_OPAQUE = 0.75;

function colourAt(strength: number): [number, number, number] {
  const at = strength * (ramp.length - 1);
  const i = Math.min(Math.floor(at), ramp.length - 2);
  const f = at - i;
  return [0, 1, 2].map((c) => ramp[i]![c]! * (1 - f) + ramp[i + 1]![c]! * f) as [number, number, number];
}

/** The RGB image with the map (1, 1, h, w) laid over it. */
export function drawHeatMap(image: Image, map: Tensor, { low, high }: MapRange): Image {
  const { width, height } = image;
  const data = new Uint8Array(image.data);
  const span = Math.max(high - low, 1e-12);
  for (const [i, value] of resampleMap(map, width, height).entries()) {
    const strength = Math.min(Math.max((value - low) / span, 0), 1);
    if (strength === 0) continue;
    const colour = colourAt(strength);
    const opacity = MOST_OPAQUE * Math.min(1, strength * 1.5);
    for (let at = i * 3, c = 0; c < 3; c++) {
      data[at + c] = Math.round(image.data[at + c]! * (1 - opacity) + colour[c]! * opacity);
    }
  }
  return { width, height, channels: 3, data };
}
