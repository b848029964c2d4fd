import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../test/close.ts';
import { Random } from '../core/random.ts';
import { type ConvOptions, conv, mul, reduceSum } from './builders.ts';
import { gradientsOf } from './gradients.ts';
import { nodesFor, type Value } from './graph.ts';
import { decodeModel } from './onnx/schema.ts';
import { toOnnxGraph } from './onnx/writer.ts';
import { normalTensor } from './operators/operator.ts';
import { createGraph } from './operators/table.ts';
import { runGraph } from './run-graph.ts';
import { compileTraining, outputName } from './training/program.ts';
import { convolve, tileFor, transformsOf, winogradConv } from './winograd.ts';

describe('the transforms', () => {
  it.each([
    [2, 3],
    [3, 3],
    [4, 3],
    [2, 5],
    [3, 5],
    [4, 5],
  ])('F(%i, %i) convolve, in double precision', (m, r) => {
    const { output, weights, input } = transformsOf(m, r);
    const random = Random.of(m, r);
    const d = Array.from({ length: m + r - 1 }, () => random.normal());
    const g = Array.from({ length: r }, () => random.normal());
    const times = (rows: readonly (readonly number[])[], v: readonly number[]): number[] =>
      rows.map((row) => row.reduce((sum, x, i) => sum + x * v[i]!, 0));
    const [points, kernel] = [times(input, d), times(weights, g)];
    const y = times(
      output,
      points.map((x, i) => x * kernel[i]!),
    );
    for (const [i, got] of y.entries()) {
      expect(got).toBeCloseTo(
        g.reduce((sum, x, k) => sum + x * d[i + k]!, 0),
        10,
      );
    }
  });

  it('have tiles with few points in all', () => {
    expect(tileFor(12, 3)).toBe(4);
    expect(tileFor(6, 3)).toBe(3);
    expect(tileFor(12, 5)).toBe(4);
    expect(tileFor(2, 3)).toBe(2);
  });
});

const dimension = (min: number, max: number) => fc.integer({ min, max });

