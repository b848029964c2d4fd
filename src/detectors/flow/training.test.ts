import { describe, expect, it } from 'vitest';
import { sizeOf } from '../../core/tensor.ts';
import { gradientsOf } from '../../engine/gradients.ts';
import { type Graph, nodesFor } from '../../engine/graph.ts';
import { createGraph } from '../../engine/operators/table.ts';
import { DeclaredParameters } from '../../engine/parameters.ts';
import { compileTraining } from '../../engine/training/program.ts';
import { Trainer } from '../../engine/training/trainer.ts';
import { type FlowConfig, flowPermutations, paperConfig, paperTraining } from './config.ts';
import { featureInput, flowTraining } from './training.ts';

const mapSizes = (side: number) => [side, side / 2, side / 4].map((s) => [s, s] as const);

const definition = (config: FlowConfig, side: number, batch: number = paperTraining.batch) =>
  flowTraining({
    config,
    permutations: flowPermutations(config.channels, config.kernels.length, 1),
    batch,
    evaluationBatch: batch,
    mapSizes: mapSizes(side),
  });

const weightsOf = (program: { trained: readonly { shape: readonly number[] }[] }): number =>
  program.trained.reduce((n, { shape }) => n + sizeOf(shape), 0);

describe("the paper's flow", () => {
  it('compiles to a training step at full size, with the weights that PyTorch counts', () => {
    expect(weightsOf(compileTraining(definition(paperConfig, 24)))).toBe(275_227_288);
  });

  it('counts the same weights as PyTorch at 192 channels and 128 hidden ones', () => {
    const program = compileTraining(definition({ ...paperConfig, channels: 192, hidden: 128 }, 12));
    expect(weightsOf(program)).toBe(21_739_032);
  });

  it('has a gradient graph not much larger than the network', () => {
    const graph: Graph = createGraph();
    const p = new DeclaredParameters(graph, true);
    const { loss } = definition(paperConfig, 24).step(graph, p);
    const forward = nodesFor([loss]).length;
    const gradients = gradientsOf(
      loss,
      [...p.trained.values()].map(({ value }) => value),
    );
    expect(nodesFor([loss, ...gradients]).length).toBeLessThan(12 * forward);
  });
});

describe('evaluation', () => {
  it('scores each image, a stranger above those that the flow has learnt', async () => {
    const config: FlowConfig = { channels: 4, hidden: 8, kernels: [3, 3], clamp: 3 };
    const trainer = await Trainer.create(compileTraining(definition(config, 4, 2)), {
      adam: paperTraining.adam,
      seed: 1,
    });
    const feeds = (bright: number) =>
      Object.fromEntries(
        mapSizes(4).map(([h, w], scale) => {
          const shape = [2, 4, h, w];
          const half = sizeOf(shape) / 2;
          const wave = (i: number): number => Math.sin(i % half) * (i < half ? 1 : bright);
          return [featureInput(scale), { shape, data: Float32Array.from({ length: 2 * half }, (_, i) => wave(i)) }];
        }),
      );
    for (let step = 0; step < 10; step++) await trainer.step(feeds(1), 1e-2);
    const { score, maximum } = await trainer.evaluate(feeds(4));
    expect([score!.shape, maximum!.shape]).toEqual([[2], [2]]);
    expect(score!.data[1]!).toBeGreaterThan(2 * score!.data[0]!);
    expect(maximum!.data[1]!).toBeGreaterThan(2 * maximum!.data[0]!);
    await trainer.release();
  });
});
