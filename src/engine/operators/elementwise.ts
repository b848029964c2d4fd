/** Elementwise operators: arithmetic with broadcasting, comparisons, selection and the activation functions. */
import type { Random } from '../../core/random.ts';
import { add, cast, div, equal, greater, less, mul, neg, sigmoid, sub, where } from '../builders.ts';
import type { Value } from '../graph.ts';
import { broadcastShape, unbroadcast } from './broadcast.ts';
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

const emit =
  <A>(op: EmittedOperator) =>
  (e: Emission<A>): void => {
    e.node(op, e.inputs, e.outputs);
  };

const broadcastCases = (random: Random, positive = false): GradientCase<Record<string, never>>[] =>
  [
    [
      [2, 3, 4],
      [2, 3, 4],
    ],
    [
      [2, 3, 4],
      [3, 1],
    ],
    [
      [1, 3, 1],
      [2, 3, 4],
    ],
    [[2, 3], []],
  ].map(([a, b]) => {
    const y = normalTensor(random, b!);
    if (positive) y.data.set(y.data.map((v) => Math.sign(v || 1) * (Math.abs(v) + 0.7)));
    return { inputs: [normalTensor(random, a!), y], attributes: {} };
  });

type None = Record<string, never>;
type Binary = (c: GradientContext<None>, dy: Value, a: Value, b: Value) => [() => Value, () => Value];

function binary(op: 'Add' | 'Sub' | 'Mul' | 'Div', doc: string, rule: Binary): Operator<None> {
  return {
    doc,
    infer: ([a, b]) => [{ dtype: a!.dtype, shape: broadcastShape(a!.shape, b!.shape) }],
    gradient: (c) => {
      const [a, b] = c.inputs as [Value, Value];
      const [da, db] = rule(c, c.upstream, a, b);
      return [() => unbroadcast(da(), a.shape), () => unbroadcast(db(), b.shape)];
    },
    onnx: emit(op),
    cases: (random) => broadcastCases(random, op === 'Div'),
  };
}

function comparison(op: 'Greater' | 'Equal', doc: string): Operator<None> {
  return {
    doc,
    infer: ([a, b]) => [{ dtype: 'bool', shape: broadcastShape(a!.shape, b!.shape) }],
    gradient: 'none',
    onnx: emit(op),
    cases: () => [],
  };
}

/** `derivative(dy, x, y)` is the gradient with respect to x. `domain` keeps test inputs away from kinks and poles. */
function unary<A>(
  op: EmittedOperator,
  doc: string,
  derivative: (dy: Value, x: Value, y: Value, attributes: A) => Value,
  options: { onnx?: (e: Emission<A>) => void; attributes?: A; domain?: (v: number) => number } = {},
): Operator<A> {
  return {
    doc,
    infer: ([x]) => [x!],
    gradient: (c) => [() => derivative(c.upstream, c.inputs[0]!, c.outputs[0]!, c.attributes)],
    onnx: options.onnx ?? emit(op),
    cases: (random) => {
      const x = normalTensor(random, [2, 3, 5]);
      if (options.domain) x.data.set(x.data.map(options.domain));
      return [{ inputs: [x], attributes: options.attributes ?? ({} as A) }];
    },
  };
}

const awayFromZero = (v: number): number => v + 0.2 * (v < 0 ? -1 : 1);
const positive = (v: number): number => Math.abs(v) + 0.3;

