import { expect, it } from 'vitest';
import { expectClose } from '../../../test/close.ts';
import { readGolden } from '../../../test/golden-file.ts';
import type { NamedTensors } from '../../core/tensor.ts';
import { createGraph } from '../../engine/operators/table.ts';
import { DeclaredParameters, FixedParameters, initialTensors } from '../../engine/parameters.ts';
import { runGraph } from '../../engine/run-graph.ts';
import { Session } from '../../engine/runtime/onnxruntime.ts';
import { compileTraining, outputName } from '../../engine/training/program.ts';
import { Trainer } from '../../engine/training/trainer.ts';
import { unet } from './network.ts';
import { unetAdam, unetTraining } from './training.ts';

const golden = await readGolden('unet_small');
const input = golden.get('input');
const feeds = { image: input, target: golden.get('target') };
const base = 4;
const program = compileTraining(unetTraining({ base, patch: { height: 32, width: 48 }, batch: 2 }));
const start: NamedTensors = new Map([...initialTensors(program.states, 0), ...golden.under('param')]);

it('has the parameters of the PyTorch modules', () => {
  const shapes = (tensors: NamedTensors) => new Map([...tensors].map(([name, { shape }]) => [name, shape.join()]));
  const declared = new Map(program.trained.map(({ name, shape }) => [name, shape.join()]));
  expect(declared).toEqual(shapes(golden.under('param')));
  const states = new Map(program.states.map(({ name, shape }) => [name, shape.join()]));
  expect(states).toEqual(shapes(golden.under('buffer_after_3_steps')));
});

it('gives the logits of PyTorch in training mode', async () => {
  const graph = createGraph();
  const logits = unet(graph.input('image', input.shape), new DeclaredParameters(graph, true), { base });
  const out = await runGraph({ logits }, { ...Object.fromEntries(start), image: input });
  expectClose(out['logits']!.data, golden.get('logits_train').data, 'logits');
});

it('gives the loss and the gradients of PyTorch', async () => {
  const session = await Session.create(program.step);
  const out = await session.run({ ...Object.fromEntries(start), ...feeds });
  await session.release();
  const losses = golden.facts['losses'] as number[];
  expectClose(out[outputName.loss]!.data, [losses[0]!], 'loss');
  for (const [name, { data }] of golden.under('grad')) {
    expectClose(out[outputName.gradient(name)]!.data, data, name, { absolute: 2e-5, relative: 1e-3 });
  }
});

it('takes the optimiser steps of PyTorch, and agrees in inference mode, with weights declared and fixed', async () => {
  const trainer = await Trainer.create(program, { adam: unetAdam, seed: 1 });
  const { tensors } = await trainer.state();
  for (const [name, t] of golden.under('param')) tensors.set(`weight/${name}`, t);
  await trainer.restore({ tensors, steps: 0 });
  const losses: number[] = [];
  for (let i = 0; i < 3; i++) losses.push((await trainer.step(feeds, 1e-3)).loss);
  expectClose(losses, golden.facts['losses'] as number[], 'losses');
  const weights = await trainer.weights();
  for (const prefix of ['param_after_3_steps', 'buffer_after_3_steps']) {
    for (const [name, { data }] of golden.under(prefix)) {
      expectClose(weights.get(name)!.data, data, name, { absolute: 1e-4, relative: 1e-3 });
    }
  }
  const expected = golden.get('logits_inference').data;
  const { probability } = await trainer.evaluate(feeds);
  await trainer.release();
  const logit = probability!.data.map((p) => Math.log(p / (1 - p)));
  expectClose(logit, expected, 'logits in inference mode', { absolute: 1e-3, relative: 1e-3 });

  const graph = createGraph();
  const logits = unet(graph.input('image', input.shape), new FixedParameters(graph, weights), { base });
  const fixed = (await runGraph({ logits }, { image: input }))['logits']!.data;
  expectClose(fixed, logit, 'weights fixed and declared', { absolute: 1e-5, relative: 1e-5 });
});
