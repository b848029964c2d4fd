/** From a backbone's name, as on the command line, to the backbone. */
import { FelfriError } from '../../core/errors.ts';
import type { Backbone } from './backbone.ts';
import type { Depths } from './depths.ts';
import { type EfficientNetPadding, efficientNetBackbone } from './efficientnet.ts';
import { efficientNetVariants } from './efficientnet-architecture.ts';
import { type KnownBackbone, knownBackbone, knownBackbones } from './hub/catalogue.ts';
import { findCached, notFetched } from './hub/store.ts';
import { onnxBackbone } from './onnx-backbone.ts';
import { legalBackbones, ownBackbones } from './table.ts';
import { usual } from './usual.ts';

export interface BackboneOptions {
  /** Path of the weights of an EfficientNet; those fetched from the hub when left out. */
  readonly weights?: string;
  /** How an EfficientNet pads; needed for timm's weights. */
  readonly padding?: EfficientNetPadding;
  /** Maps of an EfficientNet: the deepest alone unless told. */
  readonly depths?: Depths;
  /** Names of the outputs of an ONNX file; needed when it has several. */
  readonly outputs?: readonly string[];
}

/**
 * Opens the backbone that `spec` names: `wavelet`, `scattering`, `surface`, `efficientnet-b0` to `efficientnet-b7` or `efficientnet-lite0` to `efficientnet-lite4` with a weights file or with those that
 * `felfri backbone fetch` brought, or `onnx:FILE`. Throws OPTION_INVALID with the legal names, BACKBONE_MISSING when there are no
 * weights, and what the chosen backbone throws.
 */
export async function openBackbone(spec: string, options: BackboneOptions = {}): Promise<Backbone> {
  const own = Object.entries(ownBackbones).find(([name]) => name === spec)?.[1];
  if (own) return own.open();
  if (/^onnx:./.test(spec)) {
    return onnxBackbone({ file: spec.slice(5), ...(options.outputs && { outputs: options.outputs }) });
  }
  const { weights, padding, depths } = options;
  // of which network the weights are is seen by their shapes
  if (spec === usual && weights !== undefined) {
    return efficientNetBackbone({ weights, ...(padding && { padding }), ...(depths && { depths }) });
  }
  const known = knownBackbone(spec);
  const variant = known?.variant ?? efficientNetVariants.find((v) => spec === `efficientnet-${v}`);
  if (variant === undefined) {
    throw new FelfriError('OPTION_INVALID', `there is no backbone ${spec}; legal are ${legalBackbones}`, {
      subject: 'backbone',
    });
  }
  if (weights !== undefined)
    return efficientNetBackbone({ weights, variant, ...(padding && { padding }), ...(depths && { depths }) });
  if (known) return openFetched(known, depths);
  throw new FelfriError(
    'BACKBONE_MISSING',
    `${spec} needs its weights: a safetensors file as timm, torchvision or efficientnet_pytorch publish it (--weights); felfri can fetch ` +
      `${knownBackbones.map((k) => k.name).join(', ')}; the backbone wavelet needs none`,
    { subject: 'weights' },
  );
}

async function openFetched(known: KnownBackbone, depths: Depths | undefined): Promise<Backbone> {
  const { variant, padding, licence } = known;
  const weights = await findCached(known);
  if (weights === undefined) throw notFetched(known);
  return { ...(await efficientNetBackbone({ weights, variant, padding, ...(depths && { depths }) })), licence };
}
