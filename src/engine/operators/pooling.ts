/** Max-pooling over non-overlapping windows, and its inverse placement. */
import { normalTensor, type OperatorTable, requireShape } from './operator.ts';

export const pooling = {
  MaxPool: {
    doc: 'largest value of each kernel x kernel window (stride = kernel), and its position as the second output',
    infer: ([x], { kernel }) => {
      const [n, c, h, w] = x!.shape as [number, number, number, number];
      requireShape(h % kernel === 0 && w % kernel === 0, () => `MaxPool: ${h} x ${w} is no multiple of ${kernel}`);
      const shape = [n, c, h / kernel, w / kernel];
      return [
        { dtype: 'float32', shape },
        { dtype: 'int64', shape },
      ];
    },
    gradient: ({ inputs: [x], outputs, attributes: { kernel }, upstream }) => [
      () => x!.graph.apply('MaxUnpool', [upstream, outputs[1]!], { kernel, shape: x!.shape }),
    ],
    onnx: (e) => {
      const k = e.attributes.kernel;
      // onnxruntime has a form of its own, many times as fast, for where nobody asks for the positions
      const outputs = e.isUsed(1) ? e.outputs : e.outputs.slice(0, 1);
      e.node('MaxPool', e.inputs, outputs, { kernel_shape: [k, k], strides: [k, k] });
    },
    cases: (random) => [{ inputs: [normalTensor(random, [2, 3, 6, 4], 3)], attributes: { kernel: 2 } }],
  },
  MaxUnpool: {
    doc: 'places pooled values at their positions, zeros elsewhere; only the gradient of MaxPool uses it',
    infer: (_, { shape }) => [{ dtype: 'float32', shape }],
    gradient: 'none',
    onnx: (e) => {
      const k = e.attributes.kernel;
      e.node('MaxUnpool', [...e.inputs, e.int64(e.attributes.shape)], e.outputs, {
        kernel_shape: [k, k],
        strides: [k, k],
      });
    },
    cases: () => [],
  },
} satisfies Partial<OperatorTable>;
