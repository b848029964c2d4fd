/** Functions composed of operators, whose gradients follow from their parts. */
import {
  add,
  conv,
  div,
  exp,
  log,
  matMul,
  mul,
  reduceMax,
  reduceSum,
  reshape,
  sigmoid,
  sub,
  transpose,
} from './builders.ts';
import type { Graph, Value } from './graph.ts';

/** x * sigmoid(x) (Ramachandran et al. 2017). */
export const silu = (x: Value): Value => mul(x, sigmoid(x));

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

/** Rows of the linear map that resamples n values to m with half-pixel centres, edges repeated; m x n, row-major. */
function bilinearMatrix(n: number, m: number): Float32Array<ArrayBuffer> {
  const matrix = new Float32Array(m * n);
  for (let i = 0; i < m; i++) {
    const at = Math.max(0, Math.min(n - 1, ((i + 0.5) * n) / m - 0.5));
    const low = Math.min(Math.floor(at), n - 1);
    const high = Math.min(low + 1, n - 1);
    matrix[i * n + low]! += 1 - (at - low);
    matrix[i * n + high]! += at - low;
  }
  return matrix;
}

/** Above this many positions the two-dimensional map is not written as one matrix. */
const MOST_POSITIONS = 256;

/**
 * Bilinear resampling of x (N, C, H, W) to (N, C, height, width), half-pixel centres, no antialiasing (PyTorch's interpolate with
 * align_corners false). A linear map, so it is written as matrix products and needs no gradient rule of its own.
 */
export function resizeBilinear(x: Value, height: number, width: number): Value {
  const [n, c, h, w] = x.shape as [number, number, number, number];
  const { graph } = x;
  const rows = bilinearMatrix(h, height);
  const columns = bilinearMatrix(w, width);
  if (h * w <= MOST_POSITIONS && n * c > 1) {
    const product = matMul(reshape(x, [n * c, h * w]), kroneckerMatrix(graph, rows, columns, [h, w], [height, width]));
    return reshape(product, [n, c, height, width]);
  }
  const turned = (m: Float32Array<ArrayBuffer>, from: number, to: number): Value =>
    transpose(graph.constant([to, from], m), [1, 0]);
  const wide = reshape(matMul(reshape(x, [n * c * h, w]), turned(columns, w, width)), [n * c, h, width]);
  const tall = matMul(reshape(transpose(wide, [0, 2, 1]), [n * c * width, h]), turned(rows, h, height));
  return reshape(transpose(reshape(tall, [n * c, width, height]), [0, 2, 1]), [n, c, height, width]);
}

const kroneckerMatrices = new WeakMap<Graph, Map<string, Value>>();

/** The resampling of both axes as one matrix (h w, height width); one constant per graph and size, since a flow uses it often. */
function kroneckerMatrix(
  graph: Graph,
  rows: Float32Array,
  columns: Float32Array,
  [h, w]: readonly [number, number],
  [height, width]: readonly [number, number],
): Value {
  const known = kroneckerMatrices.get(graph) ?? new Map<string, Value>();
  kroneckerMatrices.set(graph, known);
  const key = `${h} ${w} ${height} ${width}`;
  const ready = known.get(key);
  if (ready) return ready;
  const matrix = new Float32Array(h * w * height * width);
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) {
      for (let a = 0; a < h; a++) {
        for (let b = 0; b < w; b++) {
          matrix[(a * w + b) * height * width + i * width + j] = rows[i * h + a]! * columns[j * w + b]!;
        }
      }
    }
  }
  const value = graph.constant([h * w, height * width], matrix);
  known.set(key, value);
  return value;
}

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
