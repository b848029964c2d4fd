/** The flow against PyTorch's numbers: z, log-determinant, scores, gradients and three optimiser steps. */
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/close.ts';
import { readGolden } from '../../../test/golden-file.ts';
import { sizeOf, tensor } from '../../core/tensor.ts';
import { createGraph } from '../../engine/operators/table.ts';
import { FixedParameters } from '../../engine/parameters.ts';
import { runGraph } from '../../engine/run-graph.ts';
import { Session } from '../../engine/runtime/onnxruntime.ts';
import { compileTraining, outputName } from '../../engine/training/program.ts';
import { Trainer, type TrainerState } from '../../engine/training/trainer.ts';
import { type FlowConfig, paperTraining } from './config.ts';
import { flowForward } from './network.ts';
import { judged, paperScore, scaleMaps, scoreMap } from './score.ts';
import { featureInput, flowTraining } from './training.ts';

const golden = await readGolden('csflow_small');
const {
  channels,
  hidden,
  kernels,
  clamp,
  losses,
  grad_norms: norms,
} = golden.facts as unknown as FlowConfig & {
  losses: number[];
  grad_norms: number[];
};
const config: FlowConfig = { channels, hidden, kernels, clamp };
const permutations = kernels.map((_, block) =>
  [0, 1, 2].map((scale) => [...golden.get(`permutation/${block}/${scale}`).data]),
);
const inputs = [0, 1, 2].map((scale) => golden.get(`input/${scale}`));
const feeds = Object.fromEntries(inputs.map((t, scale) => [featureInput(scale), t]));
const weights = golden.under('param');
const batch = inputs[0]!.shape[0]!;
const program = compileTraining(
  flowTraining({
    config,
    permutations,
    batch,
    evaluationBatch: batch,
    mapSizes: inputs.map(({ shape }) => [shape[2]!, shape[3]!] as const),
  }),
);

describe('the golden flow', () => {
  it('gives the z, log-determinant, maps and scores of PyTorch', async () => {
    const graph = createGraph();
    const maps = inputs.map((t, scale) => graph.input(featureInput(scale), t.shape));
    const p = new FixedParameters(graph, weights);
    const { z, logDet } = flowForward(maps, p, config, permutations);
    const named = [...z.map((v, i) => [`z/${i}`, v] as const), ...scaleMaps(z).map((v, i) => [`map/${i}`, v] as const)];
    const scoreMean = judged(z, { maps: [scoreMap(z, 'finest')] }, paperScore, p).score;
    const outputs = { ...Object.fromEntries(named), log_det_jacobian: logDet, score_mean: scoreMean };
    const got = await runGraph(outputs, feeds);
    for (const name of Object.keys(outputs)) expectClose(got[name]!.data, golden.get(name).data, name);
  });

  it('declares the weights of PyTorch, by name and shape', () => {
    const declared = new Map(program.trained.map(({ name, shape }) => [name, shape]));
    expect(declared).toEqual(new Map([...weights].map(([name, { shape }]) => [name, shape])));
  });

  it('gives the loss and every gradient of PyTorch', async () => {
    const session = await Session.create(program.step);
    const got = await session.run({ ...feeds, ...Object.fromEntries(weights) });
    expectClose(got[outputName.loss]!.data, [losses[0]!], 'loss');
    const gradients = golden.under('grad');
    expect(gradients.size).toBe(program.trained.length);
    for (const [name, { data }] of gradients) expectClose(got[outputName.gradient(name)]!.data, data, name);
    await session.release();
  });

  it('takes the three optimiser steps of PyTorch', async () => {
    const trainer = await Trainer.create(program, { adam: paperTraining.adam, seed: 1 });
    const state: TrainerState = { tensors: new Map(), steps: 0 };
    for (const [name, t] of weights) {
      state.tensors.set(`weight/${name}`, t);
      for (const moment of ['first', 'second']) state.tensors.set(`${moment}/${name}`, tensor(t.shape));
    }
    await trainer.restore(state);
    const dimensions = inputs.reduce((n, { shape }) => n + sizeOf(shape.slice(1)), 0);
    for (let step = 0; step < 3; step++) {
      const { loss, gradientNorm, metrics } = await trainer.step(feeds, 2e-3);
      expectClose([loss, gradientNorm], [losses[step]!, norms[step]!], `loss and gradient norm of step ${step}`);
      expectClose([metrics['energy']! - metrics['logDet']!], [loss], 'the loss is the difference of its parts');
      if (step > 0) continue;
      const logDet = golden.get('log_det_jacobian').data.reduce((a, b) => a + b) / batch / dimensions;
      expectClose([metrics['logDet']!], [logDet], 'log-determinant for each dimension');
    }
    const after = await trainer.weights();
    for (const [name, { data }] of golden.under('param_after_3_steps')) {
      expectClose(after.get(name)!.data, data, name, { relative: 1e-3 });
    }
    await trainer.release();
  });
});
