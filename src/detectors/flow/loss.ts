/** Negative log-likelihood of the flow, without the constant of the normal distribution. */
import { add, div, mul, reduceMean, reduceSum, sub } from '../../engine/builders.ts';
import type { Value } from '../../engine/graph.ts';
import { dimensions, halfSquares } from './score.ts';

/** Dimensions that are judged, a number or of shape []: those of the positions that `judged` marks. */
const judgedDimensions = (z: readonly Value[], judged: readonly Value[] | undefined): Value | number =>
  judged ? judged.map((mask, i) => mul(reduceSum(mask), z[i]!.shape[1]!)).reduce(add) : dimensions(z);

/**
 * 0.5 z^2 for each dimension, mean over the batch; shape []. It is 0.5 when z is standard normal. Of the positions alone that `judged` (1, 1, h, w)
 * of each scale marks, where it is given.
 */
export const energyPerDimension = (z: readonly Value[], judged?: readonly Value[]): Value =>
  div(reduceMean(halfSquares(judged ? z.map((map, i) => mul(map, judged[i]!)) : z)), judgedDimensions(z, judged));

/** log|det J| for each dimension of z, mean over the batch; shape []. */
export const logDetPerDimension = (z: readonly Value[], logDet: Value, judged?: readonly Value[]): Value =>
  div(reduceMean(logDet), judgedDimensions(z, judged));

/**
 * Mean over the batch of (0.5 sum z^2 - log|det J|) / dimensions, shape [] (Rudolph et al. 2022). Takes the three maps of z and the
 * log-determinants (N).
 */
export const flowLoss = (z: readonly Value[], logDet: Value, judged?: readonly Value[]): Value =>
  sub(energyPerDimension(z, judged), logDetPerDimension(z, logDet, judged));
