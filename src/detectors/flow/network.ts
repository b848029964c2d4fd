/**
 * The flow: an invertible network that carries the feature maps of good images to a standard normal distribution (Rudolph et al.,
 * Fully Convolutional Cross-Scale-Flows, WACV 2022). Each block permutes the channels of every scale, then couples all scales.
 */
import { FelfriError } from '../../core/errors.ts';
import { add, concat, take } from '../../engine/builders.ts';
import { averagePool } from '../../engine/functions.ts';
import type { Value } from '../../engine/graph.ts';
import type { Parameters } from '../../engine/parameters.ts';
import { checkFlow, type FlowConfig, type FlowPermutations, inversePermutation, SCALES } from './config.ts';
import { couplingForward, couplingInverse } from './coupling.ts';
import { fromPrincipal, toPrincipal } from './principal.ts';
import { colour, whiten } from './whitening.ts';

export interface FlowOutput {
  /** Three maps (N, channels, h, w), each of half the sides of the one before (rounded up). */
  readonly z: Value[];
  /** With the start `principal`: the directions that no coupling touches, (N, features - channels, h, w), of variance 1 too. */
  readonly rest?: Value;
  /** With the start `principal`: every direction of the map as it was before the couplings, (N, features, h, w). */
  readonly principal?: Value;
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

function checkMap(maps: readonly Value[], { features }: FlowConfig): void {
  const [map, ...more] = maps;
  const [, c, h, w] = map?.shape ?? [];
  if (more.length === 0 && map?.shape.length === 4 && c === features && h! % 4 === 0 && w! % 4 === 0) return;
  throw new FelfriError(
    'GRAPH_SHAPE',
    `the flow needs one map (N, ${features}, h, w) whose sides are multiples of 4; got ${maps.map((m) => `[${m.shape}]`).join(', ')}`,
  );
}

const block = (config: FlowConfig, k: number) => ({ prefix: `blocks.${k}`, kernel: config.kernels[k]!, config });

/** Feature maps that a flow takes: one with the start `principal`, else those of three scales. */
export const mapsTaken = ({ start }: FlowConfig): number => (start === 'principal' ? 1 : SCALES);

/** What goes into the first block, and what was done to it. */
interface Started {
  readonly maps: Value[];
  readonly rest?: Value;
  readonly principal?: Value;
  readonly logDets: Value[];
}

/** A map (N, C, h, w) at full, half and quarter size. */
export function averagedScales(map: Value): Value[] {
  const half = averagePool(map, 2);
  return [map, half, averagePool(half, 2)];
}

function begin(maps: readonly Value[], p: Parameters, config: FlowConfig): Started {
  if (config.start === 'principal') {
    const { all, kept, rest, logDet } = toPrincipal(maps[0]!, config.channels, p);
    return { maps: averagedScales(kept), logDets: [logDet], principal: all, ...(rest && { rest }) };
  }
  if (config.start === 'whitened') {
    const whitened = maps.map((m, scale) => whiten(m, scale, p));
    return { maps: whitened.map((s) => s.map), logDets: whitened.map((s) => s.logDet) };
  }
  return { maps: [...maps], logDets: [] };
}

/** What training does besides. */
export interface FlowChanges {
  readonly disturb?: ((map: Value, scale: number) => Value) | undefined;
  readonly judged?: readonly Value[] | undefined;
}

/**
 * Feature maps (three (N, channels, h, w), each of half the sides of the one before, rounded up; with the start `principal` one
 * (N, features, h, w), its sides multiples of 4) to z and the log-determinant. `disturb`, where given, changes what goes into the
 * first block, such as by noise. `judged` (1, 1, h, w) of each scale marks positions that the log-determinant is of. Throws GRAPH_SHAPE when the maps do not fit and OPTION_INVALID when config or permutations do not.
 */
export function flowForward(
  maps: readonly Value[],
  p: Parameters,
  config: FlowConfig,
  permutations: FlowPermutations,
  { disturb, judged }: FlowChanges = {},
): FlowOutput {
  checkFlow(config, permutations);
  if (config.start === 'principal') checkMap(maps, config);
  else checkMaps(maps, config);
  const { maps: started, rest, principal, logDets } = begin(maps, p, config);
  let z = disturb ? started.map(disturb) : started;
  permutations.forEach((orders, k) => {
    const permuted = z.map((x, scale) => take(x, 1, orders[scale]!));
    const coupled = couplingForward(permuted, block(config, k), p, judged);
    z = coupled.maps;
    logDets.push(coupled.logDet);
  });
  return { z, logDet: logDets.reduce(add), ...(rest && { rest }), ...(principal && { principal }) };
}

/**
 * The feature maps that flowForward carries to z; same shapes and errors. With the start `principal` the finest scale and `rest`
 * hold the whole map.
 */
export function flowInverse(
  z: readonly Value[],
  p: Parameters,
  config: FlowConfig,
  permutations: FlowPermutations,
  rest?: Value,
): Value[] {
  checkFlow(config, permutations);
  checkMaps(z, config);
  let x = [...z];
  for (let k = permutations.length - 1; k >= 0; k--) {
    const permuted = couplingInverse(x, block(config, k), p);
    x = permuted.map((y, scale) => take(y, 1, inversePermutation(permutations[k]![scale]!)));
  }
  if (config.start === 'principal') return [fromPrincipal(rest ? concat([x[0]!, rest], 1) : x[0]!, p)];
  return config.start === 'whitened' ? x.map((y, scale) => colour(y, scale, p)) : x;
}
