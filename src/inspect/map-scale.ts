/** By what a map is coloured: by the threshold where its values are in the score's unit, else by its own range. Needs nothing of Node. */
import type { Regions } from '../data/regions/schema.ts';
import type { Decision } from '../judge/decision.ts';
import type { MapRange, MapScale } from './heat-map.ts';

/** What a bundle, or a recipe, says of its maps. */
export interface MapFacts {
  readonly mapRange: MapRange;
  /** `score` where a value of the map is what the image would score, were that its oddest place. */
  readonly mapUnit?: 'score' | null;
  /** Drawn on the map; none where it is left out. */
  readonly regions?: Regions | null | undefined;
}

/** What an image was judged by, and how. */
export interface Judgement {
  readonly threshold: number | null;
  readonly review: number | null;
  readonly decision: Decision;
}

/** NG is outlined from the threshold on; REVIEW and OK from that of REVIEW, where there is one. What is not OK never looks as if it were. */
export function mapScaleOf(
  { mapRange, mapUnit, regions }: MapFacts,
  { threshold, review, decision }: Judgement,
): MapScale {
  const framed = decision !== 'OK';
  const drawn = regions ? { regions } : {};
  if (mapUnit !== 'score' || threshold === null || threshold <= 0) return { ...mapRange, framed, ...drawn };
  const outline = decision === 'NG' || review === null || review <= 0 ? threshold : Math.min(review, threshold);
  return { threshold, outline, framed, ...drawn };
}
