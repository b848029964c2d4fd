/**
 * A convolution of a batch of small maps as one matrix product over all images and positions. onnxruntime's Conv makes a product an
 * image, which has few columns when the map is small; measured in docs/experiments.md.
 */
import type { ValueType } from '../graph.ts';
import type { ConvAttributes } from './attributes.ts';
import type { Emission } from './operator.ts';

/** Output positions up to which gathering pays, for batches of at least so many images. */
const MOST_POSITIONS = 64;
const FEWEST_IMAGES = 4;

/** Whether a convolution is better emitted by `emitGathered`. */
export function suitsGathering(output: ValueType, { dilations, group }: ConvAttributes): boolean {
  const [n, , h, w] = output.shape as [number, number, number, number];
  return group === 1 && dilations[0] === 1 && dilations[1] === 1 && h * w <= MOST_POSITIONS && n >= FEWEST_IMAGES;
}

/** Emits x (N, C, H, W) * w (O, C, kH, kW) + bias (O) as slices of x in the order H, W, N, C, joined over the taps, by one product. */
export function emitGathered(e: Emission<ConvAttributes>): void {
  const [x, weight, bias] = e.inputs as [string, string, string | undefined];
  const { strides, pads } = e.attributes;
  const [n, c] = e.inputTypes[0]!.shape as [number, number, number, number];
  const [o, , kh, kw] = e.inputTypes[1]!.shape as [number, number, number, number];
  const [oh, ow] = e.outputTypes[0]!.shape.slice(2) as [number, number];
  const one = (op: string, inputs: string[], attributes = {}): string => e.node(op, inputs, 1, attributes)[0]!;
  const [above, left, below, right] = pads;
  const turned = one('Transpose', [x], { perm: [2, 3, 0, 1] });
  const padded = pads.every((p) => p === 0)
    ? turned
    : one('Pad', [turned, e.int64([above, left, 0, 0, below, right, 0, 0])]);
  const taps: string[] = [];
  for (let i = 0; i < kh; i++) {
    for (let j = 0; j < kw; j++) {
      const ends = e.int64([i + (oh - 1) * strides[0] + 1, j + (ow - 1) * strides[1] + 1]);
      taps.push(one('Slice', [padded, e.int64([i, j]), ends, e.int64([0, 1]), e.int64(strides)]));
    }
  }
  const columns = taps.length === 1 ? taps[0]! : one('Concat', taps, { axis: 3 });
  const rows = one('Reshape', [columns, e.int64([oh * ow * n, kh * kw * c])]);
  const matrix = one('Reshape', [one('Transpose', [weight], { perm: [2, 3, 1, 0] }), e.int64([kh * kw * c, o])]);
  const product = bias === undefined ? one('MatMul', [rows, matrix]) : one('Gemm', [rows, matrix, bias]);
  e.node('Transpose', [one('Reshape', [product, e.int64([oh, ow, n, o])])], e.outputs, { perm: [2, 3, 0, 1] });
}
