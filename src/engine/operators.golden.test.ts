/** Every single operator of the golden file: outputs and gradients as PyTorch gives them. */
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../test/close.ts';
import { readGolden } from '../../test/golden-file.ts';
import {
  add,
  atan,
  batchNormTraining,
  clip,
  concat,
  conv,
  convTranspose,
  div,
  exp,
  leakyRelu,
  log,
  matMul,
  maxPool,
  mul,
  reduceMax,
  reduceMean,
  reduceSum,
  relu,
  sigmoid,
  slice,
  softplus,
  sqrt,
  tanh,
} from './builders.ts';
import { logSoftmax, resizeBilinear, silu, softmax } from './functions.ts';
import { gradientsOf } from './gradients.ts';
import type { Value } from './graph.ts';
import { createGraph } from './operators/table.ts';
import { runGraph } from './run-graph.ts';

const golden = await readGolden('operators');

const forms: Record<string, (...inputs: Value[]) => Value> = {
  conv3x3_pad1: (x, w, b) => conv(x!, w!, b, { pads: 1 }),
  conv3x3_stride2_pad1: (x, w, b) => conv(x!, w!, b, { pads: 1, stride: 2 }),
  conv5x5_pad2: (x, w, b) => conv(x!, w!, b, { pads: 2 }),
  conv5x5_stride2_pad2: (x, w, b) => conv(x!, w!, b, { pads: 2, stride: 2 }),
  conv1x1: (x, w, b) => conv(x!, w!, b),
  conv_depthwise3x3: (x, w, b) => conv(x!, w!, b, { pads: 1, group: 6 }),
  conv_depthwise5x5_stride2: (x, w, b) => conv(x!, w!, b, { pads: 2, stride: 2, group: 6 }),
  conv_dilation2: (x, w, b) => conv(x!, w!, b, { pads: 2, dilation: 2 }),
  conv_nopad: (x, w, b) => conv(x!, w!, b),
  conv_transpose2x2_stride2: (x, w, b) => convTranspose(x!, w!, b, { strides: [2, 2] }),
  maxpool2: (x) => maxPool(x!, 2),
  avgpool_global: (x) => reduceMean(x!, [2, 3], true),
  bilinear_up2: (x) => resizeBilinear(x!, x!.shape[2]! * 2, x!.shape[3]! * 2),
  batchnorm_train: (x, g, b) => batchNormTraining(x!, g!, b!, 1e-5)[0],
  relu: (x) => relu(x!),
  leaky_relu: (x) => leakyRelu(x!, 0.1),
  silu: (x) => silu(x!),
  sigmoid: (x) => sigmoid(x!),
  softplus: (x) => softplus(x!),
  atan: (x) => atan(x!),
  exp: (x) => exp(x!),
  tanh: (x) => tanh(x!),
  clamp: (x) => clip(x!, -0.5, 0.5),
  sqrt: (x) => sqrt(add(mul(x!, x!), 0.1)),
  log: (x) => log(add(mul(x!, x!), 0.1)),
  softmax_c: (x) => softmax(x!, 1),
  log_softmax_c: (x) => logSoftmax(x!, 1),
  mean_hw: (x) => reduceMean(x!, [2, 3]),
  sum_chw: (x) => reduceSum(x!, [1, 2, 3]),
  max_hw: (x) => reduceMax(x!, [2, 3]),
  mul_broadcast_scalar: (x, g) => mul(x!, g!),
  mul_broadcast_channel: (x, g) => mul(x!, g!),
  div: (x, d) => div(x!, add(mul(d!, d!), 0.5)),
  concat_split: (x, y) => concat([slice(x!, 1, 2, x!.shape[1]!), y!], 1),
  matmul: (x, w) => matMul(x!, w!),
};

describe('golden operators', () => {
  const cases = (golden.facts['cases'] as { name: string }[]).map((c) => c.name);

  it('are all covered', () => {
    expect(Object.keys(forms).sort()).toEqual([...cases].sort());
  });

  for (const name of cases) {
    it(name, async () => {
      const inputs = golden.under(`${name}/in`);
      const graph = createGraph();
      const values = [...inputs].map(([k, t]) => graph.input(k, t.shape));
      const out = forms[name]!(...values);
      const upstream = golden.get(`${name}/upstream`);
      const gradients = gradientsOf(reduceSum(mul(out, graph.constant(upstream.shape, upstream.data))), values);
      const names = [...inputs.keys()];
      const got = await runGraph(
        { out, ...Object.fromEntries(names.map((k, i) => [`grad_${k}`, gradients[i]!])) },
        Object.fromEntries(inputs),
      );
      expectClose(got['out']!.data, golden.get(`${name}/out`).data, `${name} output`);
      for (const [k, expected] of golden.under(`${name}/grad`)) {
        expectClose(got[`grad_${k}`]!.data, expected.data, `${name} gradient of ${k}`, {
          absolute: 5e-5,
          relative: 1e-4,
        });
      }
    });
  }
});
