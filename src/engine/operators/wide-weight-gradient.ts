/** The weight gradient of a convolution on wide maps, where copying the maps costs more than the products. */
import { concat, gather, matMul, pad, reduceSum, reshape, transpose } from '../builders.ts';
import type { Value } from '../graph.ts';
import type { ConvAttributes } from './attributes.ts';

/** Stride 1, more than one row of taps, and so many rows that those which the kernel adds hardly count. */
export function isWide(dy: Value, shape: readonly number[], { strides, dilations }: ConvAttributes): boolean {
  const reach = dilations[0] * (shape[2]! - 1);
  return strides[0] === 1 && strides[1] === 1 && reach > 0 && 16 * reach <= dy.shape[2]!;
}

/**
 * A tap is a shift of the map along both axes. Here the input is moved along its rows and the upstream gradient, with empty rows
 * around it, along its columns, so that a 3 x 3 kernel takes three copies of each in place of nine of one. The moved gradients of an
 * image are stacked, which one gathering of rows does, and meet each moved input in one product. x is not padded beforehand.
 */
export function wideWeightGradient(
  x: Value,
  dy: Value,
  shape: readonly number[],
  { dilations, pads }: ConvAttributes,
): Value {
  const [o, c, kh, kw] = shape as [number, number, number, number];
  const [n, , oh, ow] = dy.shape as [number, number, number, number];
  const [h, w] = x.shape.slice(2) as [number, number];
  const rows = pads[0] + h + pads[2];
  const positions = rows * ow;
  // row oh is the empty one
  const lowered = Array.from({ length: kh * rows }, (_, at) => {
    const row = (at % rows) - Math.floor(at / rows) * dilations[0];
    return row >= 0 && row < oh ? row : oh;
  });
  const gathered = gather(pad(dy, [0, 0, 0, 0], [0, 0, 1, 0]), 2, lowered);
  const stacked = reshape(gathered, [n, o * kh, positions]);
  const columns = Array.from({ length: kw }, (_, j) => {
    const left = pads[1] - j * dilations[1];
    const cut = pad(x, [0, 0, pads[0], left], [0, 0, pads[2], ow - w - left]);
    const moved = reshape(cut, [n, c, positions]);
    return reshape(reduceSum(matMul(stacked, transpose(moved, [0, 2, 1])), [0]), [1, o, kh, c]);
  });
  return transpose(concat(columns, 0), [1, 3, 2, 0]);
}
