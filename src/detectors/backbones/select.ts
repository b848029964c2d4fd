/** From a backbone's name, as on the command line, to the backbone. */
import { FelfriError } from '../../core/errors.ts';
import type { Backbone } from './backbone.ts';
import { type EfficientNetPadding, efficientNetBackbone } from './efficientnet.ts';
import { type EfficientNetVariant, efficientNetVariants } from './efficientnet-architecture.ts';
import { onnxBackbone } from './onnx-backbone.ts';
import { waveletBackbone } from './wavelet.ts';

export interface BackboneOptions {
  /** Path of the weights of an EfficientNet. */
  readonly weights?: string;
  /** How an EfficientNet pads; needed for timm's weights. */
  readonly padding?: EfficientNetPadding;
  /** Names of the outputs of an ONNX file; needed when it has several. */
  readonly outputs?: readonly string[];
}

const legal = `wavelet, ${efficientNetVariants.map((v) => `efficientnet-${v}`).join(', ')} (with a weights file), or onnx:FILE`;

/**
 * Opens the backbone that `spec` names: `wavelet`, `efficientnet-b0` to `efficientnet-b7` with a weights file, or `onnx:FILE`.
 * Throws OPTION_INVALID with the legal names, and what the chosen backbone throws.
 */
export async function openBackbone(spec: string, options: BackboneOptions = {}): Promise<Backbone> {
  if (spec === 'wavelet') return waveletBackbone();
  if (/^onnx:./.test(spec)) {
    return onnxBackbone({ file: spec.slice(5), ...(options.outputs && { outputs: options.outputs }) });
  }
  const variant = efficientNetVariants.find((v) => spec === `efficientnet-${v}`);
  if (variant) return openEfficientNet(variant, options);
  throw new FelfriError('OPTION_INVALID', `there is no backbone ${spec}; legal are ${legal}`, { subject: 'backbone' });
}

async function openEfficientNet(
  variant: EfficientNetVariant,
  { weights, padding }: BackboneOptions,
): Promise<Backbone> {
  if (weights === undefined) {
    throw new FelfriError(
      'OPTION_INVALID',
      `efficientnet-${variant} needs its weights: a safetensors file as timm, torchvision or efficientnet_pytorch publish it; ` +
        'the backbone wavelet needs none',
      { subject: 'weights' },
    );
  }
  return efficientNetBackbone({ weights, variant, ...(padding && { padding }) });
}
