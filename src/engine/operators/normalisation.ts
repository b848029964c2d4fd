/** Batch normalisation in training mode, one operator so that its gradient is a few passes rather than a dozen. */
import { add, div, mul, reduceSum, reshape, sqrt } from '../builders.ts';
import { type EmittedOperator, normalTensor, type OperatorTable, requireShape } from './operator.ts';

export const normalisation = {
  BatchNorm: {
    doc: 'x (N, C, H, W) normalised by its own mean and biased variance over N, H, W, times scale plus shift; outputs y, mean (C), variance (C), x - mean',
    infer: ([x, scale, shift]) => {
      const c = x!.shape[1]!;
      requireShape(
        scale!.shape[0] === c && shift!.shape[0] === c,
        () => `BatchNorm: scale [${scale!.shape}] for ${c} channels`,
      );
      const statistic = { dtype: 'float32', shape: [c] } as const;
      return [x!, statistic, statistic, x!];
    },
    // Ioffe and Szegedy 2015, section 3; written as one affine map of dy and the centred x per channel: dx = a dy + b centred + k.
    // The centred x is kept from the forward pass in place of x itself. The other outputs feed running statistics only and carry no
    // gradient.
    gradient: ({ inputs, outputs, attributes: { epsilon }, upstream: dy }) => {
      const [x, scale] = inputs;
      const [, , variance, centred] = outputs;
      const [n, c, h, w] = x!.shape as [number, number, number, number];
      const perChannel = (v: typeof dy): typeof dy => reshape(v, [1, c, 1, 1]);
      const sum = (v: typeof dy): typeof dy => reduceSum(reduceSum(v, [2, 3]), [0]);
      const deviation = sqrt(add(variance!, epsilon));
      const sumDy = (): typeof dy => sum(dy);
      const sumDyXhat = (): typeof dy => div(sum(mul(dy, centred!)), deviation);
      return [
        () => {
          const a = div(scale!, deviation);
          const b = mul(div(mul(a, sumDyXhat()), deviation), -1 / (n * h * w));
          const k = mul(mul(a, sumDy()), -1 / (n * h * w));
          return add(add(mul(dy, perChannel(a)), mul(centred!, perChannel(b))), perChannel(k));
        },
        sumDyXhat,
        sumDy,
      ];
    },
    onnx: (e) => {
      const [x, scale, shift] = e.inputs as [string, string, string];
      const [y, mean, variance, centred] = e.outputs as [string, string, string, string];
      const c = e.inputTypes[0]!.shape[1]!;
      const perChannel = e.int64([1, c, 1, 1]);
      const one = (op: EmittedOperator, inputs: string[]): string => e.node(op, inputs, 1)[0]!;
      const average = (v: string, out: string): void => {
        const perImage = e.node('ReduceMean', [v, e.int64([2, 3])], 1, { keepdims: 0 })[0]!;
        e.node('ReduceMean', [perImage, e.int64([0])], [out], { keepdims: 0 });
      };
      average(x, mean);
      e.node('Sub', [x, one('Reshape', [mean, perChannel])], [centred]);
      average(one('Mul', [centred, centred]), variance);
      const deviation = one('Sqrt', [one('Add', [variance, e.float32([e.attributes.epsilon], true)])]);
      const factor = one('Reshape', [one('Div', [scale, deviation]), perChannel]);
      e.node('Add', [one('Mul', [centred, factor]), one('Reshape', [shift, perChannel])], [y]);
    },
    cases: (random) => [
      {
        inputs: [normalTensor(random, [2, 3, 4, 2]), normalTensor(random, [3]), normalTensor(random, [3])],
        attributes: { epsilon: 1e-5 },
      },
    ],
  },
} satisfies Partial<OperatorTable>;
