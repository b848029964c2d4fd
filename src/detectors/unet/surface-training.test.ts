import { expect, it } from 'vitest';
import { Random } from '../../core/random.ts';
import { tensor } from '../../core/tensor.ts';
import { noAugmentation } from '../../data/augmentation.ts';
import { createGraph } from '../../engine/operators/table.ts';
import { DeclaredParameters } from '../../engine/parameters.ts';
import { runGraph } from '../../engine/run-graph.ts';
import { compileTraining } from '../../engine/training/program.ts';
import { Trainer } from '../../engine/training/trainer.ts';
import type { GreyCanvas } from '../../train/canvas.ts';
import { PatchSampler } from './patch-sampler.ts';
import { surfaceLoss, surfaceTraining } from './surface-training.ts';
import { unetAdam } from './training.ts';

/** Noise of two kinds: fine, and in stripes of four pixels; darker or brighter by chance. */
const canvases: GreyCanvas[] = Array.from({ length: 8 }, (_, i) => {
  const random = Random.of(4, 'surface', i);
  const level = random.uniform(0.3, 0.7);
  const columns = Array.from({ length: 8 }, () => random.uniform(-0.2, 0.2));
  const grey = Float32Array.from({ length: 32 * 32 }, (_, p) =>
    i % 2 === 0 ? level + random.uniform(-0.2, 0.2) : level + columns[(p % 32) >> 2]!,
  );
  return { height: 32, width: 32, grey, mask: undefined };
});
const surfaces = { count: 2, of: canvases.map((_, i) => i % 2) };

it('teaches the way down to tell surfaces apart, and to find defects', async () => {
  const patch = { height: 32, width: 32 };
  const sampler = new PatchSampler(canvases, {
    patch,
    batch: 8,
    seed: 1,
    augmentation: noAugmentation,
    synthetic: 1,
    surfaces,
  });
  const { surface } = sampler.batch(0, 0);
  expect(surface!.shape).toEqual([8, 2]);
  for (let i = 0; i < 8; i++) expect(surface!.data[2 * i]! + surface!.data[2 * i + 1]!).toBe(1);

  const trainer = await Trainer.create(compileTraining(surfaceTraining({ base: 2, patch, batch: 8, surfaces: 2 })), {
    adam: unetAdam,
    seed: 2,
    threads: 1,
  });
  const told: number[] = [];
  for (let step = 0; step < 30; step++)
    told.push((await trainer.step(sampler.batch(step, 0), 0.01)).metrics['surface']!);
  const { loss, bce, dice } = await trainer.evaluate(sampler.batch(0, 0));
  await trainer.release();
  for (const value of [loss, bce, dice]) expect(Number.isFinite(value!.data[0])).toBe(true);
  expect(told.at(-1)).toBeLessThan(0.5 * told[0]!);
});

it('asks nothing of a place that shows a defect', async () => {
  const graph = createGraph();
  const p = new DeclaredParameters(graph, false);
  const features = graph.input('features', [1, 3, 2, 2]);
  const loss = surfaceLoss(features, graph.input('surface', [1, 2]), graph.input('share', [1, 1, 2, 2]), p);
  const declared = [...p.trained.values()].map(({ declaration }) => declaration);
  const feeds = {
    ...Object.fromEntries(declared.map(({ name, shape }) => [name, tensor(shape)])),
    features: tensor([1, 3, 2, 2]),
    surface: tensor([1, 2], [1, 0]),
  };
  const of = async (share: number[]) =>
    (await runGraph({ loss }, { ...feeds, share: tensor([1, 1, 2, 2], share) }))['loss']!.data[0]!;
  expect(await of([1, 1, 0.1, 1])).toBeCloseTo(0, 6);
  // without weights every surface is as likely: 4 places, and 1 that keeps the mean finite
  expect(await of([0, 0, 0, 0])).toBeCloseTo((4 * Math.log(2)) / 5, 5);
});
