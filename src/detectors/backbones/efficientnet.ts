/**
 * EfficientNet B0 to B7 and Lite0 to Lite4 as a backbone (Tan and Le, EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks, 2019),
 * in inference mode, cut after stage 6 as CS-Flow cuts it: its last map (stride 32), or those of five depths as one (stride 16).
 */
import { FelfriError } from '../../core/errors.ts';
import type { NamedTensors } from '../../core/tensor.ts';
import { add, clip, conv, mul, reduceMean, sigmoid } from '../../engine/builders.ts';
import { samePads, silu } from '../../engine/functions.ts';
import type { Graph, Value } from '../../engine/graph.ts';
import { FixedParameters } from '../../engine/parameters.ts';
import type { Backbone } from './backbone.ts';
import { type Depths, gatherDepths } from './depths.ts';
import { type Architecture, type EfficientNetVariant, efficientNetArchitecture } from './efficientnet-architecture.ts';
import { type EfficientNetWeights, foldEfficientNet, readEfficientNet } from './efficientnet-weights.ts';
import { fingerprintOf } from './fingerprint.ts';
import { normaliseImage } from './normalise-image.ts';

/** `same` is TensorFlow's (the odd row and column below and to the right), `symmetric` PyTorch's (kernel - 1) / 2 on every side. */
export type EfficientNetPadding = 'same' | 'symmetric';

/** Outputs of the last block of stages 1 to 6 for a normalised image (N, 3, H, W), given folded weights. */
export function efficientNetStages(
  image: Value,
  { blocks, activation }: Pick<Architecture, 'blocks' | 'activation'>,
  folded: FixedParameters,
  shapes: NamedTensors,
  padding: EfficientNetPadding,
): Value[] {
  const layer = (x: Value, name: string, stride = 1, group = 1): Value => {
    const get = (leaf: string): Value => folded.get(`${name}.${leaf}`, shapes.get(`${name}.${leaf}`)!.shape);
    const weight = get('weight');
    const kernel = weight.shape[2]!;
    const pads = padding === 'same' ? samePads(x.shape, kernel, stride) : (kernel - 1) / 2;
    return conv(x, weight, get('bias'), { stride, group, pads });
  };
  const active = activation === 'relu6' ? (x: Value): Value => clip(x, 0, 6) : silu;
  const stages: Value[] = [];
  let x = active(layer(image, 'stem', 2));
  for (const { index, stage, stride, inputs, middle, squeezed, outputs } of blocks) {
    const name = `block.${index}`;
    const before = x;
    if (middle !== inputs) x = active(layer(x, `${name}.expand`));
    x = active(layer(x, `${name}.depthwise`, stride, middle));
    if (squeezed > 0) {
      const vector = active(layer(reduceMean(x, [2, 3], true), `${name}.squeeze`));
      x = mul(x, sigmoid(layer(vector, `${name}.excite`)));
    }
    x = layer(x, `${name}.project`);
    if (stride === 1 && inputs === outputs) x = add(x, before);
    stages[stage] = x;
  }
  return stages;
}

export interface EfficientNetOptions {
  /** Path of a file with efficientnet_pytorch's, timm's or torchvision's tensor names, in a form that readWeights takes. */
  readonly weights: string;
  /** Recognised from the shapes when left out. */
  readonly variant?: EfficientNetVariant;
  /**
   * As the weights were trained. Left out: `same` for efficientnet_pytorch, `symmetric` for torchvision. timm's names do not tell:
   * its tf_efficientnet_* need `same`, its efficientnet_* `symmetric`.
   */
  readonly padding?: EfficientNetPadding;
  /** BatchNorm's epsilon. Left out: 1e-3 with `same` padding and for torchvision's B5 to B7, else 1e-5. */
  readonly epsilon?: number;
  /** Which maps are taken; default the deepest alone, as CS-Flow does. */
  readonly depths?: Depths;
}

function paddingOf({ scheme }: EfficientNetWeights, { padding, weights }: EfficientNetOptions): EfficientNetPadding {
  if (padding) return padding;
  if (scheme.name === 'timm') {
    throw new FelfriError(
      'OPTION_INVALID',
      `${weights}: timm's tensor names do not tell how the network pads; give padding 'same' for a tf_efficientnet_* model, ` +
        `'symmetric' for an efficientnet_* model`,
      { subject: 'padding' },
    );
  }
  return scheme.name === 'torchvision' ? 'symmetric' : 'same';
}

function epsilonOf({ scheme, variant }: EfficientNetWeights, padding: EfficientNetPadding): number {
  const large = variant === 'b5' || variant === 'b6' || variant === 'b7';
  return padding === 'same' || (scheme.name === 'torchvision' && large) ? 1e-3 : 1e-5;
}

/**
 * Opens EfficientNet weights as a backbone. Throws TENSOR_FILE when the file cannot be read, WEIGHTS_MISMATCH listing
 * what is missing, misshapen or extra, and OPTION_INVALID when timm's names leave the padding open.
 */
export async function efficientNetBackbone(options: EfficientNetOptions): Promise<Backbone> {
  const weights = await readEfficientNet(options.weights, options.variant);
  const { variant } = weights;
  const padding = paddingOf(weights, options);
  const epsilon = options.epsilon ?? epsilonOf(weights, padding);
  const folded = foldEfficientNet(weights, epsilon);
  const architecture = efficientNetArchitecture(variant);
  const { colours } = architecture;
  const { depths = 'deepest' } = options;
  const outputs = [0, 1, 2, 3, 4, 5].map((stage) => architecture.blocks.find((b) => b.stage === stage)!.outputs);
  // the scales of one graph share its constants
  const fixed = new WeakMap<Graph, FixedParameters>();
  const parametersOf = (graph: Graph): FixedParameters => {
    const known = fixed.get(graph) ?? new FixedParameters(graph, folded);
    fixed.set(graph, known);
    return known;
  };
  const stagesOf = (image: Value): Value[] =>
    efficientNetStages(normaliseImage(image, colours), architecture, parametersOf(image.graph), folded, padding);
  return {
    name: `efficientnet-${variant}`,
    licence: 'unknown',
    fingerprint: fingerprintOf(
      { network: 'efficientnet', variant, padding, colours, ...(depths === 'five' && { depths }) },
      folded,
    ),
    channels: depths === 'five' ? outputs.slice(1).reduce((a, b) => a + b) : outputs.at(-1)!,
    stride: depths === 'five' ? 16 : 32,
    features: (image) => {
      const stages = stagesOf(image);
      if (depths === 'deepest') return stages.at(-1)!;
      const [, , height, width] = stages[3]!.shape as [number, number, number, number];
      return gatherDepths(stages.slice(1), height, width);
    },
    // the last map of each stride
    pyramid: (image) => {
      const stages = stagesOf(image);
      return [1, 2, 4, 5].map((stage) => stages[stage]!);
    },
  };
}
