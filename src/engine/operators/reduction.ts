/** Sums, means and maxima over axes. */
import type { Random } from '../../core/random.ts';
import { sizeOf } from '../../core/tensor.ts';
import { div, expand, mul, reduceSum, reshape } from '../builders.ts';
import type { Value } from '../graph.ts';
import type { ReduceAttributes } from './attributes.ts';
import { maximumMask } from './elementwise.ts';
import {
  type Emission,
  type EmittedOperator,
  type GradientCase,
  type GradientContext,
  normalTensor,
  type Operator,
  type OperatorTable,
  requireShape,
} from './operator.ts';

const kept = (shape: readonly number[], axes: readonly number[]): number[] =>
  shape.map((d, i) => (axes.includes(i) ? 1 : d));

function inferReduction(shape: readonly number[], { axes, keepDims }: ReduceAttributes): number[] {
  requireShape(
    axes.every((a, i) => a >= 0 && a < shape.length && (i === 0 || a > axes[i - 1]!)),
    () => `axes [${axes}] must ascend within rank ${shape.length}`,
  );
  return keepDims ? kept(shape, axes) : shape.filter((_, i) => !axes.includes(i));
}

const cases = (random: Random): GradientCase<ReduceAttributes>[] => [
  { inputs: [normalTensor(random, [2, 3, 4])], attributes: { axes: [1], keepDims: false } },
  { inputs: [normalTensor(random, [2, 3, 4, 5])], attributes: { axes: [0, 2, 3], keepDims: true } },
  { inputs: [normalTensor(random, [3, 4])], attributes: { axes: [0, 1], keepDims: false } },
];

function reduction(
  op: EmittedOperator,
  doc: string,
  rule: (c: GradientContext<ReduceAttributes>, dyKept: Value, x: Value) => Value,
): Operator<ReduceAttributes> {
  return {
    doc,
    infer: ([x], attributes) => [{ dtype: x!.dtype, shape: inferReduction(x!.shape, attributes) }],
    gradient: (c) => {
      const x = c.inputs[0]!;
      return [() => rule(c, reshape(c.upstream, kept(x.shape, c.attributes.axes)), x)];
    },
    onnx: (e: Emission<ReduceAttributes>) => {
      const { axes, keepDims } = e.attributes;
      e.node(op, [e.inputs[0]!, e.int64(axes)], e.outputs, { keepdims: keepDims ? 1 : 0 });
    },
    cases,
  };
}

export const reductions = {
  ReduceSum: reduction('ReduceSum', 'sum over axes', (_, dy, x) => expand(dy, x.shape)),
  ReduceSumSquare: reduction('ReduceSumSquare', 'sum of squares over axes', (_, dy, x) => mul(mul(x, 2), dy)),
  ReduceMean: reduction('ReduceMean', 'mean over axes', ({ attributes: { axes } }, dy, x) =>
    expand(mul(dy, 1 / sizeOf(axes.map((a) => x.shape[a]!))), x.shape),
  ),
  ReduceMax: reduction(
    'ReduceMax',
    'maximum over axes; ties share the gradient',
    ({ outputs, attributes: { axes } }, dy, x) => {
      const mask = maximumMask(x, reshape(outputs[0]!, kept(x.shape, axes)));
      return mul(mask, div(dy, reduceSum(mask, axes, true)));
    },
  ),
  Largest: {
    doc: 'the k largest values along the last axis, falling',
    infer: ([x], { k }) => {
      const n = x!.shape.at(-1) ?? 0;
      requireShape(Number.isInteger(k) && k >= 1 && k <= n, () => `Largest: got k ${k} of ${n} values`);
      return [{ dtype: x!.dtype, shape: [...x!.shape.slice(0, -1), k] }];
    },
    gradient: 'none',
    onnx: (e) =>
      e.node('TopK', [e.inputs[0]!, e.int64([e.attributes.k])], [e.outputs[0]!, `${e.outputs[0]!}.places`], {
        axis: -1,
      }),
    cases: () => [],
  },
} satisfies Partial<OperatorTable>;
