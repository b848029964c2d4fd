/** A canvas that looks where regions say. */
import { requireUseful } from '../data/regions/check.ts';
import type { Regions } from '../data/regions/schema.ts';
import type { Canvas } from '../train/canvas.ts';

/** Throws REGIONS_INVALID where they leave nearly nothing of it. */
export function lookingAt(canvas: Canvas, regions: Regions | undefined): Canvas {
  if (!regions) return canvas;
  requireUseful(regions, canvas);
  return { ...canvas, regions };
}
