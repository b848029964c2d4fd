/** Functions composed of operators, whose gradients follow from their parts. */
import {
  add,
  conv,
  div,
  exp,
  greater,
  log,
  mul,
  reduceMax,
  reduceMean,
  reduceSum,
  reshape,
  sigmoid,
  sub,
  where,
} from './builders.ts';
import type { Value } from './graph.ts';

/** x * sigmoid(x) (Ramachandran et al. 2017). */
export const silu = (x: Value): Value => mul(x, sigmoid(x));

/** 0, or NaN where any value of x is not finite: added to a result, it keeps what a comparison with NaN would drop. */
export const zeroIfFinite = (x: Value, axes?: readonly number[], keepDims = false): Value =>
  mul(reduceMean(x, axes, keepDims), 0);

/** Maximum over axes that is NaN where any value is not finite: onnxruntime's ReduceMax passes over a NaN unless it comes first. */
export const maximumOfFinite = (x: Value, axes?: readonly number[], keepDims = false): Value =>
  add(reduceMax(x, axes, keepDims), zeroIfFinite(x, axes, keepDims));

/** The larger of two; NaN where either is not finite, which a comparison alone would pass over. */
export const largerOf = (a: Value, b: Value): Value => add(where(greater(a, b), a, b), mul(sub(a, b), 0));

/** Softmax over one axis, shifted by the maximum so that it does not overflow. */
export function softmax(x: Value, axis: number): Value {
  const e = exp(sub(x, reduceMax(x, [axis], true)));
  return div(e, reduceSum(e, [axis], true));
}

/** Logarithm of the softmax over one axis. */
export function logSoftmax(x: Value, axis: number): Value {
  const shifted = sub(x, reduceMax(x, [axis], true));
  return sub(shifted, log(reduceSum(exp(shifted), [axis], true)));
}

/** Per-channel affine map of x (N, C, H, W) by vectors (C). onnxruntime folds it into a preceding convolution. */
export function affine(x: Value, scale: Value, shift: Value): Value {
  const c = x.shape[1]!;
  return add(mul(x, reshape(scale, [1, c, 1, 1])), reshape(shift, [1, c, 1, 1]));
}

/**
 * Zeros for a convolution of x (N, C, H, W) with TensorFlow's SAME padding: output size ceil(size / stride), the odd row and column
 * below and to the right (as EfficientNet was trained).
 */
export function samePads(
  shape: readonly number[],
  kernel: number,
  stride: number,
): readonly [number, number, number, number] {
  const [above, below] = samePadding(shape[2]!, kernel, stride);
  const [left, right] = samePadding(shape[3]!, kernel, stride);
  return [above, left, below, right];
}

function samePadding(size: number, kernel: number, stride: number): [number, number] {
  const total = Math.max((Math.ceil(size / stride) - 1) * stride + kernel - size, 0);
  return [Math.floor(total / 2), total - Math.floor(total / 2)];
}

/**
 * Bilinear resampling of x (N, C, H, W) to (N, C, height, width), half-pixel centres, no antialiasing (PyTorch's interpolate with
 * align_corners false).
 */
export const resizeBilinear = (x: Value, height: number, width: number): Value =>
  x.graph.apply('Resize', [x], { height, width });

/** Means over `side` x `side` positions of a map (N, C, H, W) whose sides are multiples of it. */
export function averagePool(x: Value, side: number): Value {
  if (side === 1) return x;
  const channels = x.shape[1]!;
  const weight = x.graph.constant(
    [channels, 1, side, side],
    new Array<number>(channels * side * side).fill(1 / side ** 2),
  );
  return conv(x, weight, undefined, { stride: side, group: channels });
}
