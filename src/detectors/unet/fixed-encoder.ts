/**
 * A U-Net whose way down is a fixed backbone, trained elsewhere, and whose way up alone is learned. A handful of outlined defects is too little
 * to learn from scratch what edges and textures are (docs/experiments/unet.md).
 */
import { FelfriError } from '../../core/errors.ts';
import { concat } from '../../engine/builders.ts';
import { resizeBilinear } from '../../engine/functions.ts';
import type { Value } from '../../engine/graph.ts';
import type { Parameters } from '../../engine/parameters.ts';
import type { Backbone } from '../backbones/backbone.ts';
import { batchNorm, doubleConv, head, normalisedConv } from './layers.ts';

/** Height and width must be multiples of the deepest map's stride. */
export const fixedEncoderStride = 32;

/** Channels of the way up beside the maps of stride 4, 8, 16 and 32, in units of the base. */
const widths = [2, 3, 4, 4] as const;

/**
 * Logits (N, 1, H, W) of defect for grey images (N, 1, H, W) in 0..1: the backbone's maps, each batch-normalised and brought to few channels
 * (lateral.i); from the deepest on, enlarged twice, put beside the next and convolved (dec.i); the head at a quarter of the sides, its logits
 * enlarged. Throws OPTION_INVALID for a backbone without maps of four strides, GRAPH_SHAPE when H or W is no multiple of 32.
 */
export function fixedEncoderUnet(grey: Value, p: Parameters, encoder: Backbone, base: number): Value {
  const [, , height, width] = grey.shape as [number, number, number, number];
  if (height % fixedEncoderStride !== 0 || width % fixedEncoderStride !== 0) {
    throw new FelfriError(
      'GRAPH_SHAPE',
      `a U-Net on a backbone needs multiples of ${fixedEncoderStride} pixels, got ${height} x ${width}`,
    );
  }
  const maps = pyramidOf(encoder)(concat([grey, grey, grey], 1));
  const laterals = maps.map((map, i) => {
    // its channels differ in size a hundredfold
    const even = batchNorm(map, p, `lateral.${i}.0`);
    return normalisedConv(even, p, [`lateral.${i}.1`, `lateral.${i}.2`], widths[i]! * base, 1);
  });
  const decoded = laterals.reduceRight((deeper, lateral, i) => {
    const [, , h, w] = lateral.shape as [number, number, number, number];
    return doubleConv(concat([lateral, resizeBilinear(deeper, h, w)], 1), p, `dec.${i}`, widths[i]! * base);
  });
  return resizeBilinear(head(decoded, p), height, width);
}

/** Throws OPTION_INVALID for a backbone without maps of four strides. */
function pyramidOf({ name, pyramid }: Backbone): NonNullable<Backbone['pyramid']> {
  if (pyramid) return pyramid;
  throw new FelfriError(
    'OPTION_INVALID',
    `the backbone ${name} has no maps of several strides, which a U-Net needs; legal are the EfficientNets, or --encoder learned`,
    { subject: 'backbone' },
  );
}
