/** Which region each place of a map belongs to, for what is told of regions. Needs nothing of Node. */
import { type Grid, inspectedRegions, shapeMask } from './raster.ts';
import type { Regions } from './schema.ts';

/**
 * The number of a region of interest (in their order) for every place: the strictest of those that cover it, else the nearest, since a cell of a map
 * reaches a little beyond its region. Empty where no region of interest is.
 */
function regionOfPlaces(regions: Regions, grid: Grid): Int16Array {
  const inspected = inspectedRegions(regions);
  const of = new Int16Array(inspected.length === 0 ? 0 : grid.height * grid.width).fill(-1);
  const falling = inspected.map(({ tolerance = 1, shape }, i) => ({ tolerance, shape, i }));
  for (const { shape, i } of falling.sort((a, b) => b.tolerance - a.tolerance || b.i - a.i)) {
    const mask = shapeMask(shape, regions.aspect, grid);
    for (let at = 0; at < of.length; at++) if (mask[at] === 1) of[at] = i;
  }
  spread(of, grid);
  return of;
}

/** Gives places without a region that of their nearest neighbour, step by step. */
function spread(of: Int16Array, { width, height }: Grid): void {
  let edge: number[] = [];
  for (let at = 0; at < of.length; at++) if (of[at]! >= 0) edge.push(at);
  while (edge.length > 0) {
    const next: number[] = [];
    for (const at of edge) {
      const x = at % width;
      const neighbours = [x > 0 ? at - 1 : -1, x < width - 1 ? at + 1 : -1, at - width, at + width];
      for (const to of neighbours) {
        if (to < 0 || to >= height * width || of[to]! >= 0) continue;
        of[to] = of[at]!;
        next.push(to);
      }
    }
    edge = next;
  }
}

/** What a region was found to be. */
export interface RegionScore {
  readonly name: string;
  /** The largest value of the map within it, by the recipe's threshold: what the region bears is taken off. */
  readonly value: number;
  /** How many times the recipe's threshold its own is. */
  readonly tolerance: number;
}

const known = new WeakMap<Regions, { size: string; of: Int16Array }>();

/** The largest value of a map (1, 1, h, w) in each region of interest, in their order. */
export function regionScores(
  { shape, data }: { readonly shape: readonly number[]; readonly data: ArrayLike<number> },
  regions: Regions,
): RegionScore[] {
  const [, , height, width] = shape as [number, number, number, number];
  const size = `${height} x ${width}`;
  const kept = known.get(regions);
  const of = kept?.size === size ? kept.of : regionOfPlaces(regions, { height, width });
  known.set(regions, { size, of });
  const values = inspectedRegions(regions).map(() => Number.NEGATIVE_INFINITY);
  for (let at = 0; at < of.length; at++) values[of[at]!] = Math.max(values[of[at]!]!, data[at]!);
  return inspectedRegions(regions).map(({ name, tolerance = 1 }, i) => ({ name, tolerance, value: values[i]! }));
}
