/**
 * A convolution of a batch of small maps as one matrix product over all images and positions. onnxruntime's Conv makes a product an
 * image, which has few columns when the map is small; measured in docs/experiments/speed.md.
 */
import type { ValueType } from '../types.ts';
import type { ConvAttributes } from './attributes.ts';
import { emitColumns } from './columns.ts';
import type { Emission, EmittedOperator } from './operator.ts';

/** Output positions up to which this is faster, for batches of at least so many images. */
const MOST_POSITIONS = 64;
const FEWEST_IMAGES = 4;

/** Whether a convolution is better emitted by `emitGathered`. */
export function suitsGathering(output: ValueType, { dilations, group }: ConvAttributes): boolean {
  const [n, , h, w] = output.shape as [number, number, number, number];
  return group === 1 && dilations[0] === 1 && dilations[1] === 1 && h * w <= MOST_POSITIONS && n >= FEWEST_IMAGES;
}

/** Emits x (N, C, H, W) * w (O, C, kH, kW) + bias (O) as w times the columns of x, brought back to (N, O, oH, oW). */
export function emitGathered(e: Emission<ConvAttributes>): void {
  const [x, weight, bias] = e.inputs as [string, string, string | undefined];
  const { strides, pads } = e.attributes;
  const [o, c, kh, kw] = e.inputTypes[1]!.shape as [number, number, number, number];
  const [n, , oh, ow] = e.outputTypes[0]!.shape as [number, number, number, number];
  const one = (op: EmittedOperator, inputs: string[], attributes = {}): string => e.node(op, inputs, 1, attributes)[0]!;
  const columns = emitColumns(e, x, e.inputTypes[0]!.shape, { kernel: [kh, kw], output: [oh, ow], strides, pads });
  const product = one('MatMul', [one('Reshape', [weight, e.int64([o, c * kh * kw])]), columns]);
  const sum = bias === undefined ? product : one('Add', [product, one('Reshape', [bias, e.int64([o, 1])])]);
  e.node('Transpose', [one('Reshape', [sum, e.int64([o, oh, ow, n])])], e.outputs, { perm: [3, 0, 1, 2] });
}
