/** Negative log-likelihood of the flow, without the constant of the normal distribution. */
import { mul, reduceMean, sub } from '../../engine/builders.ts';
import type { Value } from '../../engine/graph.ts';
import { dimensions, halfSquares } from './score.ts';

/** 0.5 z^2 for each dimension, mean over the batch; shape []. It is 0.5 when z is standard normal. */
export const energyPerDimension = (z: readonly Value[]): Value => mul(reduceMean(halfSquares(z)), 1 / dimensions(z));

/** log|det J| for each dimension of z, mean over the batch; shape []. */
export const logDetPerDimension = (z: readonly Value[], logDet: Value): Value =>
  mul(reduceMean(logDet), 1 / dimensions(z));

/**
 * Mean over the batch of (0.5 sum z^2 - log|det J|) / dimensions, shape [] (Rudolph et al. 2022). Takes the three maps of z and the
 * log-determinants (N).
 */
export const flowLoss = (z: readonly Value[], logDet: Value): Value =>
  sub(energyPerDimension(z), logDetPerDimension(z, logDet));
