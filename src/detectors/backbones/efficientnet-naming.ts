/** What the libraries that publish EfficientNet weights call the tensors. */
import type { Block, Layer, LayerRole } from './efficientnet-architecture.ts';

export interface NamingScheme {
  readonly name: string;
  /** Tensor names of a layer's convolution and of its BatchNorm, each without `.weight` and the like. */
  readonly prefixes: (layer: Layer) => { readonly convolution: string; readonly norm: string };
  /** Whether a tensor belongs to what comes after stage 6, given the number of blocks up to there. */
  readonly isBeyond: (tensor: string, blocks: number) => boolean;
}

const expands = (block: Block): boolean => block.middle !== block.inputs;

/** lukemelas/EfficientNet-PyTorch: blocks numbered through, `_bn0` to `_bn2` within. */
const efficientNetPytorch: NamingScheme = {
  name: 'efficientnet_pytorch',
  prefixes: ({ block, role }) => {
    if (!block || role === 'stem') return { convolution: '_conv_stem', norm: '_bn0' };
    const names: Record<LayerRole, [string, string]> = {
      expand: ['_expand_conv', '_bn0'],
      depthwise: ['_depthwise_conv', '_bn1'],
      squeeze: ['_se_reduce', ''],
      excite: ['_se_expand', ''],
      project: ['_project_conv', '_bn2'],
    };
    const [convolution, norm] = names[role];
    return {
      convolution: `_blocks.${block.index}.${convolution}`,
      norm: `_blocks.${block.index}.${norm}`,
    };
  },
  isBeyond: (tensor, blocks) => {
    const index = /^_blocks\.(\d+)\./.exec(tensor)?.[1];
    return index === undefined ? /^_(conv_head|bn1|fc)\./.test(tensor) : Number(index) >= blocks;
  },
};

/** timm: blocks by stage; in a block that does not expand, the projection is `conv_pw`. */
const timm: NamingScheme = {
  name: 'timm',
  prefixes: ({ block, role }) => {
    if (!block || role === 'stem') return { convolution: 'conv_stem', norm: 'bn1' };
    const names: Record<LayerRole, [string, string]> = expands(block)
      ? {
          expand: ['conv_pw', 'bn1'],
          depthwise: ['conv_dw', 'bn2'],
          squeeze: ['se.conv_reduce', ''],
          excite: ['se.conv_expand', ''],
          project: ['conv_pwl', 'bn3'],
        }
      : {
          expand: ['', ''],
          depthwise: ['conv_dw', 'bn1'],
          squeeze: ['se.conv_reduce', ''],
          excite: ['se.conv_expand', ''],
          project: ['conv_pw', 'bn2'],
        };
    const [convolution, norm] = names[role];
    const prefix = `blocks.${block.stage}.${block.position}`;
    return { convolution: `${prefix}.${convolution}`, norm: `${prefix}.${norm}` };
  },
  isBeyond: (tensor) => /^(blocks\.6|conv_head|bn2|classifier)\./.test(tensor),
};

/** torchvision: layers numbered within `features`. */
const torchvision: NamingScheme = {
  name: 'torchvision',
  prefixes: ({ block, role }) => {
    if (!block || role === 'stem') return { convolution: 'features.0.0', norm: 'features.0.1' };
    const first = expands(block) ? 1 : 0;
    const prefix = `features.${block.stage + 1}.${block.position}.block`;
    if (role === 'squeeze') return { convolution: `${prefix}.${first + 1}.fc1`, norm: '' };
    if (role === 'excite') return { convolution: `${prefix}.${first + 1}.fc2`, norm: '' };
    const at = { expand: 0, depthwise: first, project: first + 2 }[role];
    return { convolution: `${prefix}.${at}.0`, norm: `${prefix}.${at}.1` };
  },
  isBeyond: (tensor) => /^(features\.[78]|classifier)\./.test(tensor),
};

export const namingSchemes: readonly NamingScheme[] = [efficientNetPytorch, timm, torchvision];

const normTensors = ['weight', 'bias', 'running_mean', 'running_var'] as const;

/** Names and shapes of the tensors that a layer is made of, under a scheme. */
export function tensorsOf(scheme: NamingScheme, layer: Layer): [name: string, shape: readonly number[]][] {
  const { convolution, norm } = scheme.prefixes(layer);
  const outputs = [layer.shape[0]];
  const weight: [string, readonly number[]] = [`${convolution}.weight`, layer.shape];
  if (!layer.normalised) return [weight, [`${convolution}.bias`, outputs]];
  return [weight, ...normTensors.map((t): [string, readonly number[]] => [`${norm}.${t}`, outputs])];
}