export const elementwise = {
  Add: binary('Add', 'a + b', (_, dy) => [() => dy, () => dy]),
  Sub: binary('Sub', 'a - b', (_, dy) => [() => dy, () => neg(dy)]),
  Mul: binary('Mul', 'a * b', (_, dy, a, b) => [() => mul(dy, b), () => mul(dy, a)]),
  Div: binary('Div', 'a / b', (c, dy, _, b) => [() => div(dy, b), () => neg(div(mul(dy, c.outputs[0]!), b))]),
  Greater: comparison('Greater', 'a > b'),
  Equal: comparison('Equal', 'a = b'),
  Where: {
    doc: 'a where the condition holds, b elsewhere',
    infer: ([c, a, b]) => {
      requireShape(c!.dtype === 'bool', () => `Where needs a bool condition, got ${c!.dtype}`);
      return [{ dtype: a!.dtype, shape: broadcastShape(c!.shape, broadcastShape(a!.shape, b!.shape)) }];
    },
    gradient: ({ inputs: [c, a, b], upstream }) => [
      undefined,
      () => unbroadcast(where(c!, upstream, 0), a!.shape),
      () => unbroadcast(where(c!, 0, upstream), b!.shape),
    ],
    onnx: emit('Where'),
    // the condition is not a float, so the test builds it; see gradients.test.ts
    cases: (random) => [{ inputs: [normalTensor(random, [2, 3]), normalTensor(random, [2, 3])], attributes: {} }],
  },
  Neg: unary('Neg', 'minus x', (dy) => neg(dy)),
  Exp: unary('Exp', 'e to the power x', (dy, _, y) => mul(dy, y)),
  Log: unary('Log', 'natural logarithm', (dy, x) => div(dy, x), { domain: positive }),
  Sqrt: unary('Sqrt', 'square root', (dy, _, y) => div(mul(dy, 0.5), y), { domain: positive }),
  Atan: unary('Atan', 'arc tangent', (dy, x) => div(dy, add(mul(x, x), 1))),
  Tanh: unary('Tanh', 'hyperbolic tangent', (dy, _, y) => mul(dy, sub(1, mul(y, y)))),
  Sigmoid: unary('Sigmoid', '1 / (1 + e^-x)', (dy, _, y) => mul(dy, mul(y, sub(1, y)))),
  Softplus: unary('Softplus', 'log(1 + e^x)', (dy, x) => mul(dy, sigmoid(x))),
  // a product with 0 and 1, since onnxruntime takes twice the time for a selection
  Relu: unary('Relu', 'max(x, 0); gradient 0 at 0', (dy, _, y) => mul(dy, cast(greater(y, 0), 'float32')), {
    domain: awayFromZero,
  }),
  LeakyRelu: unary<{ alpha: number }>(
    'LeakyRelu',
    'x where positive, alpha x elsewhere; alpha is positive',
    (dy, _, y, { alpha }) => where(greater(y, 0), dy, mul(dy, alpha)),
    {
      attributes: { alpha: 0.1 },
      domain: awayFromZero,
      onnx: (e) => {
        e.node('LeakyRelu', e.inputs, e.outputs, { alpha: { float: e.attributes.alpha } });
      },
    },
  ),
  Clip: unary<{ min: number; max: number }>(
    'Clip',
    'x limited to [min, max]; gradient 1 within the bounds, they included',
    (dy, x, _, { min, max }) => where(greater(x, max), 0, where(less(x, min), 0, dy)),
    {
      attributes: { min: -0.5, max: 0.5 },
      domain: (v) => (Math.abs(Math.abs(v) - 0.5) < 0.1 ? v * 1.6 : v),
      onnx: (e) => {
        e.node(
          'Clip',
          [e.inputs[0]!, e.float32([e.attributes.min], true), e.float32([e.attributes.max], true)],
          e.outputs,
        );
      },
    },
  ),
  Cast: {
    doc: 'the same numbers in another type',
    infer: ([x], { to }) => [{ dtype: to, shape: x!.shape }],
    gradient: 'none',
    onnx: (e) => {
      const code = { float32: 1, uint8: 2, int64: 7, bool: 9 }[e.attributes.to];
      e.node('Cast', e.inputs, e.outputs, { to: code });
    },
    cases: () => [],
  },
} satisfies Partial<OperatorTable>;

/** Gradient of a maximum: shared equally among ties, as PyTorch's amax does. */
export function maximumMask(x: Value, maximum: Value): Value {
  const { graph } = x;
  return where(equal(x, maximum), graph.scalar(1), graph.scalar(0));
}
