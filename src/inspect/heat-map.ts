/** The score map drawn over the image it belongs to: clear where nothing is amiss, yellow to red where something is. */
import type { Tensor } from '../core/tensor.ts';
import type { Image } from '../data/image.ts';

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

/** Bilinear value of a map (1, 1, h, w) at a position in 0..1 of each axis. */
function valueAt(map: Tensor, v: number, u: number): number {
  const [h, w] = map.shape.slice(2) as [number, number];
  const y = Math.min(Math.max(v * h - 0.5, 0), h - 1);
  const x = Math.min(Math.max(u * w - 0.5, 0), w - 1);
  const [y0, x0] = [Math.floor(y), Math.floor(x)];
  const [y1, x1] = [Math.min(y0 + 1, h - 1), Math.min(x0 + 1, w - 1)];
  const top = map.data[y0 * w + x0]! * (1 - x + x0) + map.data[y0 * w + x1]! * (x - x0);
  const bottom = map.data[y1 * w + x0]! * (1 - x + x0) + map.data[y1 * w + x1]! * (x - x0);
  return top * (1 - y + y0) + bottom * (y - y0);
}

/** The RGB image with the map (1, 1, h, w) laid over it. */
export function drawHeatMap(image: Image, map: Tensor, { low, high }: MapRange): Image {
  const { width, height } = image;
  const data = new Uint8Array(image.data);
  const span = Math.max(high - low, 1e-12);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const strength = Math.min(Math.max((valueAt(map, (y + 0.5) / height, (x + 0.5) / width) - low) / span, 0), 1);
      if (strength === 0) continue;
      const colour = colourAt(strength);
      const opacity = MOST_OPAQUE * Math.min(1, strength * 1.5);
      const at = (y * width + x) * 3;
      for (let c = 0; c < 3; c++) data[at + c] = Math.round(image.data[at + c]! * (1 - opacity) + colour[c]! * opacity);
    }
  }
  return { width, height, channels: 3, data };
}
