/** The weight gradient of a convolution on wide maps, where copying the maps costs more than the products. */
import { concat, matMul, pad, reduceSum, reshape, slice, transpose } from '../builders.ts';
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
 * image are stacked and meet each moved input in one product.
 */
export function wideWeightGradient(
  padded: Value,
  dy: Value,
  shape: readonly number[],
  { dilations }: ConvAttributes,
): Value {
  const [o, c, kh, kw] = shape as [number, number, number, number];
  const [n, , , ow] = dy.shape as [number, number, number, number];
  const positions = padded.shape[2]! * ow;
  const reach = dilations[0] * (kh - 1);
  const lowered = Array.from({ length: kh }, (_, i) => {
    const above = i * dilations[0];
    return pad(dy, [0, 0, above, 0], [0, 0, reach - above, 0]);
  });
  const stacked = reshape(concat(lowered, 1), [n, kh * o, positions]);
  const columns = Array.from({ length: kw }, (_, j) => {
    const from = j * dilations[1];
    const moved = reshape(slice(padded, 3, from, from + ow), [n, c, positions]);
    return reshape(reduceSum(matMul(stacked, transpose(moved, [0, 2, 1])), [0]), [1, kh, o, c]);
  });
  return transpose(concat(columns, 0), [2, 3, 1, 0]);
}
