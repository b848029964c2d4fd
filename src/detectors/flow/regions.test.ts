import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/close.ts';
import { Random } from '../../core/random.ts';
import { type NamedTensors, type Tensor, tensor } from '../../core/tensor.ts';
import type { Region, Regions } from '../../data/regions/schema.ts';
import { conv } from '../../engine/builders.ts';
import { createGraph } from '../../engine/operators/table.ts';
import { DeclaredParameters, FixedParameters, initialTensors } from '../../engine/parameters.ts';
import { runGraph } from '../../engine/run-graph.ts';
import { compileTraining } from '../../engine/training/program.ts';
import { Trainer } from '../../engine/training/trainer.ts';
import type { Canvas } from '../../train/canvas.ts';
import { cellsOf } from '../../train/judged-area.ts';
import type { Backbone } from '../backbones/backbone.ts';
import { featureMapsOfPixels } from '../backbones/features.ts';
import { standardOf } from './combined.ts';
import { type FlowConfig, flowPermutations, paperTraining } from './config.ts';
import { flowInspection } from './inspection.ts';
import { judgedPositions } from './judged-positions.ts';
import { estimatePlaces } from './place.ts';
import { estimatePrincipal } from './principal.ts';
import { type FlowScore, viewSizes } from './score.ts';
import { featureInput, flowTraining } from './training.ts';
import { estimateWhole } from './whole.ts';

const SIDE = 32;
const STRIDE = 4;
const CHANNELS = 6;

/** Convolutions of 12 x 12 pixels at a stride of 4, so that a position sees the pixels of its neighbours. */
const wide: Backbone = {
  name: 'wide',
  licence: 'Apache-2.0',
  fingerprint: 'wide',
  channels: CHANNELS,
  stride: STRIDE,
  features: (image) => {
    const random = Random.of(3, 'wide');
    const weight = Array.from({ length: CHANNELS * 3 * 144 }, () => random.normal() / 12);
    return conv(image, image.graph.constant([CHANNELS, 3, 12, 12], weight), undefined, { stride: STRIDE, pads: 4 });
  },
};

const config: FlowConfig = { channels: 4, features: CHANNELS, hidden: 4, kernels: [3], clamp: 3, start: 'principal' };
const permutations = flowPermutations(4, 1, 1);
const score: FlowScore = { map: 'average', image: 'combined', rest: true, views: ['place', 'whole'] };

const disc = (x: number, outer: number): Region['shape'] => ({ form: 'ring', centre: [x, 0.5], outer, inner: 0 });
const bore: Regions = { aspect: 1, regions: [{ name: 'bore', kind: 'ignore', shape: disc(0.5, 0.2) }] };
const lenient: Regions = {
  aspect: 1,
  regions: [
    { name: 'rim', kind: 'inspect', shape: disc(0.15, 0.15), tolerance: 2 },
    { name: 'face', kind: 'inspect', shape: disc(0.75, 0.25) },
  ],
};
const canvasOf = (regions: Regions): Canvas => ({ height: SIDE, width: SIDE, fit: 'stretch', regions });

type Pixels = { shape: number[]; data: Uint8Array<ArrayBuffer> };

function picture(seed: number): Pixels {
  const random = Random.of(seed, 'picture');
  return {
    shape: [SIDE, SIDE, 3],
    data: Uint8Array.from({ length: 3 * SIDE * SIDE }, () => 100 + random.integer(40)),
  };
}

/** What a flow on good pictures is, its couplings untrained. */
async function weightsOf(canvas: Canvas): Promise<NamedTensors> {
  const graph = createGraph();
  const [map] = featureMapsOfPixels(graph.input('pixels', [-1, -1, 3], 'uint8'), canvas, wide, 1);
  const maps: Tensor[] = [];
  for (let i = 0; i < 12; i++) {
    const { m } = await runGraph({ m: map! }, { pixels: picture(i) });
    maps.push({ shape: m!.shape.slice(1), data: m!.data });
  }
  const cells = cellsOf(canvas, { height: SIDE / STRIDE, width: SIDE / STRIDE });
  const judged = maps.map((m) => judgedPositions(m, cells));
  const start = await estimatePrincipal(judged);
  const declared = createGraph();
  const p = new DeclaredParameters(declared, false);
  flowInspection({ canvas, backbone: wide, config, permutations, score })(
    declared.input('pixels', [-1, -1, 3], 'uint8'),
    p,
  );
  const initial = initialTensors(
    [...p.trained.values()].map((t) => t.declaration),
    1,
  );
  for (const [name, t] of initial) if (name.includes('gamma')) t.data.fill(0.3);
  const rows = Array.from({ length: 9 }, (_, i) => [1 + 0.1 * i, 1 + 0.05 * i, 2 + 0.1 * i, 1 + 0.02 * i]);
  return new Map([
    ...initial,
    ...start,
    ...(await estimatePlaces(maps, start, { cells })),
    ...(await estimateWhole(judged, start)),
    ...standardOf(rows, viewSizes(score)),
  ]);
}

