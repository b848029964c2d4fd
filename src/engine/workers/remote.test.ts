import { describe, expect, it } from 'vitest';
import { Random } from '../../core/random.ts';
import { add, log, matMul, mul, reduceMean, square, sub } from '../builders.ts';
import { toOnnx } from '../onnx/writer.ts';
import { createGraph } from '../operators/table.ts';
import { fanIn } from '../parameters.ts';
import type { Feeds } from '../runtime/onnxruntime.ts';
import type { AdamOptions } from '../training/adam-rule.ts';
import { compileTraining } from '../training/program.ts';
import { Trainer, type TrainerLike } from '../training/trainer.ts';
import { WorkerSession, WorkerTrainer } from './remote.ts';

const adam: AdamOptions = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 1e-3, clipNorm: 1 };

/** Linear regression that also counts its steps in a carried state. */
const program = compileTraining({
  step: (graph, p) => {
    const seen = p.state('seen', [1], { fill: 0 });
    p.update('seen', add(seen, 1));
    const y = matMul(graph.input('x', [4, 3]), p.get('w', [3, 1], fanIn([1, 3])));
    const loss = reduceMean(square(sub(y, graph.input('target', [4, 1]))));
    return { loss, metrics: { twice: mul(loss, 2) } };
  },
  evaluation: (graph, p) => ({ y: matMul(graph.input('x', [4, 3]), p.get('w', [3, 1], fanIn([1, 3]))) }),
});
/** A loss that is not a number once the weight is negative. */
const diverging = compileTraining({
  step: (graph, p) => ({ loss: reduceMean(log(add(p.get('w', [1], { fill: -1 }), graph.input('x', [1])))) }),
});
const random = Random.of(3, 'remote');
const normal = (...shape: number[]) => ({
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()),
});
const batches: Feeds[] = Array.from({ length: 4 }, () => ({ x: normal(4, 3), target: normal(4, 1) }));

async function story(trainer: TrainerLike): Promise<unknown> {
  const steps = [];
  for (const feeds of batches) steps.push(await trainer.step(feeds, 0.05));
  const middle = await trainer.state();
  await trainer.step(batches[0]!, 0.05);
  const further = await trainer.weights();
  await trainer.restore(middle);
  await trainer.step(batches[0]!, 0.05);
  expect(await trainer.weights()).toEqual(further);
  const told = { steps, middle, further, evaluated: await trainer.evaluate(batches[1]!) };
  await trainer.release();
  return told;
}

describe('a trainer in a worker thread', () => {
  it('gives the same numbers, bit for bit, as one in this thread', async () => {
    const here = await story(await Trainer.create(program, { adam, seed: 5, threads: 1 }));
    const there = await story(await WorkerTrainer.create(program, { adam, seed: 5, threads: 1 }));
    expect(there).toEqual(here);
    expect(here).toMatchObject({ middle: { steps: 4 } });
  });

  it('leaves the feeds with the caller', async () => {
    const trainer = await WorkerTrainer.create(program, { adam, seed: 5, threads: 1 });
    const before = [...batches[0]!['x']!.data];
    await trainer.step(batches[0]!, 0.05);
    expect([...batches[0]!['x']!.data]).toEqual(before);
    await trainer.release();
  });

  it('answers calls in their order', async () => {
    const trainer = await WorkerTrainer.create(program, { adam, seed: 5, threads: 1 });
    const [first, state, second] = await Promise.all([
      trainer.step(batches[0]!, 0.05),
      trainer.state(),
      trainer.step(batches[0]!, 0.05),
    ]);
    expect(state.steps).toBe(1);
    expect(second.loss).not.toBe(first.loss);
    await trainer.release();
  });

  it('hands on an error with its code, and works on', async () => {
    const trainer = await WorkerTrainer.create(diverging, { adam, seed: 0, threads: 1 });
    const feed = (x: number): Feeds => ({ x: { shape: [1], data: Float32Array.of(x) } });
    await expect(trainer.step(feed(0), 0.1)).rejects.toMatchObject({
      name: 'FelfriError',
      code: 'TRAINING_DIVERGED',
      message: expect.stringContaining('lower the learning rate'),
    });
    expect((await trainer.step(feed(2), 0.1)).loss).toBeCloseTo(0, 6);
    await expect(trainer.evaluate({})).rejects.toMatchObject({ code: 'OPTION_INVALID' });
    await trainer.release();
  });

  it('refuses a state of another network, unchanged', async () => {
    const trainer = await WorkerTrainer.create(program, { adam, seed: 5, threads: 1 });
    const before = await trainer.state();
    await expect(trainer.restore({ tensors: new Map(), steps: 9 })).rejects.toMatchObject({
      code: 'CHECKPOINT_INVALID',
    });
    expect(await trainer.state()).toEqual(before);
    await trainer.release();
  });

  it('refuses calls after it was released', async () => {
    const trainer = await WorkerTrainer.create(program, { adam, seed: 5, threads: 1 });
    await trainer.release();
    await expect(trainer.weights()).rejects.toThrow('ended');
    await trainer.release();
  });
});

describe('a worker that ends', () => {
  it('rejects what it still owes', async () => {
    const trainer = await WorkerTrainer.create(program, { adam, seed: 5, threads: 1 });
    const released = trainer.release();
    await expect(trainer.step(batches[0]!, 0.05)).rejects.toThrow();
    await released;
    await expect(trainer.state()).rejects.toThrow('ended');
  });
});

describe('a session in a worker thread', () => {
  it('runs a model', async () => {
    const graph = createGraph();
    const session = await WorkerSession.create(toOnnx({ y: mul(graph.input('x', [2]), 3) }), { threads: 1 });
    const { y } = await session.run({ x: { shape: [2], data: Float32Array.of(1, -2) } });
    expect([...y!.data]).toEqual([3, -6]);
    await session.release();
  });

  it('says when what it is given cannot be sent, and works on', async () => {
    const graph = createGraph();
    const session = await WorkerSession.create(toOnnx({ y: mul(graph.input('x', [1]), 3) }), { threads: 1 });
    const unsendable = { shape: [1], data: (() => 1) as never };
    await expect(session.run({ x: unsendable })).rejects.toThrow('could not be cloned');
    const { y } = await session.run({ x: { shape: [1], data: Float32Array.of(2) } });
    expect([...y!.data]).toEqual([6]);
    await session.release();
  });

  it('says when the model is none', async () => {
    await expect(WorkerSession.create(Uint8Array.of(1, 2, 3))).rejects.toThrow(/model|protobuf/i);
  });
});
