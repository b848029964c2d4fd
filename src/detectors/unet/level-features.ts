/** The levels of the U-Net's way down as one map: what a backbone of one's own gives, and what it learns to tell surfaces apart by. */
import { concat } from '../../engine/builders.ts';
import { averagePool } from '../../engine/functions.ts';
import type { Value } from '../../engine/graph.ts';
import { unetStride } from './paper.ts';

/** (N, 30 * base, H / 16, W / 16) of the five maps of `unetWayDown`: those of stride 2 to 16, averaged to stride 16 and joined. */
export function levelFeatures([, ...maps]: readonly Value[]): Value {
  return concat(
    maps.map((map, i) => (i === maps.length - 1 ? map : averagePool(map, unetStride / 2 ** (i + 1)))),
    1,
  );
}
