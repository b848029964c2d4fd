/** What an inspection found in regions of interest, as it is told. */
import { ownThreshold } from '../data/regions/own-threshold.ts';
import { type RegionScore, regionScores } from '../data/regions/places.ts';
import type { Regions } from '../data/regions/schema.ts';
import { type DetectorName, detectors } from '../detectors/table.ts';

type Map = Parameters<typeof regionScores>[0];

/** A region of interest with what was found in it, in the unit of its own threshold. */
export interface JudgedRegion {
  readonly name: string;
  /** The largest value of the map within it, as a score without what the region bears. */
  readonly score: number;
  /** A score of the region at or above it is NG; null where the bundle has none. */
  readonly threshold: number | null;
}

/** The regions of interest as they are told; null where there are none. */
export function judgedRegions(
  { regions, detector }: { readonly regions?: Regions | undefined; readonly detector: DetectorName },
  map: Map,
  { threshold }: { readonly threshold: number | null },
): JudgedRegion[] | null {
  if (!regions) return null;
  const { mapValues } = detectors[detector];
  const told = ({ name, value, tolerance }: RegionScore): JudgedRegion => ({
    name,
    score: ownThreshold(value, tolerance, mapValues),
    threshold: threshold === null ? null : ownThreshold(threshold, tolerance, mapValues),
  });
  const scores = regionScores(map, regions).map(told);
  return scores.length > 0 ? scores : null;
}
