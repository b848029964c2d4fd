/**
 * The gradients of a convolution, as graphs of forward operators. Which form is emitted depends on the shape, because their
 * speeds on onnxruntime differ several-fold (docs/experiments/speed.md).
 */
import {
  concat,
  conv,
  convTranspose,
  matMul,
  pad,
  reduceSum,
  reshape,
  slice,
  sliceAll,
  transpose,
} from '../builders.ts';
import type { Graph, Value } from '../graph.ts';
import type { ConvAttributes } from './attributes.ts';
import { isWide, wideWeightGradient } from './wide-weight-gradient.ts';

/** Up to this many positions of a map gathering pays; on larger ones a product for each tap and image is faster. */
const MOST_POSITIONS_GATHERED = 400;

/** Up to so many columns all are gathered: they take little room. */
const FEW_COLUMNS = 64;

const reversals = new WeakMap<Graph, Map<number, Value>>();

/** The n x n matrix that turns a row around; one constant for each graph and size. */
function reversal(graph: Graph, n: number): Value {
  const known = reversals.get(graph) ?? new Map<number, Value>();
  reversals.set(graph, known);
  const ready = known.get(n);
  if (ready) return ready;
  const matrix = Float32Array.from({ length: n * n }, (_, i) => (Math.floor(i / n) + (i % n) === n - 1 ? 1 : 0));
  const value = graph.constant([n, n], matrix);
  known.set(n, value);
  return value;
}

/** Swaps input and output channels of w (O, C / group, kH, kW) and turns its kernels by 180 degrees. */
function flipped(w: Value, group: number): Value {
  const [o, c, kh, kw] = w.shape as [number, number, number, number];
  const taps = kh * kw;
  const swapped = transpose(reshape(w, [group, o / group, c, taps]), [0, 2, 1, 3]);
  // a product with the reversal matrix is exact, and faster than gathering single elements
  const turned = taps === 1 ? swapped : matMul(reshape(swapped, [o * c, taps]), reversal(w.graph, taps));
  return reshape(turned, [group * c, o / group, kh, kw]);
}

/** Gradient with respect to the input, of shape `shape`. */
export function inputGradient(dy: Value, w: Value, shape: readonly number[], attributes: ConvAttributes): Value {
  const { strides, pads, dilations, group } = attributes;
  const kernel = w.shape.slice(2);
  const reach = kernel.map((k, i) => dilations[i]! * (k - 1));
  const [p0, p1, p2, p3] = pads;
  if (strides[0] === 1 && strides[1] === 1) {
    const back = [reach[0]! - p0, reach[1]! - p1, reach[0]! - p2, reach[1]! - p3] as const;
    if (back.every((p) => p >= 0))
      return conv(dy, flipped(w, group), undefined, { pads: back, dilation: dilations[0], group });
  }
  const outputPadding = [0, 1].map((i) => {
    const full = (dy.shape[i + 2]! - 1) * strides[i]! + reach[i]! + 1 - pads[i]! - pads[i + 2]!;
    return shape[i + 2]! - full;
  }) as [number, number];
  const dilated = dilations[0] === 1 ? w : spread(w, dilations[0]);
  return convTranspose(dy, dilated, undefined, { strides, pads, outputPadding, group });
}

/** Kernels with dilation - 1 zeros between their taps, as plain kernels. */
function spread(w: Value, dilation: number): Value {
  const [o, c, kh, kw] = w.shape as [number, number, number, number];
  const apart = pad(reshape(w, [o, c, kh, 1, kw, 1]), [0, 0, 0, 0, 0, 0], [0, 0, 0, dilation - 1, 0, dilation - 1]);
  const wide = reshape(apart, [o, c, kh * dilation, kw * dilation]);
  return sliceAll(wide, [0, 0, 0, 0], [o, c, dilation * (kh - 1) + 1, dilation * (kw - 1) + 1], [1, 1, 1, 1]);
}

