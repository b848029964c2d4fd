/** What the rule asks of regions (verdict.ts). Needs nothing of Node. */
import { regionScores } from '../data/regions/places.ts';
import { type Grid, hasProportions } from '../data/regions/raster.ts';
import type { Regions } from '../data/regions/schema.ts';

/** Of a picture and its map (1, 1, h, w); nothing where there are no regions. */
export const inRegions = (
  picture: Grid,
  map: Parameters<typeof regionScores>[0],
  regions: Regions | undefined | null,
) => (regions ? { regions: regionScores(map, regions), misplaced: !hasProportions(regions, picture) } : {});
