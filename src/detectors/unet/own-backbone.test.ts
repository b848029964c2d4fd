import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectClose } from '../../../test/close.ts';
import { Random } from '../../core/random.ts';
import { type NamedTensors, tensor } from '../../core/tensor.ts';
import { concat } from '../../engine/builders.ts';
import { averagePool } from '../../engine/functions.ts';
import { createGraph } from '../../engine/operators/table.ts';
import { FixedParameters, initialTensors } from '../../engine/parameters.ts';
import { runGraph } from '../../engine/run-graph.ts';
import { compileTraining } from '../../engine/training/program.ts';
import { onnxBackbone } from '../backbones/onnx-backbone.ts';
import { unetWayDown } from './network.ts';
import { ownBackboneModel } from './own-backbone.ts';
import { unetTraining } from './training.ts';

const base = 2;
const program = compileTraining(unetTraining({ base, patch: 32, batch: 2 }));
const weights: NamedTensors = initialTensors([...program.trained, ...program.states], 3);

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'felfri-own-backbone-'));
  file = join(folder, 'backbone.onnx');
  await writeFile(file, ownBackboneModel(weights, { base }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function greyImage(height: number, width: number) {
  const random = Random.of(1, 'image');
  const grey = tensor([1, 1, height, width]);
  for (let i = 0; i < grey.data.length; i++) grey.data[i] = random.uniform(0, 1);
  return grey;
}

it.each([
  [64, 64],
  [48, 128],
])('gives the levels of the way down, joined at stride 16, for an image of %i x %i', async (height, width) => {
  const backbone = await onnxBackbone({ file });
  expect(backbone).toMatchObject({ channels: 30 * base, stride: 16 });
  const graph = createGraph();
  const grey = graph.input('grey', [1, 1, height, width]);
  const [, two, four, eight, sixteen] = unetWayDown(grey, new FixedParameters(graph, weights), { base });
  const expected = concat([averagePool(two!, 8), averagePool(four!, 4), averagePool(eight!, 2), sixteen!], 1);
  const features = backbone.features(concat([grey, grey, grey], 1));
  expect(features.shape).toEqual([1, 30 * base, height / 16, width / 16]);
  const out = await runGraph({ features, expected }, { grey: greyImage(height, width) });
  expectClose(out['features']!.data, out['expected']!.data, 'features');
});

it('refuses weights of another base', () => {
  expect(() => ownBackboneModel(weights, { base: 3 })).toThrow(expect.objectContaining({ code: 'WEIGHTS_MISMATCH' }));
});