const inspector =
  (canvas: Canvas, weights: NamedTensors, by = score) =>
  async (pixels: Pixels) => {
    const graph = createGraph();
    const build = flowInspection({ canvas, backbone: wide, config, permutations, score: by });
    const out = build(graph.input('pixels', [-1, -1, 3], 'uint8'), new FixedParameters(graph, weights));
    return runGraph({ map: out.map, score: out.score }, { pixels });
  };

/** The picture with other values where `at` says. */
function changed(pixels: Pixels, at: (x: number, y: number) => boolean, value: (i: number) => number): Pixels {
  const data = pixels.data.slice();
  for (let i = 0; i < SIDE * SIDE; i++)
    if (at(i % SIDE, Math.floor(i / SIDE))) for (let c = 0; c < 3; c++) data[i * 3 + c] = value(i * 3 + c);
  return { ...pixels, data };
}

const inBore = (x: number, y: number): boolean => Math.hypot(x + 0.5 - SIDE / 2, y + 0.5 - SIDE / 2) < 0.2 * SIDE;

describe('a flow with a region that is ignored', () => {
  let inspect: ReturnType<typeof inspector>;
  beforeAll(async () => {
    inspect = inspector(canvasOf(bore), await weightsOf(canvasOf(bore)));
  });

  it('gives the same score and map to the last bit whatever lies in it', async () => {
    const plain = await inspect(picture(50));
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const random = Random.of(seed);
        const other = await inspect(changed(picture(50), inBore, () => random.integer(256)));
        expect(other['score']!.data[0]).toBe(plain['score']!.data[0]);
        expect(other['map']!.data).toEqual(plain['map']!.data);
      }),
      { numRuns: 10 },
    );
  });

  it('finds what lies outside, be it right beside it, and draws nothing within', async () => {
    const [plain, beside] = [
      await inspect(picture(50)),
      await inspect(
        changed(
          picture(50),
          (x, y) => x >= 23 && x < 26 && y >= 14 && y < 18,
          () => 255,
        ),
      ),
    ];
    expect(beside['score']!.data[0]!).toBeGreaterThan(2 * plain['score']!.data[0]!);
    const map = beside['map']!.data;
    expect(map.indexOf(Math.max(...map)) % SIDE).toBeGreaterThanOrEqual(20);
    // the cells that lie wholly in the bore
    for (let y = 12; y < 20; y++) for (let x = 12; x < 20; x++) expect(Math.abs(map[y * SIDE + x]!)).toBe(0);
  });

  it('stays a NaN where the features are', async () => {
    const canvas = canvasOf(bore);
    const weights = await weightsOf(canvas);
    weights.set('start.mean', tensor([1, CHANNELS, 1, 1], new Float32Array(CHANNELS).fill(Number.NaN)));
    const out = await inspector(canvas, weights)(picture(1));
    expect([out['score']!.data[0], out['map']!.data.some(Number.isNaN)]).toEqual([Number.NaN, true]);
  });
});

it('judges a region with a threshold of its own by its largest place, divided by what it bears', async () => {
  const weights = await weightsOf(canvasOf(lenient));
  const strict: Regions = {
    ...lenient,
    regions: lenient.regions.map(({ tolerance: _, ...region }) => region),
  };
  const dented = changed(
    picture(60),
    (x, y) => x >= 3 && x < 7 && y >= 14 && y < 18,
    () => 255,
  );
  // a map that no other place has a say in
  const by: FlowScore = { ...score, image: 'max' };
  const [one, two] = [
    await inspector(canvasOf(strict), weights, by)(dented),
    await inspector(canvasOf(lenient), weights, by)(dented),
  ];
  const rim = (map: Float32Array): number => Math.max(...map.filter((_, i) => i % SIDE < 10));
  expectClose([rim(two['map']!.data as Float32Array) * 2], [rim(one['map']!.data as Float32Array)], 'the rim');
  // it is the oddest place of the picture; the map's values lie between those of its cells
  expect(two['score']!.data[0]! / one['score']!.data[0]!).toBeCloseTo(0.5, 5);
});

it('learns nothing of the positions that are ignored', async () => {
  const canvas = canvasOf(bore);
  const [h, w] = [SIDE / STRIDE, SIDE / STRIDE];
  const program = compileTraining(
    flowTraining({ config, permutations, batch: 1, evaluationBatch: 1, mapSizes: [[h, w]], score, canvas }),
  );
  const weights = await weightsOf(canvas);
  const step = async (fill: number) => {
    const trainer = await Trainer.create(program, { adam: paperTraining.adam, seed: 1, start: weights });
    const random = Random.of(2);
    const features = tensor([1, CHANNELS, h, w]);
    for (const i of features.data.keys()) features.data[i] = random.normal();
    // the one cell that no kernel of 3 x 3, on any scale, lets a judged cell see
    const metrics = await trainer.evaluate({ [featureInput(0)]: features });
    const at = 4 * w + 4;
    for (let c = 0; c < CHANNELS; c++) features.data[c * h * w + at] = fill;
    const out = await trainer.evaluate({ [featureInput(0)]: features });
    await trainer.release();
    return [metrics, out] as const;
  };
  const [, odd] = await step(1e3);
  const [, even] = await step(0);
  // the largest value of the map that training is watched by does not see the cell itself
  const place = 2;
  expect(odd['parts']!.data[place]).toBe(even['parts']!.data[place]);
});
