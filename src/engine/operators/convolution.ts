/** Convolution and transposed convolution. Their gradients are in convolution-gradients.ts. */
import type { Random } from '../../core/random.ts';
import { conv, reduceSum } from '../builders.ts';
import type { Value } from '../graph.ts';
import type { ConvAttributes, ConvTransposeAttributes } from './attributes.ts';
import { inputGradient, weightGradient } from './convolution-gradients.ts';
import { emitGathered, suitsGathering } from './gathered-convolution.ts';
import {
  type Emission,
  type EmittedOperator,
  type GradientCase,
  normalTensor,
  type OperatorTable,
  requireShape,
} from './operator.ts';

/** Sum over batch and positions, as the gradient of a bias. Two steps: rows of a map are contiguous, which is the fast case. */
const biasGradient = (dy: Value): Value => reduceSum(reduceSum(dy, [2, 3]), [0]);

function convCase(
  random: Random,
  x: number[],
  w: number[],
  attributes: Partial<ConvAttributes>,
  withBias = true,
): GradientCase<ConvAttributes> {
  const inputs = [normalTensor(random, x), normalTensor(random, w, 0.5)];
  if (withBias) inputs.push(normalTensor(random, [w[0]!]));
  return { inputs, attributes: { strides: [1, 1], pads: [0, 0, 0, 0], dilations: [1, 1], group: 1, ...attributes } };
}

/** Whether the kernels of neighbours only touch: sides, strides of two, no padding. */
function suitsDepthToSpace({ inputTypes, attributes }: Emission<ConvTransposeAttributes>): boolean {
  const { strides, pads, outputPadding, group } = attributes;
  const sides = [...inputTypes[1]!.shape.slice(2), ...strides];
  return group === 1 && sides.every((s) => s === 2) && [...pads, ...outputPadding].every((p) => p === 0);
}

/** Emits such a transposed convolution as one of single weights, with an output for each place in the 2 x 2, and their moving there. */
function emitDepthToSpace(e: Emission<ConvTransposeAttributes>): void {
  const [x, weight, bias] = e.inputs as [string, string, string | undefined];
  const [c, o] = e.inputTypes[1]!.shape as [number, number, number, number];
  const one = (op: EmittedOperator, inputs: string[], attributes = {}): string => e.node(op, inputs, 1, attributes)[0]!;
  const turned = one('Transpose', [one('Reshape', [weight, e.int64([c, 4 * o])])], { perm: [1, 0] });
  const kernels = one('Reshape', [turned, e.int64([4 * o, c, 1, 1])]);
  const four =
    bias &&
    one('Reshape', [one('Expand', [one('Reshape', [bias, e.int64([o, 1])]), e.int64([o, 4])]), e.int64([4 * o])]);
  const places = one('Conv', four ? [x, kernels, four] : [x, kernels], { kernel_shape: [1, 1] });
  e.node('DepthToSpace', [places], e.outputs, { blocksize: 2, mode: 'CRD' });
}

const transposed = (attributes: Partial<ConvTransposeAttributes>): ConvTransposeAttributes => ({
  strides: [1, 1],
  pads: [0, 0, 0, 0],
  outputPadding: [0, 0],
  group: 1,
  ...attributes,
});

