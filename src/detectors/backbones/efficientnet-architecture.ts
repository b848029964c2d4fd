/**
 * EfficientNet B0 to B7 as tables (Tan and Le 2019, tables 1 and 2), and Lite0 to Lite4, from the stem to the end of stage 6. The Lite
 * ones are made for small processors: no squeeze-excite, ReLU6 in place of SiLU, and a stem and first stage that do not grow.
 */
import { type ColourStatistics, imageNetColours } from './normalise-image.ts';

/** One mobile inverted bottleneck. */
export interface Block {
  /** Position among all blocks, from 0. */
  readonly index: number;
  /** Stage, from 0, and position within it. */
  readonly stage: number;
  readonly position: number;
  readonly kernel: number;
  readonly stride: number;
  readonly inputs: number;
  /** Channels between expansion and projection; equal to `inputs` where nothing is expanded. */
  readonly middle: number;
  /** Channels of the squeezed vector; 0 without squeeze-excite. */
  readonly squeezed: number;
  readonly outputs: number;
}

export interface Architecture {
  readonly stem: number;
  readonly blocks: readonly Block[];
  readonly activation: 'silu' | 'relu6';
  /** The colours that the published weights expect. */
  readonly colours: ColourStatistics;
  /** As its authors write it: `B0`, `Lite0`. */
  readonly title: string;
}

/** Width and depth coefficients. */
const coefficients = {
  b0: [1, 1],
  b1: [1, 1.1],
  b2: [1.1, 1.2],
  b3: [1.2, 1.4],
  b4: [1.4, 1.8],
  b5: [1.6, 2.2],
  b6: [1.8, 2.6],
  b7: [2, 3.1],
  lite0: [1, 1],
  lite1: [1, 1.1],
  lite2: [1.1, 1.2],
  lite3: [1.2, 1.4],
  lite4: [1.4, 1.8],
} as const;

/** 127 and 128 of 255. */
const liteColours: ColourStatistics = {
  mean: [127 / 255, 127 / 255, 127 / 255],
  deviation: [128 / 255, 128 / 255, 128 / 255],
};

export type EfficientNetVariant = keyof typeof coefficients;

export const efficientNetVariants = Object.keys(coefficients) as EfficientNetVariant[];

/** Stages 1 to 6 of B0: repeats, kernel, stride of the first block, expansion, channels. */
const stages = [
  [1, 3, 1, 1, 16],
  [2, 3, 2, 6, 24],
  [2, 5, 2, 6, 40],
  [3, 3, 2, 6, 80],
  [3, 5, 1, 6, 112],
  [4, 5, 2, 6, 192],
] as const;

/** Channels scaled by the width and rounded to a multiple of 8, never losing more than a tenth. */
function roundChannels(channels: number, width: number): number {
  const wanted = channels * width;
  const rounded = Math.max(8, Math.floor((wanted + 4) / 8) * 8);
  return rounded < 0.9 * wanted ? rounded + 8 : rounded;
}

/** The table of a variant; stride 32 in all. B5: 36 blocks, 304 channels. */
export function efficientNetArchitecture(variant: EfficientNetVariant): Architecture {
  const [width, depth] = coefficients[variant];
  const lite = variant.startsWith('lite');
  const stem = lite ? 32 : roundChannels(32, width);
  const blocks: Block[] = [];
  let inputs = stem;
  for (const [stage, [repeats, kernel, stride, expansion, channels]] of stages.entries()) {
    const outputs = roundChannels(channels, width);
    const wanted = lite && stage === 0 ? repeats : Math.ceil(repeats * depth);
    for (let position = 0; position < wanted; position++) {
      blocks.push({
        index: blocks.length,
        stage,
        position,
        kernel,
        stride: position === 0 ? stride : 1,
        inputs,
        middle: inputs * expansion,
        squeezed: lite ? 0 : Math.max(1, Math.floor(inputs * 0.25)),
        outputs,
      });
      inputs = outputs;
    }
  }
  return {
    stem,
    blocks,
    activation: lite ? 'relu6' : 'silu',
    colours: lite ? liteColours : imageNetColours,
    title: variant[0]!.toUpperCase() + variant.slice(1),
  };
}

/** The layers of a block, in the order in which they run. */
export type LayerRole = 'expand' | 'depthwise' | 'squeeze' | 'excite' | 'project';

/** A convolution with the shape of its weight, and whether a BatchNorm (else its own bias) follows. */
export interface Layer {
  /** `stem`, or `block.index.role`: the name of its folded weights. */
  readonly name: string;
  readonly block: Block | undefined;
  readonly role: LayerRole | 'stem';
  /** (O, C / group, kH, kW). */
  readonly shape: readonly [number, number, number, number];
  readonly normalised: boolean;
}

/** Every convolution of the network, first to last. */
export function layersOf({ stem, blocks }: Pick<Architecture, 'stem' | 'blocks'>): Layer[] {
  const layers: Layer[] = [{ name: 'stem', block: undefined, role: 'stem', shape: [stem, 3, 3, 3], normalised: true }];
  for (const block of blocks) {
    const { index, kernel, inputs, middle, squeezed, outputs } = block;
    const add = (role: LayerRole, shape: Layer['shape'], normalised: boolean): void => {
      layers.push({ name: `block.${index}.${role}`, block, role, shape, normalised });
    };
    if (middle !== inputs) add('expand', [middle, inputs, 1, 1], true);
    add('depthwise', [middle, 1, kernel, kernel], true);
    if (squeezed > 0) {
      add('squeeze', [squeezed, middle, 1, 1], false);
      add('excite', [middle, squeezed, 1, 1], false);
    }
    add('project', [outputs, middle, 1, 1], true);
  }
  return layers;
}
