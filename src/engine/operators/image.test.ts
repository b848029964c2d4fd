import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/close.ts';
import { readGolden } from '../../../test/golden-file.ts';
import { Random } from '../../core/random.ts';
import { resampleMap } from '../../inspect/score-map.ts';
import { type Fit, fitImage, fitMap, resizeTo } from '../builders.ts';
import { decodeModel } from '../onnx/schema.ts';
import { toOnnx } from '../onnx/writer.ts';
import { runGraph } from '../run-graph.ts';
import { type Feed, Session } from '../runtime/onnxruntime.ts';
import { createGraph } from './table.ts';

/** Pixels (height, width, 3) to (3, canvas height, canvas width). */
async function fitted(pixels: Feed, height: number, width: number, fit: Fit): Promise<Float32Array> {
  const graph = createGraph();
  const y = fitImage(graph.input('pixels', [-1, -1, 3], 'uint8'), height, width, fit);
  return (await runGraph({ y }, { pixels }))['y']!.data;
}

const filled = (height: number, width: number, at: (i: number) => number): Feed => ({
  shape: [height, width, 3],
  data: Uint8Array.from({ length: height * width * 3 }, (_, i) => at(i)),
});

/** Interleaved values of a canvas of planes. */
const interleaved = (planes: Float32Array, pixels: number): number[] =>
  Array.from({ length: planes.length }, (_, i) => planes[(i % 3) * pixels + Math.floor(i / 3)]!);

it('FitImage never holds all channels of a large image as float32', () => {
  const graph = createGraph();
  const y = fitImage(graph.input('pixels', [-1, -1, 3], 'uint8'), 64, 64, 'letterbox');
  const { node } = decodeModel(toOnnx({ y })).graph;
  const readers = node.filter(({ input }) => input.includes('pixels')).map(({ op_type }) => op_type);
  expect(new Set(readers)).toEqual(new Set(['Shape', 'Slice']));
});

describe('FitImage, stretched', () => {
  it('resamples as Pillow does, but for Pillow rounding to whole grey levels after each axis', async () => {
    const golden = await readGolden('resize_pillow');
    const source = golden.get('source');
    const pixels = { shape: source.shape, data: Uint8Array.from(source.data) };
    for (const [h, w] of [
      [61, 83],
      [128, 160],
      [30, 41],
      [16, 16],
      [9, 200],
      [150, 7],
      [1, 1],
    ] as const) {
      const expected = golden.get(`${h}x${w}`).data;
      const got = interleaved(await fitted(pixels, h, w, 'stretch'), h * w);
      const differences = got.map((v, i) => Math.abs(v - expected[i]!));
      expect(Math.max(...differences), `${h} x ${w}`).toBeLessThanOrEqual(1);
      expect(differences.reduce((a, b) => a + b) / differences.length, `${h} x ${w}`).toBeLessThan(0.4);
    }
  });

  it('keeps the values of an image that has the canvas size', async () => {
    const random = Random.of(1, 'pixels');
    const pixels = filled(13, 9, () => random.integer(256));
    expect(interleaved(await fitted(pixels, 13, 9, 'stretch'), 117)).toEqual([...pixels.data]);
  });

  it('keeps a constant image constant, from and to a single pixel', async () => {
    for (const [h, w] of [
      [1, 1],
      [1, 50],
      [64, 1],
      [200, 3],
    ] as const) {
      for (const side of [1, 16, 37]) {
        const got = await fitted(
          filled(h, w, () => 201),
          side,
          side + 3,
          'stretch',
        );
        expect(Math.max(...got.map((v) => Math.abs(v - 201)))).toBeLessThan(1e-3);
      }
    }
  });
});

/** The size at which an image is shown on a canvas. */
function shownSize([h, w]: readonly [number, number], [height, width]: readonly [number, number]): [number, number] {
  const scale = Math.min(Math.fround(height / h), Math.fround(width / w));
  const side = (n: number): number => Math.max(1, Math.floor(Math.fround(Math.fround(n * scale) + 0.5)));
  return [side(h), side(w)];
}