export const convolution = {
  Conv: {
    doc: '2-d cross-correlation of x (N, C, H, W) with w (O, C / group, kH, kW), plus a bias (O)',
    infer: ([x, w, b], { strides, pads, dilations, group }) => {
      const [n, c, ...size] = x!.shape;
      const [o, cg, ...kernel] = w!.shape;
      requireShape(
        x!.shape.length === 4 && w!.shape.length === 4 && c === cg! * group && o! % group === 0,
        () => `Conv: x [${x!.shape}], w [${w!.shape}], group ${group}`,
      );
      requireShape(
        b === undefined || (b.shape.length === 1 && b.shape[0] === o),
        () => `Conv: bias [${b!.shape}] for ${o} outputs`,
      );
      const out = size.map((d, i) => {
        const reach = dilations[i]! * (kernel[i]! - 1) + 1;
        return Math.floor((d + pads[i]! + pads[i + 2]! - reach) / strides[i]!) + 1;
      });
      requireShape(
        out.every((d) => d >= 1),
        () => `Conv: kernel [${kernel}] is larger than the padded input [${x!.shape}]`,
      );
      return [{ dtype: 'float32', shape: [n!, o!, ...out] }];
    },
    gradient: ({ inputs, attributes, upstream }) => {
      const [x, w, b] = inputs as [Value, Value, Value | undefined];
      const rules = [
        () => inputGradient(upstream, w, x.shape, attributes),
        () => weightGradient(x, upstream, w.shape, attributes),
      ];
      return b ? [...rules, () => biasGradient(upstream)] : rules;
    },
    onnx: (e) => {
      const { strides, pads, dilations, group } = e.attributes;
      if (suitsGathering(e.outputTypes[0]!, e.attributes)) return emitGathered(e);
      e.node('Conv', e.inputs, e.outputs, {
        strides,
        pads,
        dilations,
        group,
        kernel_shape: e.inputTypes[1]!.shape.slice(2),
      });
    },
    cases: (random) => [
      convCase(random, [2, 3, 5, 4], [4, 3, 3, 3], { pads: [1, 1, 1, 1] }),
      convCase(random, [2, 3, 7, 6], [4, 3, 3, 3], { pads: [1, 1, 1, 1], strides: [2, 2] }),
      convCase(random, [1, 2, 8, 8], [3, 2, 3, 3], { pads: [0, 0, 1, 1], strides: [2, 2] }, false),
      convCase(random, [2, 3, 7, 6], [2, 3, 5, 5], { pads: [2, 2, 2, 2], strides: [2, 2] }),
      convCase(random, [1, 3, 6, 6], [2, 3, 3, 3], { pads: [2, 2, 2, 2], dilations: [2, 2] }),
      convCase(random, [2, 8, 6, 5], [2, 8, 3, 3], { pads: [1, 2, 2, 1], dilations: [2, 2] }),
      convCase(random, [2, 4, 5, 5], [4, 1, 3, 3], { pads: [1, 1, 1, 1], group: 4 }, false),
      convCase(random, [1, 4, 6, 5], [6, 2, 3, 3], { pads: [1, 1, 1, 1], group: 2 }),
      convCase(random, [2, 3, 4, 4], [5, 3, 1, 1], {}),
      // batches of small maps, which are emitted in another form
      convCase(random, [4, 2, 4, 3], [3, 2, 3, 3], { pads: [1, 1, 1, 1] }),
      convCase(random, [5, 2, 5, 4], [2, 2, 3, 3], { pads: [1, 0, 1, 2], strides: [2, 2] }, false),
      convCase(random, [4, 3, 2, 2], [2, 3, 1, 1], {}),
    ],
  },
  ConvTranspose: {
    doc: '2-d transposed convolution of x (N, C, H, W) with w (C, O / group, kH, kW), plus a bias (O)',
    infer: ([x, w, b], { strides, pads, outputPadding, group }) => {
      const [n, c, ...size] = x!.shape;
      const [cw, og, ...kernel] = w!.shape;
      const o = og! * group;
      requireShape(
        c === cw && c! % group === 0,
        () => `ConvTranspose: x [${x!.shape}], w [${w!.shape}], group ${group}`,
      );
      requireShape(b === undefined || b.shape[0] === o, () => `ConvTranspose: bias [${b!.shape}] for ${o} outputs`);
      const out = size.map((d, i) => (d - 1) * strides[i]! + kernel[i]! + outputPadding[i]! - pads[i]! - pads[i + 2]!);
      return [{ dtype: 'float32', shape: [n!, o, ...out] }];
    },
    gradient: ({ inputs, attributes: { strides, pads, group }, upstream }) => {
      const [x, w, b] = inputs as [Value, Value, Value | undefined];
      // the transposed convolution is the input gradient of a convolution with the same weights: roles of x and dy swap
      const forward: ConvAttributes = { strides, pads, dilations: [1, 1], group };
      const rules = [
        () => conv(upstream, w, undefined, { stride: strides[0], pads, group }),
        () => weightGradient(upstream, x, w.shape, forward),
      ];
      return b ? [...rules, () => biasGradient(upstream)] : rules;
    },
    onnx: (e) => {
      const { strides, pads, outputPadding, group } = e.attributes;
      if (suitsDepthToSpace(e)) return emitDepthToSpace(e);
      e.node('ConvTranspose', e.inputs, e.outputs, {
        strides,
        pads,
        output_padding: outputPadding,
        group,
        kernel_shape: e.inputTypes[1]!.shape.slice(2),
      });
    },
    cases: (random) => [
      {
        inputs: [normalTensor(random, [2, 3, 4, 3]), normalTensor(random, [3, 2, 2, 2]), normalTensor(random, [2])],
        attributes: transposed({ strides: [2, 2] }),
      },
      {
        inputs: [normalTensor(random, [1, 2, 4, 4]), normalTensor(random, [2, 3, 3, 3])],
        attributes: transposed({ strides: [2, 2], pads: [1, 1, 1, 1], outputPadding: [1, 1] }),
      },
    ],
  },
} satisfies Partial<OperatorTable>;
