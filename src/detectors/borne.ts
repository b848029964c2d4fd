/**
 * What regions bear of a map: nothing where nothing is judged, and where a region has a threshold of its own a value that reaches the recipe's
 * threshold when the map's reaches the region's. So one threshold judges a whole picture, and map, score and outline keep one unit.
 */
import { add, div, mul, sub } from '../engine/builders.ts';
import type { Value } from '../engine/graph.ts';
import { plane } from '../train/judged-area.ts';

const gridOf = ({ shape: [, , height, width] }: Value) => ({ height: height!, width: width! });

/** 1 over the tolerance, 0 where nothing is judged. */
const shares = (tolerances: Float32Array): Float32Array => tolerances.map((t) => (t > 0 ? 1 / t : 0));

/** A map (N, 1, h, w) that is compared by its size, such as of distances: divided by the tolerance of each place. */
export const borne = (map: Value, tolerances: Float32Array): Value =>
  mul(map, plane(map, gridOf(map), shares(tolerances)));

/** A map (N, 1, h, w) of probabilities: their odds are divided, so that they stay probabilities and no threshold gets out of reach. */
export function bornAsOdds(map: Value, tolerances: Float32Array): Value {
  const grid = gridOf(map);
  if (tolerances.every((t) => t === 0 || t === 1)) return mul(map, plane(map, grid, tolerances));
  // p / (p + t (1 - p)), and 0 where nothing is judged
  const times = tolerances.map((t) => (t > 0 ? t : 1));
  const odds = div(map, add(map, mul(sub(1, map), plane(map, grid, times))));
  return mul(
    odds,
    plane(
      map,
      grid,
      shares(tolerances).map((s) => (s > 0 ? 1 : 0)),
    ),
  );
}
