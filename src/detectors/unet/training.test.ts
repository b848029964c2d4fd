import { expect, it } from 'vitest';
import { noAugmentation } from '../../data/augmentation.ts';
import { simulatePart } from '../../data/simulate/bearing-ring/simulate-part.ts';
import { createGraph } from '../../engine/operators/table.ts';
import { runGraph } from '../../engine/run-graph.ts';
import { compileTraining } from '../../engine/training/program.ts';
import { Trainer } from '../../engine/training/trainer.ts';
import type { GreyCanvas } from '../../train/canvas.ts';
import { bceDiceLoss } from './loss.ts';
import { PatchSampler } from './patch-sampler.ts';
import { unetAdam, unetTraining } from './training.ts';

it('learns eight simulated patches', async () => {
  const canvases: GreyCanvas[] = Array.from({ length: 8 }, (_, part) => {
    const { image, mask } = simulatePart(11, {
      part,
      width: 64,
      className: part % 2 ? 'dent' : 'scratch',
      difficulty: 0.25,
    });
    return { height: 64, width: 64, grey: image, mask };
  });
  const patch = { height: 64, width: 64 };
  const sampler = new PatchSampler(canvases, { patch, batch: 8, seed: 1, augmentation: noAugmentation });
  const trainer = await Trainer.create(compileTraining(unetTraining({ base: 4, patch: 64, batch: 8 })), {
    adam: unetAdam,
    seed: 2,
    threads: 1,
  });
  const losses: number[] = [];
  for (let step = 0; step < 60; step++) {
    // slower at the end, so that the running statistics catch up
    losses.push((await trainer.step(sampler.batch(step, 0), step < 45 ? 0.03 : 0.002)).loss);
  }
  const { dice, probability } = await trainer.evaluate(sampler.batch(0, 0));
  await trainer.release();
  expect(probability!.shape).toEqual([8, 1, 64, 64]);
  expect(losses[0]).toBeGreaterThan(1);
  expect(losses.at(-1)).toBeLessThan(0.35);
  expect(dice!.data[0]).toBeGreaterThan(0.6);
});

it('states the loss of extreme logits as a finite number', async () => {
  const graph = createGraph();
  const { loss, bce, dice } = bceDiceLoss(
    graph.constant([4], [200, -200, 200, -200]),
    graph.constant([4], [1, 0, 0, 1]),
  );
  const out = await runGraph({ loss, bce, dice }, {});
  expect(out['bce']!.data[0]).toBeCloseTo(100, 3);
  expect(out['dice']!.data[0]).toBeCloseTo(3 / 5, 6);
  expect(out['loss']!.data[0]).toBeCloseTo(100.4, 3);
});

it('takes Dice over each patch where told, so that a small defect counts as much as a large one', async () => {
  const graph = createGraph();
  // the first patch misses its one pixel, the second finds all of its three
  const logits = graph.constant([2, 1, 2, 2], [-50, -50, -50, -50, 50, 50, 50, -50]);
  const target = graph.constant([2, 1, 2, 2], [1, 0, 0, 0, 1, 1, 1, 0]);
  const { dice: patch } = bceDiceLoss(logits, target, 'patch');
  const { dice: batch } = bceDiceLoss(logits, target);
  const out = await runGraph({ patch, batch }, {});
  expect(out['patch']!.data[0]).toBeCloseTo((1 / 2 + 7 / 7) / 2, 5);
  expect(out['batch']!.data[0]).toBeCloseTo((2 * 3 + 1) / (3 + 4 + 1), 5);
});

it('refuses patches and batches that it cannot train on', () => {
  const invalid = expect.objectContaining({ code: 'OPTION_INVALID' });
  expect(() => unetTraining({ base: 4, patch: 40, batch: 1 })).toThrow(invalid);
  expect(() => unetTraining({ base: 4, patch: 16, batch: 1 })).toThrow(invalid);
  expect(() => unetTraining({ base: 0, patch: 64, batch: 1 })).toThrow(invalid);
});
