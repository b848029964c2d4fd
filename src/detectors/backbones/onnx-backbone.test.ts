import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/close.ts';
import { bytesOf, type HandMade, info, node, weight } from '../../../test/onnx-file.ts';
import { type Tensor, tensor } from '../../core/tensor.ts';
import { add, conv, relu } from '../../engine/builders.ts';
import { resizeBilinear } from '../../engine/functions.ts';
import type { Value } from '../../engine/graph.ts';
import { toOnnx } from '../../engine/onnx/writer.ts';
import { createGraph } from '../../engine/operators/table.ts';
import { runGraph } from '../../engine/run-graph.ts';
import { featureMaps } from './features.ts';
import { onnxBackbone } from './onnx-backbone.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'felfri-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function fileOf(bytes: Uint8Array, name: string): Promise<string> {
  const file = join(folder, `${name}.onnx`);
  await writeFile(file, bytes);
  return file;
}

const image = tensor(
  [1, 3, 64, 32],
  Array.from({ length: 3 * 64 * 32 }, (_, i) => 0.5 + 0.5 * Math.sin(i * 0.13 + Math.sin(i * 0.01))),
);

/** No change of colours. */
const plain = { mean: [0, 0, 0], deviation: [1, 1, 1] } as const;

const first = (i: number): number => Math.sin(i) / 3;
const second = (i: number): number => Math.cos(i) / 6;

/** Two convolutions of stride 4 and then 2, so outputs `a` of stride 4 and `b` of stride 8. */
const pyramid: HandMade = {
  opset: 13,
  nodes: [
    node('Conv', ['x', 'w1'], ['a'], { kernel_shape: [4, 4], strides: [4, 4] }),
    node('Conv', ['a', 'w2'], ['c'], { kernel_shape: [2, 2], strides: [2, 2] }),
    // squeeze-excite by the old form of ReduceMean
    node('ReduceMean', ['c'], ['m'], { axes: [2, 3], keepdims: 1 }),
    node('Mul', ['c', 'm'], ['b']),
  ],
  weights: [weight('w1', [5, 3, 4, 4], first), weight('w2', [6, 5, 2, 2], second)],
  outputs: [info('a', ['n', 5, 'p', 'q']), info('b', ['n', 6, 'r', 's'])],
};

async function run(build: (x: Value) => Value, at: Tensor = image): Promise<Tensor> {
  const graph = createGraph();
  return (await runGraph({ y: build(graph.input('x', at.shape)) }, { x: at }))['y']!;
}

describe('a backbone from an ONNX file', () => {
  it('gives what the network gives, after the colours are normalised', async () => {
    const network = (x: Value): Value => {
      const w = x.graph.constant(
        [7, 3, 8, 8],
        Array.from({ length: 7 * 192 }, (_, i) => first(i)),
      );
      return relu(conv(x, w, undefined, { stride: 8 }));
    };
    const graph = createGraph();
    const file = await fileOf(toOnnx({ y: network(graph.input('picture', image.shape)) }), 'ours');
    const colours = { mean: [0.1, 0.2, 0.3], deviation: [0.5, 0.25, 0.2] } as const;
    const backbone = await onnxBackbone({ file, colours });
    expect(backbone).toMatchObject({ channels: 7, stride: 8, name: `onnx:${file}` });
    const size = 64 * 32;
    const normalised = image.data.map((v, i) => {
      const c = Math.floor(i / size);
      return (v - colours.mean[c]!) / colours.deviation[c]!;
    });
    const expected = await run(network, tensor(image.shape, normalised));
    expectClose((await run(backbone.features)).data, expected.data, 'features');
    // the file takes this size alone
    const other = createGraph().input('x', [1, 3, 32, 32]);
    expect(() => backbone.features(other)).toThrow(/takes images of 64 x 32 pixels, not 32 x 32/);
  });

  it('joins several outputs at the size of the first, for images of any size', async () => {
    const file = await fileOf(bytesOf(pyramid), 'pyramid');
    const backbone = await onnxBackbone({ file, outputs: ['a', 'b'], colours: plain });
    expect(backbone).toMatchObject({ channels: 11, stride: 4 });
    const alone = async (name: string) => run((await onnxBackbone({ file, outputs: [name], colours: plain })).features);
    const [a, b] = [await alone('a'), await alone('b')];
    expect([a.shape, b.shape]).toEqual([
      [1, 5, 16, 8],
      [1, 6, 8, 4],
    ]);
    const enlarged = await run((x) => resizeBilinear(x, 16, 8), b);
    expectClose((await run(backbone.features)).data, [...a.data, ...enlarged.data], 'both');
    // scales of 64, 32 and 16 pixels, one graph
    const small = await run((x) => featureMaps(add(x, 0), backbone, 3)[2]!);
    expect(small.shape).toEqual([1, 11, 4, 2]);
    expect(() => backbone.features(createGraph().input('x', [1, 3, 20, 20]))).toThrow(/multiples of 8/);
  });

  it('is known by file, outputs and colours', async () => {
    const file = await fileOf(bytesOf(pyramid), 'known');
    const prints = await Promise.all(
      [{ outputs: ['a'] }, { outputs: ['b'] }, { outputs: ['a'], colours: plain }].map(
        async (o) => (await onnxBackbone({ file, ...o })).fingerprint,
      ),
    );
    expect(new Set(prints).size).toBe(3);
    expect((await onnxBackbone({ file, outputs: ['a'] })).fingerprint).toBe(prints[0]);
  });

  it.each<[string, Partial<HandMade>, RegExp]>([
    ['an input of another rank', { inputs: [info('x', [3, 64, 64])] }, /\(3, 64, 64\); legal is an image/],
    ['grey images', { inputs: [info('x', [1, 1, 'h', 'w'])] }, /\(1, 1, \?, \?\)/],
    [
      'an output that is no map',
      { nodes: [node('ReduceMean', ['x'], ['b'], { axes: [2, 3], keepdims: 0 })] },
      /output b is \(1, 3\) for 128 x 192 pixels/,
    ],
    [
      'an output whose size is no whole part of the image',
      { nodes: [node('Conv', ['x', 'w1'], ['b'], { kernel_shape: [4, 4] })] },
      /output b is \(1, 5, 125, 189\)/,
    ],
    ['an operator that nobody knows', { nodes: [node('Foo', ['x'], ['b'])] }, /operator Foo is none that felfri takes/],
  ])('refuses %s', async (_, change, message) => {
    const file = await fileOf(bytesOf({ ...pyramid, ...change }), 'refused');
    const opened = onnxBackbone({ file, outputs: ['b'] });
    await expect(opened).rejects.toMatchObject({ code: 'MODEL_INVALID', message: expect.stringMatching(message) });
  });

  it('refuses a file that is not there', async () => {
    await expect(onnxBackbone({ file: join(folder, 'none.onnx') })).rejects.toMatchObject({ code: 'MODEL_INVALID' });
  });
});
