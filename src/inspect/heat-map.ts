/**
 * The score map drawn over the image it belongs to: clear where nothing is amiss, yellow to red where something is, and an outline round what
 * is above the threshold, or round the picture where the part is not OK as a whole. Needs nothing of Node: the station's page draws by it too.
 */
import type { Tensor } from '../core/tensor.ts';
import type { Image } from '../data/image/raster.ts';
import type { Regions } from '../data/regions/schema.ts';
import { drawRegions } from './draw-regions.ts';
import { drawFrame, drawOutline, reaches } from './outline.ts';
import { resampleMap } from './score-map.ts';

/** Colours by the map's own range, where its unit is not the score's. */
export interface MapRange {
  /** Values up to `low` are drawn as nothing, from `high` on at full strength. */
  readonly low: number;
  readonly high: number;
  /** Whether the picture is framed where no place is drawn at full strength: the part is not OK. */
  readonly framed?: boolean;
}

/** Colours by the threshold, where a map's values are in the score's unit. */
export interface MapLimits {
  /** Of the score, above 0: red begins there. */
  readonly threshold: number;
  /** The score from which on a place is outlined: the threshold, or that of REVIEW. */
  readonly outline: number;
  /** Whether the picture is framed where no place reaches that: the part as a whole is not OK. */
  readonly framed?: boolean;
}

/** By what a map is coloured, and what regions are drawn on it. */
export type MapScale = (MapRange | MapLimits) & { readonly regions?: Regions };

/** Colours from weak to strong, chosen to be told apart on grey metal and by the colour-blind (light to dark). */
const ramp = [
  [255, 237, 130],
  [255, 170, 40],
  [235, 70, 30],
  [150, 0, 40],
] as const;

const MOST_OPAQUE = 0.75;
/** What is outlined needs less colour, and shows more of the part. */
const MOST_OPAQUE_OUTLINED = 0.55;

/** From half the threshold on a place is coloured; the colours end at so many times the threshold. */
const FAINTEST = 0.5;
export const STRONGEST = 16;
/** Strengths just below and from the threshold on: a step that can be seen. */
const BELOW = 0.45;
const FROM = 0.6;

export function colourAt(strength: number): [number, number, number] {
  const at = strength * (ramp.length - 1);
  const i = Math.min(Math.floor(at), ramp.length - 2);
  const f = at - i;
  return [0, 1, 2].map((c) => ramp[i]![c]! * (1 - f) + ramp[i + 1]![c]! * f) as [number, number, number];
}

/** How strongly a place is coloured, 0..1, whose value is so many times the threshold. */
export function strengthOf(times: number): number {
  if (times < 1) return (BELOW * Math.max(0, times - FAINTEST)) / (1 - FAINTEST);
  return FROM + (1 - FROM) * Math.min(1, Math.log(times) / Math.log(STRONGEST));
}

/** The RGB image with the map (1, 1, h, w) laid over it. */
export function drawHeatMap(image: Image, map: Tensor, scale: MapScale): Image {
  const { width, height } = image;
  const data = new Uint8Array(image.data);
  const values = resampleMap(map, width, height);
  const limits = 'threshold' in scale ? scale : undefined;
  const most = limits ? MOST_OPAQUE_OUTLINED : MOST_OPAQUE;
  const { low, high } = 'low' in scale ? scale : { low: 0, high: 1 };
  const span = Math.max(high - low, 1e-12);
  // by an index: an iterator takes many times as long for the millions of a large picture
  for (let i = 0; i < values.length; i++) {
    const strength = limits
      ? strengthOf(values[i]! / limits.threshold)
      : Math.min(Math.max((values[i]! - low) / span, 0), 1);
    if (strength === 0) continue;
    const colour = colourAt(strength);
    const opacity = most * Math.min(1, strength * 1.5);
    for (let at = i * 3, c = 0; c < 3; c++) {
      data[at + c] = Math.round(image.data[at + c]! * (1 - opacity) + colour[c]! * opacity);
    }
  }
  const drawn = { width, height, channels: 3, data } as const;
  if (scale.regions) drawRegions(drawn, scale.regions);
  const isMarked = limits ? drawOutline(drawn, values, limits.outline) : reaches(values, high);
  if (!isMarked && scale.framed) drawFrame(drawn);
  return drawn;
}
