/** From the options of a U-Net to what its training takes: backbone and canvas opened, synthetic defects as a share. */
import { FelfriError } from '../../core/errors.ts';
import type { Given, PresetName, Settled } from '../../core/options.ts';
import type { Canvas } from '../../train/canvas.ts';
import type { Backbone } from '../backbones/backbone.ts';
import { type backboneOptions, openChosen } from '../backbones/options.ts';
import { canvasOf } from '../training-options.ts';
import type { unetOptions } from './options.ts';
import { onBackbone } from './preset.ts';

type Options = Settled<typeof unetOptions>;

/** Options that are settings of another form. */
type Formed =
  | keyof typeof backboneOptions
  | 'size'
  | 'fit'
  | 'encoder'
  | 'tile'
  | 'overlap'
  | 'synthetic'
  | 'syntheticShare';

/** What training a U-Net takes; what is not named here is as in options.ts. */
export interface UnetSettings extends Omit<Options, Formed> {
  /** A backbone as the fixed way down, so that the way up alone is learned; all is learned unless given. */
  readonly encoder?: Backbone;
  /** Pixels along the patches that an image is inspected in, and their shared part. */
  readonly tile: { readonly side: number; readonly overlap: number };
  /** Left out: a canvas that holds the usual training image, no side above 768 pixels. */
  readonly canvas?: Canvas;
  /** Defects put onto good images: `only`, so that no label is used at all, or the share that they have in all patches with defect. None unless told. */
  readonly synthetic?: 'only' | { readonly share: number };
}

/** The share of synthetic defects among all. Throws OPTION_INVALID for one that leaves no room for labels. */
export function syntheticShare({ synthetic }: Pick<UnetSettings, 'synthetic'>): number {
  if (synthetic === undefined) return 0;
  if (synthetic === 'only') return 1;
  if (synthetic.share >= 0 && synthetic.share < 1) return synthetic.share;
  throw new FelfriError(
    'OPTION_INVALID',
    `share of synthetic defects: got ${synthetic.share}; legal is 0 to below 1, or synthetic defects only`,
    { subject: 'synthetic' },
  );
}

/** Throws OPTION_INVALID, and what opening a backbone throws. */
export async function unetSettings(
  options: Options,
  given: Given<typeof unetOptions>,
  preset: PresetName,
): Promise<UnetSettings> {
  const { backbone, weights, padding, outputs, size, fit, encoder, tile, overlap, synthetic, syntheticShare, ...same } =
    options;
  const fixed = onBackbone(given, preset);
  if (fixed && backbone === undefined) {
    throw new FelfriError(
      'OPTION_INVALID',
      '--encoder backbone: got no backbone; give one, such as --backbone efficientnet-b0',
      { subject: 'encoder' },
    );
  }
  const files = { ...(weights !== undefined && { weights }), ...(padding && { padding }), ...(outputs && { outputs }) };
  return {
    ...same,
    ...(fixed && { encoder: await openChosen(backbone!, files, 'five') }),
    tile: { side: tile, overlap },
    ...(synthetic === 'only' && { synthetic }),
    ...(synthetic === 'add' && { synthetic: { share: syntheticShare ?? 0.5 } }),
    ...(size !== undefined && { canvas: canvasOf(size, fit ?? 'letterbox') }),
  };
}
