import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/close.ts';
import { Random } from '../../core/random.ts';
import type { NamedTensors } from '../../core/tensor.ts';
import { reduceMean, reshape } from '../../engine/builders.ts';
import { createGraph } from '../../engine/operators/table.ts';
import { DeclaredParameters, FixedParameters, initialTensors } from '../../engine/parameters.ts';
import { runGraph } from '../../engine/run-graph.ts';
import type { Fetches } from '../../engine/runtime/onnxruntime.ts';
import { compileTraining } from '../../engine/training/program.ts';
import { Trainer } from '../../engine/training/trainer.ts';
import type { Canvas } from '../../train/canvas.ts';
import type { Backbone } from '../backbones/backbone.ts';
import { featureMapsOfPixels } from '../backbones/features.ts';
import { type FlowConfig, flowPermutations, paperTraining } from './config.ts';
import { flowInspection } from './inspection.ts';
import type { FlowScore } from './score.ts';
import { featureInput, flowTraining } from './training.ts';

const STRIDE = 4;

/** The mean colour of each cell of 4 x 4 pixels: the smallest thing that is a backbone. */
const cells: Backbone = {
  name: 'cells',
  licence: 'Apache-2.0',
  fingerprint: 'cells',
  channels: 3,
  stride: STRIDE,
  features: (image) => {
    const [n, c, h, w] = image.shape as [number, number, number, number];
    return reduceMean(reshape(image, [n, c, h / STRIDE, STRIDE, w / STRIDE, STRIDE]), [3, 5]);
  },
};

const config: FlowConfig = { channels: 3, hidden: 4, kernels: [3, 3], clamp: 3 };
const permutations = flowPermutations(3, 2, 1);
const stretch: Canvas = { height: 32, width: 48, fit: 'stretch' };
const letterbox: Canvas = { height: 32, width: 48, fit: 'letterbox' };

/** Random weights; the flow is the identity, up to order, where gamma is 0. */
function weights(gamma: number): NamedTensors {
  const graph = createGraph();
  const p = new DeclaredParameters(graph, false);
  const score: FlowScore = { map: 'finest', image: 'mean' };
  flowInspection({ canvas: stretch, backbone: cells, config, permutations, score })(
    graph.input('pixels', [-1, -1, 3], 'uint8'),
    p,
  );
  const tensors = initialTensors(
    [...p.trained.values()].map((t) => t.declaration),
    1,
  );
  for (const [name, t] of tensors) if (name.includes('gamma')) t.data.fill(gamma);
  return tensors;
}

type Pixels = { shape: number[]; data: Uint8Array<ArrayBuffer> };

function photograph(height: number, width: number, grey: (y: number, x: number) => number): Pixels {
  const at = (i: number): number => grey(Math.floor(i / 3 / width), Math.floor(i / 3) % width);
  return { shape: [height, width, 3], data: Uint8Array.from({ length: 3 * height * width }, (_, i) => at(i)) };
}

async function inspect(canvas: Canvas, score: FlowScore, pixels: Pixels, gamma = 0): Promise<Fetches> {
  const graph = createGraph();
  const build = flowInspection({ canvas, backbone: cells, config, permutations, score });
  const input = graph.input('pixels', [-1, -1, 3], 'uint8');
  return runGraph({ ...build(input, new FixedParameters(graph, weights(gamma))) }, { pixels });
}

describe('inspection', () => {
  it('gives a scalar score and a map of the size of the canvas, or of what shows the image on it', async () => {
    const pixels = photograph(64, 48, () => 100);
    const score: FlowScore = { map: 'average', image: 'max' };
    const whole = await inspect(stretch, score, pixels);
    expect([whole['map']!.shape, whole['score']!.shape]).toEqual([[1, 1, 32, 48], []]);
    expect((await inspect(letterbox, score, pixels))['map']!.shape).toEqual([1, 1, 32, 24]);
  });

  it('puts the largest value of the map where the image is strange', async () => {
    const pixels = photograph(64, 96, (y, x) => (y >= 40 && y < 48 && x >= 16 && x < 24 ? 255 : 0));
    const { map, score } = await inspect(stretch, { map: 'finest', image: 'max' }, pixels);
    const at = map!.data.indexOf(Math.max(...map!.data));
    expect([Math.floor(at / 48 / STRIDE), Math.floor((at % 48) / STRIDE)]).toEqual([5, 2]);
    expect(score!.data[0]!).toBeGreaterThan(0.5);
  });

  for (const image of ['mean', 'max', 'top'] as const) {
    it(`scores as the training's evaluation does: ${image}`, async () => {
      const random = Random.of(1, 'pixels');
      const pixels = photograph(50, 70, () => random.integer(256));
      const graph = createGraph();
      const maps = featureMapsOfPixels(graph.input('pixels', [-1, -1, 3], 'uint8'), stretch, cells);
      const features = await runGraph(Object.fromEntries(maps.map((m, i) => [featureInput(i), m])), { pixels });
      const score: FlowScore = { map: 'average', image };
      const mapSizes = maps.map(({ shape }) => [shape[2]!, shape[3]!] as const);
      const program = compileTraining(
        flowTraining({ config, permutations, batch: 1, evaluationBatch: 1, mapSizes, score }),
      );
      const trainer = await Trainer.create(program, { adam: paperTraining.adam, seed: 1 });
      const { tensors } = await trainer.state();
      const given = new Map([...weights(0.5)].map(([name, t]) => [`weight/${name}`, t]));
      await trainer.restore({ tensors: new Map([...tensors, ...given]), steps: 0 });
      const evaluated = await trainer.evaluate(features);
      await trainer.release();
      const inspected = await inspect(stretch, score, pixels, 0.5);
      expectClose(inspected['score']!.data, evaluated['score']!.data, 'score', { absolute: 0, relative: 1e-4 });
    });
  }

  it('lets the padding of a letterbox count for the mean, not for the largest values', async () => {
    // z = x - 1: white is 0 and the black padding is 1
    const subtracting = weights(1);
    for (const [name, t] of subtracting) {
      if (name.includes('gamma')) continue;
      t.data.fill(0);
      if (/blocks\.0\.s[12]\.same\.\d\.bias/.test(name)) t.data.fill(-1, t.data.length / 2);
    }
    const scores = async (pixels: Pixels): Promise<number[]> => {
      const graph = createGraph();
      const input = graph.input('pixels', [-1, -1, 3], 'uint8');
      const outputs = Object.fromEntries(
        (['mean', 'max', 'top'] as const).map((image) => {
          const score: FlowScore = { map: 'finest', image };
          const build = flowInspection({ canvas: letterbox, backbone: cells, config, permutations, score });
          return [image, build(input, new FixedParameters(graph, subtracting)).score];
        }),
      );
      return Object.values(await runGraph(outputs, { pixels })).map((t) => t.data[0]!);
    };
    const white = (height: number, width: number): Pixels => photograph(height, width, () => 255);
    expectClose(await scores(white(16, 48)), [(0.5 * 16) / 32, 0, 0], 'wide');
    expectClose(await scores(white(64, 32)), [(0.5 * 32) / 48, 0, 0], 'tall');
    const [, partly] = await scores(white(10, 48));
    expectClose([partly!], [0.25], 'a position half of whose cell shows the image counts');
  });
});
