import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/close.ts';
import { Random } from '../../core/random.ts';
import type { NamedTensors } from '../../core/tensor.ts';
import { sigmoid } from '../../engine/builders.ts';
import { createGraph } from '../../engine/operators/table.ts';
import { DeclaredParameters, FixedParameters, initialTensors } from '../../engine/parameters.ts';
import { runGraph } from '../../engine/run-graph.ts';
import type { Feed, Fetches } from '../../engine/runtime/onnxruntime.ts';
import { compileTraining } from '../../engine/training/program.ts';
import type { Canvas } from '../../train/canvas.ts';
import { canvasGrey, canvasMask } from '../../train/canvas-grey.ts';
import { type UnetInspectionOptions, unetInspection } from './inspection.ts';
import { unet } from './network.ts';
import { patchAxis } from './patch-grid.ts';
import { unetTraining } from './training.ts';

const base = 2;

/** Untrained weights, with running statistics that are not the trivial ones. */
function someWeights(): NamedTensors {
  const { trained, states } = compileTraining(unetTraining({ base, patch: 32, batch: 1 }));
  const weights = initialTensors([...trained, ...states], 5);
  const random = Random.of(6);
  for (const [name, { data }] of weights) {
    if (name.endsWith('running_mean')) for (const i of data.keys()) data[i] = random.uniform(-0.1, 0.1);
    if (name.endsWith('running_var')) for (const i of data.keys()) data[i] = random.uniform(0.1, 0.3);
  }
  return weights;
}
const weights = someWeights();

function photo(height: number, width: number): Feed {
  const random = Random.of(7, height, width);
  return {
    shape: [height, width, 3],
    data: Uint8Array.from({ length: height * width * 3 }, () => random.integer(256)),
  };
}

const inputOf = (graph: ReturnType<typeof createGraph>) => graph.input('pixels', [-1, -1, 3], 'uint8');

async function inspect(
  options: Omit<UnetInspectionOptions, 'base'>,
  pixels: Feed,
  tensors = weights,
): Promise<Fetches> {
  const graph = createGraph();
  const { map, score } = unetInspection({ ...options, base })(inputOf(graph), new FixedParameters(graph, tensors));
  return runGraph({ map, score }, { pixels });
}

async function plain(canvas: Canvas, pixels: Feed): Promise<Float32Array> {
  const graph = createGraph();
  const grey = canvasGrey(inputOf(graph), canvas);
  const probability = sigmoid(unet(grey, new FixedParameters(graph, weights), { base }));
  return (await runGraph({ probability }, { pixels }))['probability']!.data;
}

