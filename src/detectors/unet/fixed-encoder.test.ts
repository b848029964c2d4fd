import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/close.ts';
import { formulaWeights } from '../../../test/formula-weights.ts';
import { writeSafetensors } from '../../core/safetensors.ts';
import { noAugmentation } from '../../data/augmentation.ts';
import { simulatePart } from '../../data/simulate/bearing-ring/simulate-part.ts';
import { createGraph } from '../../engine/operators/table.ts';
import { FixedParameters } from '../../engine/parameters.ts';
import { runGraph } from '../../engine/run-graph.ts';
import { compileTraining } from '../../engine/training/program.ts';
import { Trainer } from '../../engine/training/trainer.ts';
import type { GreyCanvas } from '../../train/canvas.ts';
import type { Backbone } from '../backbones/backbone.ts';
import { efficientNetBackbone } from '../backbones/efficientnet.ts';
import { waveletBackbone } from '../backbones/wavelet.ts';
import { unetInspection } from './inspection.ts';
import { PatchSampler } from './patch-sampler.ts';
import { unetAdam, unetTraining } from './training.ts';

let folder: string;
let encoder: Backbone;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'felfri-'));
  const weights = join(folder, 'b0.safetensors');
  await writeSafetensors(weights, formulaWeights('b0'));
  encoder = await efficientNetBackbone({ weights });
});
afterAll(() => rm(folder, { recursive: true }));

const invalid = expect.objectContaining({ code: 'OPTION_INVALID' });

describe('a U-Net on a backbone', () => {
  it('learns its way up alone, and inspects as it was evaluated', async () => {
    const canvases: GreyCanvas[] = Array.from({ length: 6 }, (_, part) => {
      const { image, mask } = simulatePart(11, { part, width: 64, className: 'dent', difficulty: 0.25 });
      return { height: 64, width: 64, grey: image, mask };
    });
    const patch = { height: 64, width: 64 };
    const sampler = new PatchSampler(canvases, { patch, batch: 6, seed: 1, augmentation: noAugmentation });
    const program = compileTraining(unetTraining({ base: 4, encoder, patch, batch: 6 }));
    const names = program.trained.map(({ name }) => name);
    expect(names.every((name) => /^(lateral|dec|head)\./.test(name))).toBe(true);
    const trainer = await Trainer.create(program, { adam: unetAdam, seed: 2, threads: 1 });
    const losses: number[] = [];
    for (let step = 0; step < 30; step++) losses.push((await trainer.step(sampler.batch(step, 0), 0.02)).loss);
    const batch = sampler.batch(0, 0);
    const { probability } = await trainer.evaluate(batch);
    const weights = await trainer.weights();
    await trainer.release();
    expect(losses[0]).toBeGreaterThan(1);
    expect(losses.at(-1)).toBeLessThan(0.7 * losses[0]!);

    // the first patch of the batch as an image: the bundle's graph gives the map that the training's gave
    const pixels = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) =>
      Math.round(255 * batch['image']!.data[Math.floor(i / 3)]!),
    );
    const graph = createGraph();
    const { map } = unetInspection({ canvas: { ...patch, fit: 'stretch' }, base: 4, encoder, patch: 64 })(
      graph.input('pixels', [-1, -1, 3], 'uint8'),
      new FixedParameters(graph, weights),
    );
    const inspected = await runGraph({ map }, { pixels: { shape: [64, 64, 3], data: pixels } });
    expectClose(inspected['map']!.data, probability!.data.slice(0, 64 * 64), 'map', { absolute: 1e-3, relative: 1e-3 });
  });

  it('refuses sides that the backbone cannot halve five times, and a backbone of one stride', () => {
    expect(() => unetTraining({ base: 4, encoder, patch: 48, batch: 2 })).toThrow(invalid);
    const train = unetTraining({ base: 4, encoder: waveletBackbone(), patch: 64, batch: 2 });
    expect(() => compileTraining(train)).toThrow(invalid);
  });
});

it('a pyramid has the maps of the strides 4 to 32, the deepest the one that a flow takes', async () => {
  const graph = createGraph();
  const image = graph.input('image', [1, 3, 96, 64]);
  const maps = encoder.pyramid!(image);
  expect(maps.map(({ shape }) => shape)).toEqual([
    [1, 24, 24, 16],
    [1, 40, 12, 8],
    [1, 112, 6, 4],
    [1, 192, 3, 2],
  ]);
  const data = Float32Array.from({ length: 3 * 96 * 64 }, (_, i) => 0.5 + 0.5 * Math.sin(0.37 * i));
  const out = await runGraph(
    { deepest: maps[3]!, features: encoder.features(image) },
    { image: { shape: [1, 3, 96, 64], data } },
  );
  expect(out['deepest']!.data).toEqual(out['features']!.data);
});
