/**
 * The network within a coupling: two convolution layers on each of three scales, the second of which exchanges between
 * neighbouring scales (Rudolph et al. 2022, figure 3).
 */
import { add, leakyRelu, mul } from '../../engine/builders.ts';
import { resizeBilinear } from '../../engine/functions.ts';
import type { Value } from '../../engine/graph.ts';
import { fanIn, type Parameters } from '../../engine/parameters.ts';
import { convolve } from '../../engine/winograd.ts';

const LEAK = 0.1;

export interface CrossConvsOptions {
  /** Name of the network, before the names of its weights. */
  readonly prefix: string;
  readonly outputs: number;
  readonly hidden: number;
  readonly kernel: number;
  /** Start of the scalar on each output. */
  readonly gamma: number;
}

/**
 * Three maps (N, c, h, w), each of half the sides of the one before (rounded up), to three maps (N, outputs, h, w). Each output
 * is multiplied by a learned scalar; where that starts at 0, an untrained coupling changes nothing.
 */
export function crossConvs(maps: readonly Value[], p: Parameters, options: CrossConvsOptions): Value[] {
  const { prefix, outputs, hidden, kernel, gamma } = options;
  const layer = (name: string, x: Value, channels: number, stride = 1): Value => {
    const shape = [channels, x.shape[1]!, kernel, kernel];
    const start = fanIn(shape);
    const weight = p.get(`${prefix}.${name}.weight`, shape, start);
    const bias = p.get(`${prefix}.${name}.bias`, [channels], start);
    return convolve(x, weight, bias, { stride, pads: (kernel - 1) / 2 });
  };
  const inner = maps.map((x, scale) => leakyRelu(layer(`first.${scale}`, x, hidden), LEAK));
  return inner.map((y, scale) => {
    const finer = inner[scale - 1];
    const coarser = inner[scale + 1];
    let sum = layer(`same.${scale}`, y, outputs);
    if (finer) sum = add(sum, layer(`down.${scale - 1}`, finer, outputs, 2));
    if (coarser) {
      const enlarged = resizeBilinear(coarser, y.shape[2]!, y.shape[3]!);
      sum = add(sum, layer(`up.${scale}`, enlarged, outputs));
    }
    return mul(sum, p.get(`${prefix}.gamma.${scale}`, [1], { fill: gamma }));
  });
}
