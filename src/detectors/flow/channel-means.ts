/** What both closed-form starts centre features by. */
import type { Tensor } from '../../core/tensor.ts';

/** Mean of each channel over all positions of maps (C, h, w), (C). */
export function channelMeans(maps: readonly Tensor[]): Float64Array {
  const [c, h, w] = maps[0]!.shape as [number, number, number];
  const positions = h * w;
  const mean = new Float64Array(c);
  for (const { data } of maps) {
    for (let i = 0; i < c; i++) {
      let sum = 0;
      for (let p = i * positions; p < (i + 1) * positions; p++) sum += data[p]!;
      mean[i]! += sum / (positions * maps.length);
    }
  }
  return mean;
}
