import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../core/random.ts';
import { concat, conv, convTranspose, maxPool, relu } from '../builders.ts';
import type { Value } from '../graph.ts';
import { createGraph } from '../operators/table.ts';
import { foldConstants, Session } from '../runtime/onnxruntime.ts';
import { levelsOf, quantisedWeight } from './eight-bits.ts';
import { quantise } from './quantization.ts';
import { convolutionCounts, measuredTensors } from './quantization-plan.ts';
import { decodeModel, encodeModel, type OnnxModel } from './schema.ts';
import { rangesIn, withRanges } from './value-ranges.ts';
import { toOnnx } from './writer.ts';

const random = Random.of(7, 'quantization');
const shape = [1, 8, 16, 16];
const numbers = (sides: readonly number[], reach: number): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length: sides.reduce((a, b) => a * b, 1) }, () => random.uniform(-reach, reach));
const input = { shape, data: numbers(shape, 1) };

/** A small network with all that a U-Net has: a pool, a way up, a joint, a head of one channel. */
async function network(): Promise<OnnxModel> {
  const graph = createGraph();
  const constant = (...sides: number[]): Value => graph.constant(sides, numbers(sides, 0.3));
  const x = graph.input('x', shape);
  const wide = (y: Value, to: number): Value =>
    relu(conv(y, constant(to, y.shape[1]!, 3, 3), constant(to), { pads: 1 }));
  const first = wide(x, 8);
  const deep = wide(maxPool(first, 2), 16);
  const up = convTranspose(deep, constant(16, 8, 2, 2), constant(8), { strides: [2, 2] });
  const last = wide(concat([first, up], 1), 8);
  return decodeModel(await foldConstants(toOnnx({ y: conv(last, constant(1, 8, 1, 1), constant(1)) })));
}

async function outputOf(model: OnnxModel, optimise = true): Promise<Float32Array> {
  const session = await Session.create(encodeModel(model), { threads: 1, optimise });
  const { y } = await session.run({ x: input });
  await session.release();
  return y!.data;
}

async function rangesOf(model: OnnxModel) {
  const tensors = measuredTensors(model);
  const session = await Session.create(encodeModel(withRanges(model, tensors)), { threads: 1 });
  const ranges = rangesIn(await session.run({ x: input }), tensors);
  await session.release();
  return ranges;
}

describe('levels', () => {
  it('hold every value of the range within half a step, and zero exactly', () => {
    const value = fc.float({ min: -1000, max: 1000, noNaN: true });
    fc.assert(
      fc.property(value, value, fc.float({ min: 0, max: 1, noNaN: true }), (a, b, at) => {
        const range = { low: Math.min(a, b), high: Math.max(a, b) };
        const { scale, zero } = levelsOf(range);
        const back = (v: number): number => (Math.min(255, Math.max(0, Math.round(v / scale) + zero)) - zero) * scale;
        expect(zero).toSatisfy((z: number) => Number.isInteger(z) && z >= 0 && z <= 255);
        expect(Math.abs(back(0))).toBe(0);
        const v = range.low + at * (range.high - range.low);
        // the zero point is rounded, which moves the range's ends by up to half a step
        expect(Math.abs(back(v) - v)).toBeLessThanOrEqual(scale * 1.001 + 1e-30);
      }),
    );
  });
});

describe('weights', () => {
  it('lie within half a step of each output channel, in seven bits', () => {
    const weights = fc.array(fc.float({ min: -50, max: 50, noNaN: true }), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(weights, (values) => {
        const { integers, scales } = quantisedWeight(Float32Array.from(values), 3);
        for (const [i, v] of Float32Array.from(values).entries()) {
          const scale = scales[Math.floor(i / 4)]!;
          expect(Math.abs(integers[i]!)).toBeLessThanOrEqual(63);
          expect(Math.abs(integers[i]! * scale - v)).toBeLessThanOrEqual(scale / 2 + 1e-5);
        }
      }),
    );
  });

  it('of a channel of zeros stay zeros', () => {
    const { integers, scales } = quantisedWeight(new Float32Array(8), 2);
    expect([...integers, ...scales]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 1, 1]);
  });
});

describe('a quantised model', () => {
  it('computes what the float one does, but for the steps, and the same one operator at a time', async () => {
    const model = await network();
    const quantised = quantise(model, await rangesOf(model));
    const [float, integers, plain] = [
      await outputOf(model),
      await outputOf(quantised),
      await outputOf(quantised, false),
    ];
    const spread = Math.max(...float) - Math.min(...float);
    const worst = (a: Float32Array, b: Float32Array): number => Math.max(...a.map((v, i) => Math.abs(v - b[i]!)));
    expect(worst(float, integers)).toBeGreaterThan(0);
    expect(worst(float, integers) / spread).toBeLessThan(0.05);
    expect(worst(plain, integers) / spread).toBeLessThan(0.02);
  });

  it('has its 3x3 convolutions between 8-bit values, each reader with a node of its own', async () => {
    const model = await network();
    expect(convolutionCounts(model)).toEqual({ convolutions: 3, allConvolutions: 5 });
    const { graph } = quantise(model, await rangesOf(model));
    const producers = new Map(graph.node.flatMap((n) => n.output.map((name) => [name, n] as const)));
    const from = graph.node
      .filter(({ op_type }) => op_type === 'Conv')
      .map(({ input: given }) => given.map((name) => producers.get(name)?.op_type ?? 'constant'));
    const eight = ['DequantizeLinear', 'DequantizeLinear', 'DequantizeLinear'];
    // the way up is a 1x1 convolution to four places at once
    const float = ['DequantizeLinear', 'constant', 'constant'];
    expect(from).toEqual([eight, eight, float, eight, float]);
    for (const { op_type, output } of graph.node) {
      if (op_type !== 'DequantizeLinear') continue;
      expect(graph.node.filter((n) => n.input.includes(output[0]!))).toHaveLength(1);
    }
    // pooling changes no step: both sides have the same, so that integers are pooled
    const pool = graph.node.find(({ op_type }) => op_type === 'MaxPool')!;
    const scaleOf = (name: string): string =>
      String(graph.initializer.find((i) => i.name === `${name}/scale`)!.raw_data);
    const before = producers.get(pool.input[0]!)!.input[0]!.replace('/8bit', '');
    expect(scaleOf(pool.output[0]!)).toBe(scaleOf(before));
  });

  it('is refused without a range, and where there is nothing to quantise', async () => {
    const whole = await network();
    const error = expect.objectContaining({ code: 'MODEL_INVALID' });
    expect(() => quantise(whole, new Map())).toThrow(error);
    const graph = createGraph();
    const x = graph.input('x', shape);
    const model = decodeModel(toOnnx({ y: relu(x) }));
    expect(() => quantise(model, new Map())).toThrow(error);
  });
});
