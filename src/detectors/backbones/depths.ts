/** Maps from several depths of a backbone as one: fine structure from early layers and meaning from late ones at the same place. */
import { concat } from '../../engine/builders.ts';
import { averagePool, resizeBilinear } from '../../engine/functions.ts';
import type { Value } from '../../engine/graph.ts';

/** `deepest`: the last map alone, as published; `five`: the ends of stages 2 to 6 brought to one size. */
export type Depths = 'deepest' | 'five';

/**
 * Maps (N, C_i, h_i, w_i) side by side in their channels, (N, sum C_i, height, width): finer ones are averaged, coarser ones
 * enlarged bilinearly. Sides must be multiples or divisors of height and width.
 */
export function gatherDepths(maps: readonly Value[], height: number, width: number): Value {
  return concat(
    maps.map((map) => {
      const h = map.shape[2]!;
      return h > height ? averagePool(map, h / height) : h < height ? resizeBilinear(map, height, width) : map;
    }),
    1,
  );
}
