/** From z to score maps and one score for each image. */
import {
  add,
  cast,
  div,
  equal,
  expand,
  mul,
  reduceMax,
  reduceMean,
  reduceSum,
  relu,
  reshape,
  sub,
  where,
} from '../../engine/builders.ts';
import { resizeBilinear } from '../../engine/functions.ts';
import type { Value } from '../../engine/graph.ts';

/** `finest`: the map of the largest scale; `average`: all scales brought to its size and averaged. */
export type FlowMap = 'finest' | 'average';

/**
 * `mean`: of z^2 / 2 over every dimension of the three scales (the paper's); `max`: the largest value of the map; `top`: the mean
 * of the largest hundredth of the map.
 */
export type ImageScore = 'mean' | 'max' | 'top';

/** Which map, and which score of an image, to take from z. */
export interface FlowScore {
  readonly map: FlowMap;
  readonly image: ImageScore;
}

/** The paper's. */
export const paperScore: FlowScore = { map: 'finest', image: 'mean' };

const TOP = 0.01;

/** Dimensions of one image over all scales. */
export const dimensions = (z: readonly Value[]): number =>
  z.reduce((n, { shape }) => n + shape[1]! * shape[2]! * shape[3]!, 0);

/** 0.5 sum z^2 over every dimension, (N). */
export const halfSquares = (z: readonly Value[]): Value =>
  mul(z.map((x) => reduceSum(mul(x, x), [1, 2, 3])).reduce(add), 0.5);

/** Mean over channels of z^2 at each position of each scale, (N, 1, h, w). */
export const scaleMaps = (z: readonly Value[]): Value[] => z.map((x) => reduceMean(mul(x, x), [1], true));

/** One map (N, 1, h, w) of the largest scale's size. */
export function scoreMap(z: readonly Value[], kind: FlowMap): Value {
  const [finest, ...coarser] = scaleMaps(z) as [Value, ...Value[]];
  if (kind === 'finest') return finest;
  const [, , h, w] = finest.shape as [number, number, number, number];
  const sum = [finest, ...coarser.map((m) => resizeBilinear(m, h, w))].reduce(add);
  return div(sum, z.length);
}

/**
 * Mean of the largest hundredth (at least one position) of a non-negative map (N, 1, h, w), (N). Takes off the largest value round
 * by round; equal values count as often as they occur, the last one by the fraction that is still missing.
 */
function meanOfTop(map: Value, shown: Value): Value {
  const [n, , h, w] = map.shape as [number, number, number, number];
  const count = add(relu(sub(mul(reduceSum(shown), TOP), 1)), 1);
  let rest = map;
  let missing = expand(count, [n, 1, 1, 1]);
  let sum = mul(missing, 0);
  for (let round = 0; round < Math.max(1, TOP * h * w); round++) {
    const largest = reduceMax(rest, [1, 2, 3], true);
    const here = equal(rest, largest);
    const found = reduceSum(cast(here, 'float32'), [1, 2, 3], true);
    const taken = sub(missing, relu(sub(missing, found)));
    sum = add(sum, mul(taken, largest));
    missing = sub(missing, taken);
    rest = where(here, -1, rest);
  }
  return reshape(div(sum, count), [n]);
}

/**
 * One score for each image, (N). `map` is the score map of the same z; `shown` (1, 1, h, w), where given, is 1 at positions that
 * count for `max` and `top` and 0 at padding. The mean always takes every dimension, as the loss does.
 */
export function imageScores(z: readonly Value[], map: Value, kind: ImageScore, shown?: Value): Value {
  if (kind === 'mean') return div(halfSquares(z), dimensions(z));
  const visible = shown ? mul(map, shown) : map;
  if (kind === 'max') return reduceMax(visible, [1, 2, 3]);
  const { graph, shape } = map;
  const everywhere = expand(graph.scalar(1), [1, 1, shape[2]!, shape[3]!]);
  return meanOfTop(visible, shown ?? everywhere);
}
