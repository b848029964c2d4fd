/** The U-Net (Ronneberger, Fischer and Brox 2015) with padded convolutions and batch normalisation. */
import { FelfriError } from '../../core/errors.ts';
import { concat, convTranspose, maxPool } from '../../engine/builders.ts';
import type { Value } from '../../engine/graph.ts';
import { fanIn, type Parameters } from '../../engine/parameters.ts';
import { doubleConv, head } from './layers.ts';
import { unetStride } from './paper.ts';

const levels = 5;

export interface UnetOptions {
  /** Channels of the first level; each level down has twice as many. */
  readonly base: number;
}

const channelsOf = (base: number): number[] => Array.from({ length: levels }, (_, i) => base * 2 ** i);

/** The maps of the five levels of the way down, strides 1 to 16, for grey images (N, 1, H, W) in 0..1. Parameters are named enc. */
export function unetWayDown(x: Value, p: Parameters, { base }: UnetOptions): Value[] {
  const maps: Value[] = [];
  for (const [i, channels] of channelsOf(base).entries()) {
    const previous = maps.at(-1);
    maps.push(doubleConv(previous ? maxPool(previous, 2) : x, p, `enc.${i}`, channels));
  }
  return maps;
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
  const channels = channelsOf(base);
  const skips = unetWayDown(x, p, { base });
  let y = skips[levels - 1]!;
  for (let i = levels - 2; i >= 0; i--) {
    const c = channels[i]!;
    const shape = [2 * c, c, 2, 2];
    const weight = p.get(`upc.${i}.weight`, shape, fanIn(shape));
    const up = convTranspose(y, weight, p.get(`upc.${i}.bias`, [c], fanIn(shape)), { strides: [2, 2] });
    y = doubleConv(concat([skips[i]!, up], 1), p, `dec.${i}`, c);
  }
  return head(y, p);
}
