/**
 * The flow: an invertible network that carries the feature maps of good images to a standard normal distribution (Rudolph et al.,
 * Fully Convolutional Cross-Scale-Flows, WACV 2022). Each block permutes the channels of every scale, then couples all scales.
 */
import { FelfriError } from '../../core/errors.ts';
import { add, take } from '../../engine/builders.ts';
import type { Value } from '../../engine/graph.ts';
import type { Parameters } from '../../engine/parameters.ts';
import { checkFlow, type FlowConfig, type FlowPermutations, inversePermutation, SCALES } from './config.ts';
import { couplingForward, couplingInverse } from './coupling.ts';
import { colour, whiten } from './whitening.ts';

export interface FlowOutput {
  /** Three maps of the shapes of the inputs. */
  readonly z: Value[];
  /** Logarithm of the absolute determinant of dz / dx for each image, (N). */
  readonly logDet: Value;
}

function checkMaps(maps: readonly Value[], { channels }: FlowConfig): void {
  const half = (side: number): number => Math.ceil(side / 2);
  const fits =
    maps.length === SCALES &&
    maps.every((m, scale) => {
      const finer = maps[scale - 1];
      const sides = m.shape.slice(2).join();
      return (
        m.shape.length === 4 &&
        m.shape[1] === channels &&
        (!finer || (finer.shape[0] === m.shape[0] && sides === finer.shape.slice(2).map(half).join()))
      );
    });
  if (fits) return;
  throw new FelfriError(
    'GRAPH_SHAPE',
    `the flow needs ${SCALES} maps (N, ${channels}, h, w), each of half the sides of the one before, rounded up; got ${maps.map((m) => `[${m.shape}]`).join(', ')}`,
  );
}

const block = (config: FlowConfig, k: number) => ({ prefix: `blocks.${k}`, kernel: config.kernels[k]!, config });

/**
 * Three feature maps (N, channels, h, w), each of half the sides of the one before (rounded up), to z and the log-determinant.
 * Throws GRAPH_SHAPE when the maps do not fit and OPTION_INVALID when config or permutations do not.
 */
export function flowForward(
  maps: readonly Value[],
  p: Parameters,
  config: FlowConfig,
  permutations: FlowPermutations,
): FlowOutput {
  checkFlow(config, permutations);
  checkMaps(maps, config);
  const started = config.start === 'whitened' ? maps.map((m, scale) => whiten(m, scale, p)) : undefined;
  let z = started ? started.map((s) => s.map) : [...maps];
  const logDets: Value[] = started ? started.map((s) => s.logDet) : [];
  permutations.forEach((orders, k) => {
    const permuted = z.map((x, scale) => take(x, 1, orders[scale]!));
    const coupled = couplingForward(permuted, block(config, k), p);
    z = coupled.maps;
    logDets.push(coupled.logDet);
  });
  return { z, logDet: logDets.reduce(add) };
}

/** The feature maps that flowForward carries to z; same shapes and errors. */
export function flowInverse(
  z: readonly Value[],
  p: Parameters,
  config: FlowConfig,
  permutations: FlowPermutations,
): Value[] {
  checkFlow(config, permutations);
  checkMaps(z, config);
  let x = [...z];
  for (let k = permutations.length - 1; k >= 0; k--) {
    const permuted = couplingInverse(x, block(config, k), p);
    x = permuted.map((y, scale) => take(y, 1, inversePermutation(permutations[k]![scale]!)));
  }
  return config.start === 'whitened' ? x.map((y, scale) => colour(y, scale, p)) : x;
}