it('gives the outputs and gradients of conv, for any sides, padding, batch and kernel', async () => {
  const anyCase = fc.record({
    seed: fc.integer(),
    n: dimension(1, 3),
    c: dimension(1, 4),
    o: dimension(1, 4),
    h: dimension(4, 11),
    w: dimension(4, 11),
    r: fc.constantFrom(3, 5),
    pads: fc.tuple(dimension(1, 3), dimension(1, 3), dimension(1, 3), dimension(1, 3)),
    biased: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(anyCase, async ({ seed, n, c, o, h, w, r, pads, biased }) => {
      const random = Random.of(seed);
      const x = normalTensor(random, [n, c, h, w]);
      const weight = normalTensor(random, [o, c, r, r]);
      const bias = normalTensor(random, [o]);
      const graph = createGraph();
      const inputs = [graph.input('x', x.shape), graph.input('weight', weight.shape)];
      if (biased) inputs.push(graph.input('bias', bias.shape));
      const [vx, vw, vb] = inputs as [Value, Value, Value | undefined];
      const outputs: Record<string, Value> = {};
      for (const [form, y] of Object.entries({
        conv: conv(vx, vw, vb, { pads }),
        tiles: winogradConv(vx, vw, vb, pads),
      })) {
        const probe = graph.constant(
          y.shape,
          Array.from({ length: y.shape.reduce((a, b) => a * b) }, (_, i) => Math.sin(i)),
        );
        outputs[`${form} y`] = y;
        gradientsOf(reduceSum(mul(y, probe)), inputs).forEach((gradient, i) => {
          outputs[`${form} ${i}`] = gradient;
        });
      }
      const out = await runGraph(outputs, { x, weight, bias }, { threads: 1 });
      for (const what of ['y', ...inputs.keys()]) {
        const [wanted, got] = [out[`conv ${what}`]!, out[`tiles ${what}`]!];
        expect(got.shape).toEqual(wanted.shape);
        const scale = Math.max(1, ...wanted.data.map(Math.abs));
        expectClose(got.data, [...wanted.data], `${what}`, { absolute: 1e-4 * scale, relative: 0 });
      }
    }),
    { numRuns: 25 },
  );
});

interface Layer extends ConvOptions {
  readonly n: number;
  readonly channels: number;
  readonly side: number;
  readonly kernel: number;
  readonly constant?: boolean;
}

function graphOf({ n, channels, side, kernel, constant, ...options }: Layer): string[] {
  const graph = createGraph();
  const shape = [channels, channels / (options.group ?? 1), kernel, kernel];
  const x = graph.input('x', [n, channels, side, side]);
  const weight = constant
    ? graph.constant(shape, new Float32Array(shape.reduce((a, b) => a * b)))
    : graph.input('w', shape);
  const y = convolve(x, weight, graph.input('b', [channels]), { pads: (kernel - 1) / 2, ...options });
  const outputs: Record<string, Value> = { y };
  if (!constant) [outputs['dx'], outputs['dw']] = gradientsOf(reduceSum(mul(y, y)), [x, weight]) as [Value, Value];
  return toOnnxGraph(outputs).node.map((node) => node.op_type);
}

describe('the form of a trained convolution', () => {
  const small: Layer = { n: 16, channels: 64, side: 12, kernel: 3 };
  const byTiles = (layer: Layer): boolean => !graphOf(layer).includes('Conv') && graphOf(layer).includes('Trilu');

  it('is by tiles, in both directions, with one transformation of each kind', () => {
    const operators = graphOf(small);
    for (const direct of ['Conv', 'ConvTranspose', 'Gather']) expect(operators).not.toContain(direct);
    const count = (op: string): number => operators.filter((name) => name === op).length;
    // forward: two into the points, two back, kernel, products; the same again for the input's gradient, and two for the weight's
    expect(count('MatMul')).toBe(14);
    // x, weights, y, the upstream gradient, dx; the weight gradient comes out as it is wanted
    expect(count('Trilu')).toBeLessThanOrEqual(6);
  });

  it('is by tiles for maps up to 32 x 32 and kernels of 3 and 5', () => {
    expect(byTiles(small)).toBe(true);
    expect(byTiles({ ...small, kernel: 5 })).toBe(true);
    expect(byTiles({ ...small, side: 32, n: 2 })).toBe(true);
  });

  it.each<[string, Partial<Layer>]>([
    ['wide maps', { side: 64, n: 1 }],
    ['few channels', { channels: 16 }],
    ['few tiles', { n: 1, side: 4 }],
    ['a stride', { stride: 2 }],
    ['dilation', { dilation: 2, pads: 2 }],
    ['groups', { group: 64 }],
    ['single weights', { kernel: 1 }],
    ['constant weights', { constant: true, n: 1 }],
  ])('is that of conv for %s', (_, change) => {
    expect(graphOf({ ...small, ...change })).not.toContain('Trilu');
  });
});

it('keeps no kernels at the points for the way back: they are made again when their gradient is there', () => {
  const graph = createGraph();
  const [x, weight] = [graph.input('x', [16, 64, 12, 12]), graph.input('w', [64, 64, 3, 3])];
  const y = winogradConv(x, weight, undefined, [1, 1, 1, 1]);
  const [dx] = gradientsOf(reduceSum(mul(y, y)), [x]) as [Value];
  const all = nodesFor([y, dx]);
  const source = (v: Value): Value =>
    v.node?.op === 'Reshape' || v.node?.op === 'Transpose' ? source(v.node.inputs[0]!) : v;
  // kernels at 36 points of 64 x 64 weights
  const kernels = all.filter(({ op, outputs }) => op === 'MatMul' && outputs[0]!.shape.join() === `36,${64 * 64}`);
  const readers = kernels.map(({ outputs }) =>
    all.filter(({ op, inputs }) => op === 'MatMul' && inputs.some((v) => source(v) === outputs[0])),
  );
  expect(readers.map((nodes) => nodes.length)).toEqual([1, 1]);
  // and the second ones cannot be made before the upstream gradient, nor be taken for the first ones
  const upstream = readers[1]![0]!.inputs[0]!;
  expect(nodesFor([kernels[1]!.outputs[0]!]).flatMap(({ outputs }) => outputs)).toContain(source(upstream));
});

it('gives gradients as they come, in one turn from the points, without a copy under another shape', () => {
  const { step } = compileTraining({
    step: (graph, p) => {
      const y = convolve(graph.input('x', [16, 64, 12, 12]), p.get('w', [64, 64, 3, 3], { fill: 0 }), undefined, {
        pads: 1,
      });
      return { loss: reduceSum(mul(y, y)) };
    },
  });
  const { node } = decodeModel(step).graph;
  const maker = node.find(({ output }) => output[0] === outputName.gradient('w'));
  expect(maker?.op_type).toBe('Transpose');
});
