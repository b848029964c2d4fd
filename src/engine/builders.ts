/** One typed function per operator: the vocabulary in which networks and gradient rules are written. */
import type { Graph, Value } from './graph.ts';
import type { ForeignModel } from './onnx/foreign-model.ts';
import type { AttributesOf, ConvTransposeAttributes } from './operators/attributes.ts';
import type { DType } from './types.ts';

type Operand = Value | number;

/** Lifts a number to a scalar constant of the graph that the other operand belongs to. */
function lift(graph: Graph, x: Operand): Value {
  return typeof x === 'number' ? graph.scalar(x) : x;
}

function binary(op: 'Add' | 'Sub' | 'Mul' | 'Div', a: Operand, b: Operand): Value {
  const graph = (typeof a === 'number' ? (b as Value) : a).graph;
  return graph.apply(op, [lift(graph, a), lift(graph, b)], {});
}

export const add = (a: Operand, b: Operand): Value => binary('Add', a, b);
export const sub = (a: Operand, b: Operand): Value => binary('Sub', a, b);
export const mul = (a: Operand, b: Operand): Value => binary('Mul', a, b);
export const div = (a: Operand, b: Operand): Value => binary('Div', a, b);
export const square = (x: Value): Value => mul(x, x);

/** Elementwise a > b, as bool. */
export const greater = (a: Value, b: Operand): Value => a.graph.apply('Greater', [a, lift(a.graph, b)], {});
export const less = (a: Value, b: Operand): Value => a.graph.apply('Greater', [lift(a.graph, b), a], {});
export const equal = (a: Value, b: Operand): Value => a.graph.apply('Equal', [a, lift(a.graph, b)], {});
export const where = (condition: Value, a: Operand, b: Operand): Value =>
  condition.graph.apply('Where', [condition, lift(condition.graph, a), lift(condition.graph, b)], {});

export const neg = (x: Value): Value => x.graph.apply('Neg', [x], {});
export const exp = (x: Value): Value => x.graph.apply('Exp', [x], {});
export const log = (x: Value): Value => x.graph.apply('Log', [x], {});
export const sqrt = (x: Value): Value => x.graph.apply('Sqrt', [x], {});
export const atan = (x: Value): Value => x.graph.apply('Atan', [x], {});
export const tanh = (x: Value): Value => x.graph.apply('Tanh', [x], {});
export const sigmoid = (x: Value): Value => x.graph.apply('Sigmoid', [x], {});
export const softplus = (x: Value): Value => x.graph.apply('Softplus', [x], {});
export const relu = (x: Value): Value => x.graph.apply('Relu', [x], {});
export const leakyRelu = (x: Value, alpha: number): Value => x.graph.apply('LeakyRelu', [x], { alpha });
export const clip = (x: Value, min: number, max: number): Value => x.graph.apply('Clip', [x], { min, max });
export const cast = (x: Value, to: DType): Value => x.graph.apply('Cast', [x], { to });

type Axes = readonly number[];
const reduce = (
  op: 'ReduceSum' | 'ReduceSumSquare' | 'ReduceMean' | 'ReduceMax',
  x: Value,
  axes: Axes | undefined,
  keepDims: boolean,
): Value =>
  x.graph.apply(op, [x], { axes: axes ? [...axes].sort((a, b) => a - b) : x.shape.map((_, i) => i), keepDims });

/** Reductions over the given axes (all when left out). */
export const reduceSum = (x: Value, axes?: Axes, keepDims = false): Value => reduce('ReduceSum', x, axes, keepDims);
export const reduceSumSquare = (x: Value, axes?: Axes, keepDims = false): Value =>
  reduce('ReduceSumSquare', x, axes, keepDims);
export const reduceMean = (x: Value, axes?: Axes, keepDims = false): Value => reduce('ReduceMean', x, axes, keepDims);
export const reduceMax = (x: Value, axes?: Axes, keepDims = false): Value => reduce('ReduceMax', x, axes, keepDims);

/** The same values under another shape; of what was itself reshaped, from its origin. */
export function reshape(x: Value, shape: readonly number[]): Value {
  if (x.node?.op === 'Reshape') return reshape(x.node.inputs[0]!, shape);
  const same = shape.length === x.shape.length && shape.every((d, i) => d === x.shape[i]);
  return same ? x : x.graph.apply('Reshape', [x], { shape });
}
/** Axes in another order; an order that undoes the one before it gives back what was there. */
export function transpose(x: Value, perm: readonly number[]): Value {
  const before = x.node;
  if (before?.op === 'Transpose') {
    const { perm: inner } = before.attributes as AttributesOf<'Transpose'>;
    if (perm.every((axis, i) => inner[axis] === i)) return before.inputs[0]!;
  }
  return x.graph.apply('Transpose', [x], { perm });
}
/** A matrix turned about its diagonal; twice is not at all. */
export const turn = (x: Value): Value => (x.node?.op === 'Turn' ? x.node.inputs[0]! : x.graph.apply('Turn', [x], {}));
export const expand = (x: Value, shape: readonly number[]): Value => x.graph.apply('Expand', [x], { shape });
export const concat = (values: readonly Value[], axis: number): Value =>
  values.length === 1 ? values[0]! : values[0]!.graph.apply('Concat', values, { axis });
