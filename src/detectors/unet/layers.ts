/** The layers that U-Nets are built of: padded convolutions with batch normalisation. */
import { add, batchNormTraining, conv, div, mul, relu, reshape, sqrt, sub } from '../../engine/builders.ts';
import type { Value } from '../../engine/graph.ts';
import { fanIn, type Parameters } from '../../engine/parameters.ts';
import { convolve } from '../../engine/winograd.ts';

const epsilon = 1e-5;
/** Share of the newest batch in the running statistics. */
const momentum = 0.1;

/**
 * The head's bias before training: the logit of one defective pixel in a hundred. From 0 the first hundreds of steps would go into
 * learning that defects are rare (Lin et al. 2017, section 4.1; docs/experiments/unet.md).
 */
const RARE = Math.log(0.01 / 0.99);

/** One logit for every position: a 1x1 convolution. */
export function head(x: Value, p: Parameters): Value {
  const shape = [1, x.shape[1]!, 1, 1];
  return conv(x, p.get('head.weight', shape, fanIn(shape)), p.get('head.bias', [1], { fill: RARE }));
}

/** Two of relu(batchNorm(conv 3x3)). */
export function doubleConv(x: Value, p: Parameters, name: string, channels: number): Value {
  const first = normalisedConv(x, p, [`${name}.0`, `${name}.1`], channels);
  return normalisedConv(first, p, [`${name}.3`, `${name}.4`], channels);
}

interface NormParameters {
  readonly scale: Value;
  readonly shift: Value;
  readonly mean: Value;
  readonly variance: Value;
}

function normParameters(p: Parameters, name: string, channels: number): NormParameters {
  return {
    scale: p.get(`${name}.weight`, [channels], { fill: 1 }),
    shift: p.get(`${name}.bias`, [channels], { fill: 0 }),
    mean: p.state(`${name}.running_mean`, [channels], { fill: 0 }),
    variance: p.state(`${name}.running_var`, [channels], { fill: 1 }),
  };
}

/** Normalises by the batch and lets the running statistics follow. */
function normaliseByBatch(x: Value, p: Parameters, name: string, norm: NormParameters): Value {
  const [y, batchMean, batchVariance] = batchNormTraining(x, norm.scale, norm.shift, epsilon);
  const count = x.shape[0]! * x.shape[2]! * x.shape[3]!;
  const follow = (running: Value, now: Value, factor: number): Value =>
    add(mul(running, 1 - momentum), mul(now, momentum * factor));
  p.update(`${name}.running_mean`, follow(norm.mean, batchMean, 1));
  p.update(`${name}.running_var`, follow(norm.variance, batchVariance, count / (count - 1)));
  return y;
}

/** The running statistics as an affine map. */
function affineOf({ scale, shift, mean, variance }: NormParameters): { factor: Value; offset: Value } {
  const factor = div(scale, sqrt(add(variance, epsilon)));
  return { factor, offset: sub(shift, mul(mean, factor)) };
}

/** Batch normalisation of a map (N, C, H, W). */
export function batchNorm(x: Value, p: Parameters, name: string): Value {
  const channels = x.shape[1]!;
  const norm = normParameters(p, name, channels);
  if (p.training) return normaliseByBatch(x, p, name, norm);
  const { factor, offset } = affineOf(norm);
  return add(mul(x, reshape(factor, [1, channels, 1, 1])), reshape(offset, [1, channels, 1, 1]));
}

/** relu(batchNorm(conv)), a square kernel, padded; named as the convolution and its normalisation. */
export function normalisedConv(
  x: Value,
  p: Parameters,
  [convName, normName]: readonly [string, string],
  channels: number,
  kernel = 3,
): Value {
  const shape = [channels, x.shape[1]!, kernel, kernel];
  const pads = (kernel - 1) / 2;
  const weight = p.get(`${convName}.weight`, shape, fanIn(shape));
  const norm = normParameters(p, normName, channels);
  if (p.training) return relu(normaliseByBatch(convolve(x, weight, undefined, { pads }), p, normName, norm));
  // the affine map goes into the convolution: no pass over the maps of its own
  const { factor, offset } = affineOf(norm);
  return relu(conv(x, mul(weight, reshape(factor, [channels, 1, 1, 1])), offset, { pads }));
}