/** Gradient with respect to weights of shape `shape` = (O, C / group, kH, kW). */
export function weightGradient(x: Value, dy: Value, shape: readonly number[], attributes: ConvAttributes): Value {
  const { pads, group, dilations } = attributes;
  const [o, c] = shape as [number, number, number, number];
  const padded = pad(x, [0, 0, pads[0], pads[1]], [0, 0, pads[2], pads[3]]);
  if (group === 1) {
    const [n, , oh, ow] = dy.shape as [number, number, number, number];
    const small = oh * ow <= MOST_POSITIONS_GATHERED && n > 1 && dilations[0] === 1 && dilations[1] === 1;
    if (small) return gatheredWeightGradient(x, dy, shape, attributes);
    if (shape[2]! * shape[3]! * c > FEW_COLUMNS && isWide(dy, shape, attributes))
      return wideWeightGradient(x, dy, shape, attributes);
    return denseWeightGradient(padded, dy, shape, attributes);
  }
  if (c === 1 && o === group) return depthwiseWeightGradient(padded, dy, shape, attributes);
  const parts = Array.from({ length: group }, (_, g) =>
    denseWeightGradient(
      slice(padded, 1, g * c, (g + 1) * c),
      slice(dy, 1, (g * o) / group, ((g + 1) * o) / group),
      [o / group, ...shape.slice(1)],
      attributes,
    ),
  );
  return concat(parts, 0);
}

/** What a kernel tap meets along one spatial axis (0: height, 1: width), which is axis `at` of x, at `count` positions. */
function along(x: Value, at: number, axis: 0 | 1, tap: number, count: number, attributes: ConvAttributes): Value {
  const step = attributes.strides[axis];
  const start = tap * attributes.dilations[axis];
  return slice(x, at, start, start + (count - 1) * step + 1, step);
}

/** The part of the padded input that each kernel tap meets. */
function shifts(padded: Value, dy: Value, shape: readonly number[], attributes: ConvAttributes): Value[] {
  const [oh, ow] = dy.shape.slice(2) as [number, number];
  const out: Value[] = [];
  for (let i = 0; i < shape[2]!; i++) {
    const rows = along(padded, 2, 0, i, oh, attributes);
    for (let j = 0; j < shape[3]!; j++) out.push(along(rows, 3, 1, j, ow, attributes));
  }
  return out;
}

function denseWeightGradient(padded: Value, dy: Value, shape: readonly number[], attributes: ConvAttributes): Value {
  const [o, c, kh, kw] = shape as [number, number, number, number];
  const [n, , oh, ow] = dy.shape as [number, number, number, number];
  const taps = kh * kw;
  const positions = oh * ow;
  if (taps * c <= FEW_COLUMNS) {
    // few columns: gather them all, one product an image, then the sum over images
    const columns = concat(shifts(padded, dy, shape, attributes), 1);
    const each = matMul(
      reshape(dy, [n, o, positions]),
      transpose(reshape(columns, [n, taps * c, positions]), [0, 2, 1]),
    );
    return transpose(reshape(reduceSum(each, [0]), [o, kh, kw, c]), [0, 3, 1, 2]);
  }
  const each = shifts(padded, dy, shape, attributes).map((s) => {
    const product = matMul(reshape(dy, [n, o, positions]), transpose(reshape(s, [n, c, positions]), [0, 2, 1]));
    return reshape(reduceSum(product, [0]), [1, o, c]);
  });
  return reshape(transpose(concat(each, 0), [1, 2, 0]), [o, c, kh, kw]);
}

/** One product over all images and positions, of the columns that the convolution itself meets. */
function gatheredWeightGradient(x: Value, dy: Value, shape: readonly number[], attributes: ConvAttributes): Value {
  const [, , kh, kw] = shape as [number, number, number, number];
  const [, , oh, ow] = dy.shape as [number, number, number, number];
  const { strides, pads } = attributes;
  const output = [oh, ow] as const;
  const columns = x.graph.apply('Columns', [x], { kernel: [kh, kw], output, strides, pads });
  const rows = x.graph.apply('Columns', [dy], { kernel: [1, 1], output, strides: [1, 1], pads: [0, 0, 0, 0] });
  return reshape(matMul(rows, transpose(columns, [1, 0])), shape);
}

function depthwiseWeightGradient(
  padded: Value,
  dy: Value,
  shape: readonly number[],
  attributes: ConvAttributes,
): Value {
  const [o, , kh, kw] = shape as [number, number, number, number];
  const each = shifts(padded, dy, shape, attributes).map((s) =>
    reshape(reduceSum(reduceSum(s.graph.apply('Mul', [s, dy], {}), [2, 3]), [0]), [o, 1]),
  );
  return reshape(concat(each, 1), [o, 1, kh, kw]);
}
