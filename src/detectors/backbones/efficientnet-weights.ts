/** EfficientNet weights from a file: which library and which variant it is of, and BatchNorm folded into convolutions. */
import { FelfriError } from '../../core/errors.ts';
import { type NamedTensors, sizeOf, type Tensor, tensor } from '../../core/tensor.ts';
import {
  type EfficientNetVariant,
  efficientNetArchitecture,
  efficientNetVariants,
  type Layer,
  layersOf,
} from './efficientnet-architecture.ts';
import { type NamingScheme, namingSchemes, tensorsOf } from './efficientnet-naming.ts';
import { readWeights } from './weights-file.ts';

/** Weights whose names, shapes and completeness have been checked. */
export interface EfficientNetWeights {
  readonly scheme: NamingScheme;
  readonly variant: EfficientNetVariant;
  readonly tensors: NamedTensors;
}

interface Comparison {
  readonly variant: EfficientNetVariant;
  readonly missing: string[];
  readonly misshapen: string[];
  readonly extra: string[];
}

const faults = (c: Comparison): number => c.missing.length + c.misshapen.length + c.extra.length;

/** The scheme that most of the file's tensors are named by. Schemes share no names of the first convolution. */
function schemeOf(tensors: NamedTensors, subject: string): NamingScheme {
  const { blocks } = efficientNetArchitecture('b0');
  const layers = layersOf({ stem: 32, blocks });
  const counts = namingSchemes.map((scheme) => layers.filter((l) => tensors.has(tensorsOf(scheme, l)[0]![0])).length);
  const most = Math.max(...counts);
  if (most === 0) {
    const names = [...tensors.keys()];
    throw new FelfriError(
      'WEIGHTS_MISMATCH',
      `${subject}: none of its ${names.length} tensors (${names.slice(0, 3).join(', ')}, ...) is named as ` +
        `${namingSchemes.map((s) => s.name).join(', ')} name an EfficientNet's; give the weights of one of these`,
      { subject },
    );
  }
  return namingSchemes[counts.indexOf(most)]!;
}

function compare(tensors: NamedTensors, scheme: NamingScheme, variant: EfficientNetVariant): Comparison {
  const architecture = efficientNetArchitecture(variant);
  const missing: string[] = [];
  const misshapen: string[] = [];
  const needed = new Set<string>();
  for (const [name, shape] of layersOf(architecture).flatMap((layer) => tensorsOf(scheme, layer))) {
    needed.add(name);
    const found = tensors.get(name);
    if (!found) missing.push(name);
    else if (found.shape.join() !== shape.join()) misshapen.push(`${name} is [${found.shape}], not [${shape}]`);
  }
  const extra = [...tensors.keys()].filter(
    (name) =>
      !needed.has(name) && !name.endsWith('.num_batches_tracked') && !scheme.isBeyond(name, architecture.blocks.length),
  );
  return { variant, missing, misshapen, extra };
}

/**
 * Recognises the naming scheme and, unless given, the variant. Tensors beyond stage 6 are legal and left alone.
 * Throws WEIGHTS_MISMATCH that lists every missing, misshapen and extra tensor of the variant that fits best.
 */
export function recogniseEfficientNet(
  tensors: NamedTensors,
  subject: string,
  variant?: EfficientNetVariant,
): EfficientNetWeights {
  const scheme = schemeOf(tensors, subject);
  const comparisons = (variant ? [variant] : efficientNetVariants).map((v) => compare(tensors, scheme, v));
  const best = comparisons.reduce((a, b) => (faults(b) < faults(a) ? b : a));
  if (faults(best) > 0) {
    const lists = [
      ['missing', best.missing],
      ['of another shape', best.misshapen],
      ['not of this network', best.extra],
    ] as const;
    const said = lists
      .filter(([, names]) => names.length > 0)
      .map(([what, n]) => `${n.length} ${what}: ${n.join('; ')}`);
    throw new FelfriError(
      'WEIGHTS_MISMATCH',
      `${subject}: not the weights of EfficientNet-${efficientNetArchitecture(best.variant).title}${variant ? '' : ', the nearest variant,'} ` +
        `under ${scheme.name}'s names. ${said.join('. ')}. Give a complete file, or the variant that it is of`,
      { subject },
    );
  }
  return { scheme, variant: best.variant, tensors };
}

/** Reads and recognises a file. Throws TENSOR_FILE when it cannot be read, and WEIGHTS_MISMATCH as `recogniseEfficientNet`. */
export async function readEfficientNet(path: string, variant?: EfficientNetVariant): Promise<EfficientNetWeights> {
  return recogniseEfficientNet(await readWeights(path), path, variant);
}

/**
 * Every layer as one convolution with a bias, `<layer>.weight` and `<layer>.bias`: BatchNorm in inference mode,
 * gamma (x - mean) / sqrt(var + epsilon) + beta, is a scale and shift of the convolution before it.
 */
export function foldEfficientNet({ scheme, variant, tensors }: EfficientNetWeights, epsilon: number): NamedTensors {
  const folded: NamedTensors = new Map();
  for (const layer of layersOf(efficientNetArchitecture(variant))) {
    const [weight, ...rest] = tensorsOf(scheme, layer).map(([name]) => tensors.get(name)!) as [Tensor, ...Tensor[]];
    const [first, ...norm] = rest as [Tensor, Tensor, Tensor, Tensor];
    folded.set(`${layer.name}.weight`, weight);
    folded.set(`${layer.name}.bias`, first);
    if (layer.normalised) fold(folded, layer, weight, [first, ...norm], epsilon);
  }
  return folded;
}

function fold(
  folded: NamedTensors,
  layer: Layer,
  weight: Tensor,
  [gamma, beta, mean, variance]: readonly [Tensor, Tensor, Tensor, Tensor],
  epsilon: number,
): void {
  const scaled = tensor(layer.shape);
  const bias = tensor([layer.shape[0]]);
  const fan = sizeOf(layer.shape.slice(1));
  for (let o = 0; o < layer.shape[0]; o++) {
    const scale = gamma.data[o]! / Math.sqrt(variance.data[o]! + epsilon);
    bias.data[o] = beta.data[o]! - mean.data[o]! * scale;
    for (let i = o * fan; i < (o + 1) * fan; i++) scaled.data[i] = weight.data[i]! * scale;
  }
  folded.set(`${layer.name}.weight`, scaled);
  folded.set(`${layer.name}.bias`, bias);
}
