/** The two forms of the U-Net under one roof: learned as a whole, as published, or its way up alone. */
import type { Value } from '../../engine/graph.ts';
import type { Parameters } from '../../engine/parameters.ts';
import type { Backbone } from '../backbones/backbone.ts';
import { fixedEncoderStride, fixedEncoderUnet } from './fixed-encoder.ts';
import { unet } from './network.ts';
import { unetStride } from './paper.ts';

export interface UnetArchitecture {
  /** Channels of the first level. */
  readonly base: number;
  /** The fixed way down; learned unless given. */
  readonly encoder?: Backbone;
}

/** What the sides of a patch must be multiples of, in pixels. */
export const strideOf = ({ encoder }: UnetArchitecture): number => (encoder ? fixedEncoderStride : unetStride);

/** Logits (N, 1, H, W) of defect for grey images (N, 1, H, W) in 0..1. Throws as `unet` and `fixedEncoderUnet`. */
export function unetLogits(grey: Value, p: Parameters, { base, encoder }: UnetArchitecture): Value {
  return encoder ? fixedEncoderUnet(grey, p, encoder, base) : unet(grey, p, { base });
}
