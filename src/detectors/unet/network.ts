/** The U-Net (Ronneberger, Fischer and Brox 2015) with padded convolutions and batch normalisation. */
import { FelfriError } from '../../core/errors.ts';
import { concat, convTranspose, maxPool } from '../../engine/builders.ts';
import type { Value } from '../../engine/graph.ts';
import { fanIn, type Parameters } from '../../engine/parameters.ts';
import { doubleConv, head } from './layers.ts';

/** Four times halved: height and width must be multiples of this. */
export const unetStride = 16;

const levels = 5;

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
  return head(y, p);
}