describe('unetInspection', () => {
  const canvas: Canvas = { height: 48, width: 80, fit: 'stretch' };

  it('is the plain network where the canvas is one patch', async () => {
    const square: Canvas = { height: 32, width: 32, fit: 'stretch' };
    const pixels = photo(40, 25);
    const { map, score } = await inspect({ canvas: square, patch: 32 }, pixels);
    const expected = await plain(square, pixels);
    expect(map!.shape).toEqual([1, 1, 32, 32]);
    expectClose(map!.data, expected, 'map', { absolute: 1e-6, relative: 1e-6 });
    expect(score!.shape).toEqual([]);
    expect(score!.data[0]).toBe(Math.max(...map!.data));
    expect(Math.max(...map!.data) - Math.min(...map!.data)).toBeGreaterThan(1e-3);
  });

  it('gives a constant map when the network answers with a constant', async () => {
    const constant = new Map(
      [...weights].map(([name, t]) => [
        name,
        name.startsWith('head') ? { ...t, data: t.data.map(() => (name.endsWith('bias') ? 1.5 : 0)) } : t,
      ]),
    );
    const { map } = await inspect({ canvas, patch: 32 }, photo(48, 80), constant);
    expectClose(map!.data, new Array(48 * 80).fill(1 / (1 + Math.exp(-1.5))), 'map', { absolute: 1e-6, relative: 0 });
  });

  it('blends each patch by its share of the pixel', async () => {
    // two patches side by side, 16 pixels shared; beyond them each patch stands alone
    const pixels = photo(32, 48);
    const wide: Canvas = { height: 32, width: 48, fit: 'stretch' };
    const { map } = await inspect({ canvas: wide, patch: 32 }, pixels);
    const crop = (from: number): Feed => ({
      shape: [32, 32, 3],
      data: Uint8Array.from(
        { length: 32 * 32 * 3 },
        (_, i) => pixels.data[(Math.floor(i / 96) * 48 + from) * 3 + (i % 96)]!,
      ),
    });
    const square: Canvas = { ...wide, width: 32 };
    const [left, right] = [await plain(square, crop(0)), await plain(square, crop(16))];
    const window = (i: number): number => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / 32);
    const expected = Array.from({ length: 32 * 48 }, (_, at) => {
      const [y, x] = [Math.floor(at / 48), at % 48];
      if (x < 16) return left[y * 32 + x]!;
      if (x >= 32) return right[y * 32 + x - 16]!;
      const [a, b] = [window(x), window(x - 16)];
      return (a * left[y * 32 + x]! + b * right[y * 32 + x - 16]!) / (a + b);
    });
    expectClose(map!.data, expected, 'map', { absolute: 1e-6, relative: 1e-5 });
  });

  it('gives the same with weights fixed and declared, in more patches than go together', async () => {
    const pixels = photo(60, 50);
    const fixed = await inspect({ canvas, patch: 32 }, pixels);
    const graph = createGraph();
    const outputs = unetInspection({ canvas, base, patch: 32 })(inputOf(graph), new DeclaredParameters(graph, false));
    const declared = await runGraph({ ...outputs }, { ...Object.fromEntries(weights), pixels });
    expectClose(fixed['map']!.data, declared['map']!.data, 'map', { absolute: 1e-6, relative: 1e-5 });
    expectClose(fixed['score']!.data, declared['score']!.data, 'score', { absolute: 1e-6, relative: 1e-5 });
  });

  it('maps a letterboxed image alone, and scores no padding', async () => {
    const { map, score } = await inspect({ canvas: { ...canvas, fit: 'letterbox' }, patch: 32 }, photo(48, 40));
    expect(map!.shape).toEqual([1, 1, 48, 40]);
    expect(score!.data[0]).toBe(Math.max(...map!.data));
  });

  it('scores by the largest mean of 5 x 5 pixels where the peak is asked for', async () => {
    const pixels = photo(48, 80);
    const { map, score } = await inspect({ canvas, patch: 32, score: 'peak' }, pixels);
    const at = (y: number, x: number): number => (y < 0 || x < 0 || y >= 48 || x >= 80 ? 0 : map!.data[y * 80 + x]!);
    const around = Array.from({ length: 25 }, (_, k) => [Math.floor(k / 5) - 2, (k % 5) - 2] as const);
    const means = Array.from({ length: 48 * 80 }, (_, i) =>
      around.reduce((sum, [dy, dx]) => sum + at(Math.floor(i / 80) + dy, (i % 80) + dx) / 25, 0),
    );
    expectClose(score!.data, [Math.max(...means)], 'score', { absolute: 1e-6, relative: 1e-5 });
    expect(score!.data[0]).toBeLessThan(Math.max(...map!.data));
  });

  it('refuses sides that the network cannot halve four times', () => {
    const odd = { ...canvas, height: 40 };
    expect(() => unetInspection({ canvas: odd, base, patch: 64 })).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID' }),
    );
    expect(() => unetInspection({ canvas, base, patch: 40 })).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID' }),
    );
  });
});

describe('patchAxis', () => {
  it('gives every pixel to its patches in full, and nothing a share of zero', () => {
    for (const [length, patch, overlap] of [
      [48, 16, 0.5],
      [100, 32, 0.5],
      [64, 64, 0],
      [70, 32, 0.75],
    ] as const) {
      const { origins, shares } = patchAxis(length, patch, overlap);
      const total = new Float64Array(length);
      for (const [k, origin] of origins.entries())
        for (const [i, share] of shares[k]!.entries()) total[origin + i]! += share;
      expectClose(total, new Array(length).fill(1), 'sum of shares', { absolute: 1e-6, relative: 0 });
      expect(Math.min(...shares.flatMap((s) => [...s]))).toBeGreaterThan(0);
    }
  });
});

describe('canvasGrey and canvasMask', () => {
  const canvas: Canvas = { height: 32, width: 48, fit: 'stretch' };

  it('gives the luma of pixels that need no fitting', async () => {
    const pixels = photo(32, 48);
    const { grey } = await runGraph({ grey: canvasGrey(inputOf(createGraph()), canvas) }, { pixels });
    const luma = Array.from(
      { length: 32 * 48 },
      (_, i) => (0.299 * pixels.data[3 * i]! + 0.587 * pixels.data[3 * i + 1]! + 0.114 * pixels.data[3 * i + 2]!) / 255,
    );
    expectClose(grey!.data, luma, 'grey', { absolute: 1e-5, relative: 1e-5 });
  });

  it('keeps a mask where half a pixel of the canvas is defect', async () => {
    // twice the size of the canvas; a block of it, and one lone pixel, which is a quarter
    const data = new Uint8Array(64 * 96 * 3);
    const mark = (y: number, x: number): void => void data.fill(255, (y * 96 + x) * 3, (y * 96 + x) * 3 + 3);
    for (let y = 20; y < 40; y++) for (let x = 30; x < 60; x++) mark(y, x);
    mark(4, 4);
    const { mask } = await runGraph(
      { mask: canvasMask(inputOf(createGraph()), canvas) },
      { pixels: { shape: [64, 96, 3], data } },
    );
    const expected = Array.from({ length: 32 * 48 }, (_, i) =>
      Math.floor(i / 48) >= 10 && Math.floor(i / 48) < 20 && i % 48 >= 15 && i % 48 < 30 ? 1 : 0,
    );
    expect([...mask!.data]).toEqual(expected);
  });
});