describe('FitImage and FitMap, letterboxed', () => {
  it('show the image in the upper left, and cut a map to just what shows the image', async () => {
    for (const [height, width] of [
      [16, 24],
      [31, 7],
      [32, 32],
    ] as const) {
      const graph = createGraph();
      const pixels = graph.input('pixels', [-1, -1, 3], 'uint8');
      const map = graph.input('map', [1, 1, height, width]);
      const session = await Session.create(
        toOnnx({ canvas: fitImage(pixels, height, width, 'letterbox'), shown: fitMap(map, pixels, 'letterbox') }),
      );
      const numbers = Float32Array.from({ length: height * width }, (_, i) => i);
      const side = fc.oneof(
        { weight: 3, arbitrary: fc.integer({ min: 1, max: 70 }) },
        { weight: 1, arbitrary: fc.constantFrom(1, 2, 400) },
      );
      await fc.assert(
        fc.asyncProperty(side, side, async (h, w) => {
          const white = filled(h, w, () => 255);
          const found = await session.run({ pixels: white, map: { shape: [1, 1, height, width], data: numbers } });
          const [rows, columns] = shownSize([h, w], [height, width]);
          expect(found['shown']!.shape).toEqual([1, 1, rows, columns]);
          expect([rows <= height, columns <= width, rows === height || columns === width]).toEqual([true, true, true]);
          const inside = (i: number): boolean => Math.floor(i / width) < rows && i % width < columns;
          const canvas = Array.from(found['canvas']!.data, (v) => Math.round(v * 100) / 100);
          expect(canvas).toEqual(canvas.map((_, i) => (inside(i % (height * width)) ? 255 : 0)));
          const expected = [...numbers].filter(inside);
          expect([...found['shown']!.data]).toEqual(expected);
        }),
        { numRuns: 40, seed: 3 },
      );
      await session.release();
    }
  });

  it('scale as the stretched form does to the same size', async () => {
    const random = Random.of(2, 'pixels');
    for (const [h, w] of [
      [50, 20],
      [9, 33],
      [7, 5],
    ] as const) {
      const pixels = filled(h, w, () => random.integer(256));
      const [rows, columns] = shownSize([h, w], [24, 32]);
      const letterboxed = await fitted(pixels, 24, 32, 'letterbox');
      const stretched = await fitted(pixels, rows, columns, 'stretch');
      for (let c = 0; c < 3; c++) {
        for (let i = 0; i < rows; i++) {
          const at = (c * 24 + i) * 32;
          const from = (c * rows + i) * columns;
          expect(letterboxed.slice(at, at + columns)).toEqual(stretched.slice(from, from + columns));
        }
      }
    }
  });
});

describe('ResizeTo', () => {
  it('brings a map to the size of another that is known only at run time', async () => {
    const random = Random.of(2, 'map');
    const map = { shape: [1, 1, 5, 7], data: Float32Array.from({ length: 35 }, () => random.normal()) };
    for (const [height, width] of [
      [40, 90],
      [90, 40],
      [3, 4],
      [16, 1],
    ] as const) {
      const graph = createGraph();
      const pixels = graph.input('pixels', [-1, -1, 3], 'uint8');
      const like = fitMap(graph.constant([1, 1, 16, 24], new Array<number>(384).fill(0)), pixels, 'letterbox');
      const y = resizeTo(graph.constant(map.shape, map.data), like);
      expect(y.shape).toEqual([1, 1, -1, -1]);
      const outputs = await runGraph({ y, like }, { pixels: filled(height, width, () => 0) });
      const [, , h, w] = outputs['like']!.shape as [number, number, number, number];
      expect(outputs['y']!.shape).toEqual([1, 1, h, w]);
      expectClose(outputs['y']!.data, resampleMap(map, w, h), `${h} x ${w}`, { absolute: 1e-6, relative: 1e-5 });
    }
  });

  it('refuses what is no map', () => {
    const graph = createGraph();
    expect(() => resizeTo(graph.constant([2, 2], [1, 2, 3, 4]), graph.constant([1, 1, 1, 1], [1]))).toThrow(/ResizeTo/);
  });
});
