/** The U-Net (Ronneberger, Fischer and Brox 2015) with padded convolutions and batch normalisation. */
import { FelfriError } from '../../core/errors.ts';
import {
  add,
  batchNormTraining,
  concat,
  conv,
  convTranspose,
  div,
  maxPool,
  mul,
  relu,
  reshape,
  sqrt,
  sub,
} from '../../engine/builders.ts';
import type { Value } from '../../engine/graph.ts';
import { fanIn, type Parameters } from '../../engine/parameters.ts';

/** Four times halved: height and width must be multiples of this. */
export const unetStride = 16;

const levels = 5;
const epsilon = 1e-5;
/** Share of the newest batch in the running statistics. */
const momentum = 0.1;

/**
 * The head's bias before training: the logit of one defective pixel in a hundred. From 0 the first hundreds of steps would go into
 * learning that defects are rare (Lin et al. 2017, section 4.1; docs/experiments.md).
 */
const RARE = Math.log(0.01 / 0.99);

export interface UnetOptions {
  /** Channels of the first level; each level down has twice as many. */
  readonly base: number;
}

/**
 * Logits (N, 1, H, W) of defect for grey images (N, 1, H, W) in 0..1. Five levels of base * 2^i channels, each two of (conv 3x3,
 * batch norm, ReLU); 2x2 max-pools down, 2x2 transposed convolutions up, concat(skip, up), a 1x1 convolution as head.
 * Parameters are named as the PyTorch modules enc, upc, dec and head. Throws GRAPH_SHAPE when H or W is no multiple of 16.
 */
export function unet(x: Value, p: Parameters, { base }: UnetOptions): Value {
  const [, , h, w] = x.shape as [number, number, number, number];
  if (h % unetStride !== 0 || w % unetStride !== 0) {
    throw new FelfriError('GRAPH_SHAPE', `the U-Net needs multiples of ${unetStride} pixels, got ${h} x ${w}`);
  }
  const channels = Array.from({ length: levels }, (_, i) => base * 2 ** i);
  const skips: Value[] = [];
  let y = x;
  for (const [i, c] of channels.entries()) {
    y = doubleConv(i === 0 ? y : maxPool(y, 2), p, `enc.${i}`, c);
    skips.push(y);
  }
  for (let i = levels - 2; i >= 0; i--) {
    const c = channels[i]!;
    const shape = [2 * c, c, 2, 2];
    const weight = p.get(`upc.${i}.weight`, shape, fanIn(shape));
    const up = convTranspose(y, weight, p.get(`upc.${i}.bias`, [c], fanIn(shape)), { strides: [2, 2] });
    y = doubleConv(concat([skips[i]!, up], 1), p, `dec.${i}`, c);
  }
  const shape = [1, base, 1, 1];
  return conv(y, p.get('head.weight', shape, fanIn(shape)), p.get('head.bias', [1], { fill: RARE }));
}

function doubleConv(x: Value, p: Parameters, name: string, channels: number): Value {
  return normalisedConv(
    normalisedConv(x, p, `${name}.0`, `${name}.1`, channels),
    p,
    `${name}.3`,
    `${name}.4`,
    channels,
  );
}

/** relu(batchNorm(conv 3x3)). */
function normalisedConv(x: Value, p: Parameters, convName: string, normName: string, channels: number): Value {
  const shape = [channels, x.shape[1]!, 3, 3];
  const weight = p.get(`${convName}.weight`, shape, fanIn(shape));
  const scale = p.get(`${normName}.weight`, [channels], { fill: 1 });
  const shift = p.get(`${normName}.bias`, [channels], { fill: 0 });
  const mean = p.state(`${normName}.running_mean`, [channels], { fill: 0 });
  const variance = p.state(`${normName}.running_var`, [channels], { fill: 1 });
  if (!p.training) {
    // the running statistics make an affine map, which goes into the convolution: no pass over the maps of its own
    const factor = div(scale, sqrt(add(variance, epsilon)));
    const folded = mul(weight, reshape(factor, [channels, 1, 1, 1]));
    return relu(conv(x, folded, sub(shift, mul(mean, factor)), { pads: 1 }));
  }
  const [y, batchMean, batchVariance] = batchNormTraining(
    conv(x, weight, undefined, { pads: 1 }),
    scale,
    shift,
    epsilon,
  );
  const count = x.shape[0]! * x.shape[2]! * x.shape[3]!;
  const follow = (running: Value, now: Value, factor: number): Value =>
    add(mul(running, 1 - momentum), mul(now, momentum * factor));
  p.update(`${normName}.running_mean`, follow(mean, batchMean, 1));
  p.update(`${normName}.running_var`, follow(variance, batchVariance, count / (count - 1)));
  return relu(y);
}