export const pad = (x: Value, before: readonly number[], after: readonly number[]): Value =>
  [...before, ...after].every((p) => p === 0) ? x : x.graph.apply('Pad', [x], { before, after });

/** The slice [start, end) with a positive step along one axis. */
export function slice(x: Value, axis: number, start: number, end: number, step = 1): Value {
  const starts = x.shape.map((_, i) => (i === axis ? start : 0));
  const ends = x.shape.map((d, i) => (i === axis ? end : d));
  const steps = x.shape.map((_, i) => (i === axis ? step : 1));
  return sliceAll(x, starts, ends, steps);
}

/** A slice along every axis at once. */
export function sliceAll(
  x: Value,
  starts: readonly number[],
  ends: readonly number[],
  steps: readonly number[],
): Value {
  const whole = x.shape.every((d, i) => starts[i] === 0 && ends[i] === d && steps[i] === 1);
  return whole ? x : x.graph.apply('Slice', [x], { starts, ends, steps });
}

/** The elements at the given, distinct indices along an axis, in that order (a permutation when it names them all). */
export const take = (x: Value, axis: number, indices: readonly number[]): Value =>
  x.graph.apply('Take', [x], { axis, indices });

/** The elements at the given indices along an axis, which may come again; has no gradient. */
export const gather = (x: Value, axis: number, indices: readonly number[]): Value =>
  x.graph.apply('Gather', [x], { axis, indices });

export const matMul = (a: Value, b: Value): Value => a.graph.apply('MatMul', [a, b], {});

export interface ConvOptions {
  readonly stride?: number;
  /** Zeros on every side, or [above, left, below, right]. */
  readonly pads?: number | readonly [number, number, number, number];
  readonly dilation?: number;
  readonly group?: number;
}

/** 2-d convolution of x (N, C, H, W) with weights (O, C / group, kH, kW), and a bias (O) if given. */
export function conv(x: Value, weight: Value, bias?: Value, options: ConvOptions = {}): Value {
  const { stride = 1, pads = 0, dilation = 1, group = 1 } = options;
  return x.graph.apply('Conv', bias ? [x, weight, bias] : [x, weight], {
    strides: [stride, stride],
    pads: typeof pads === 'number' ? [pads, pads, pads, pads] : pads,
    dilations: [dilation, dilation],
    group,
  });
}

/** Transposed 2-d convolution of x (N, C, H, W) with weights (C, O / group, kH, kW). */
export function convTranspose(
  x: Value,
  weight: Value,
  bias?: Value,
  attributes: Partial<ConvTransposeAttributes> = {},
): Value {
  return x.graph.apply('ConvTranspose', bias ? [x, weight, bias] : [x, weight], {
    strides: attributes.strides ?? [1, 1],
    pads: attributes.pads ?? [0, 0, 0, 0],
    outputPadding: attributes.outputPadding ?? [0, 0],
    group: attributes.group ?? 1,
  });
}

/** The k largest values along the last axis, falling. */
export const largest = (x: Value, k: number): Value => x.graph.apply('Largest', [x], { k });

/** Non-overlapping max-pool; H and W must be multiples of the kernel. */
export const maxPool = (x: Value, kernel: number): Value => x.graph.apply('MaxPool', [x], { kernel });

/** Batch normalisation with the batch's own statistics: y, mean (C), biased variance (C). */
export function batchNormTraining(
  x: Value,
  scale: Value,
  shift: Value,
  epsilon: number,
): readonly [Value, Value, Value] {
  const [y, mean, variance] = x.graph.applyAll('BatchNorm', [x, scale, shift], { epsilon });
  return [y!, mean!, variance!];
}

export type Fit = 'stretch' | 'letterbox';

/** Pixels (H, W, 3) of any size, uint8 or float32 of 0..255, to (1, 3, height, width) float32 in 0..255; see the FitImage operator. */
export const fitImage = (pixels: Value, height: number, width: number, fit: Fit): Value =>
  pixels.graph.apply('FitImage', [pixels], { height, width, fit });

/** Undoes fitImage's padding on a map (1, 1, h, w): the part of it that shows the image. */
export const fitMap = (map: Value, pixels: Value, fit: Fit): Value => map.graph.apply('FitMap', [map, pixels], { fit });

/** A map (1, C, h, w) brought bilinearly to the height and width of another, which need not be known beforehand. */
export const resizeTo = (map: Value, like: Value): Value => map.graph.apply('ResizeTo', [map, like], {});

/** Outputs of a model read from an ONNX file, which take the given shapes for this x; -1 is a dimension known only at run time. */
export const foreign = (x: Value, model: ForeignModel, shapes: readonly (readonly number[])[]): readonly Value[] =>
  x.graph.applyAll('Foreign', [x], { model, shapes });
