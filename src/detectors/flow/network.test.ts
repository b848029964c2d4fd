import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/close.ts';
import { Random } from '../../core/random.ts';
import { type NamedTensors, type Tensor, tensor } from '../../core/tensor.ts';
import { toOnnx } from '../../engine/onnx/writer.ts';
import { createGraph } from '../../engine/operators/table.ts';
import { DeclaredParameters, FixedParameters } from '../../engine/parameters.ts';
import { runGraph } from '../../engine/run-graph.ts';
import { Session } from '../../engine/runtime/onnxruntime.ts';
import { compileTraining } from '../../engine/training/program.ts';
import { Trainer } from '../../engine/training/trainer.ts';
import { type FlowConfig, flowPermutations, paperTraining } from './config.ts';
import { flowForward, flowInverse } from './network.ts';
import { featureInput, flowTraining } from './training.ts';
import { estimateWhitening } from './whitening.ts';

type Size = readonly [number, number];

const pyramid = ([h, w]: Size): Size[] => [1, 2, 4].map((step) => [Math.ceil(h / step), Math.ceil(w / step)]);

/** Smooth maps with noise, every channel a mixture of three waves: something for a flow to learn. */
function structuredMaps(n: number, channels: number, sizes: readonly Size[], seed: number): Tensor[] {
  const random = Random.of(seed, 'maps');
  const waves = Array.from({ length: 3 }, () => [random.normal(), random.normal()] as const);
  const mixture = Array.from({ length: channels }, () => waves.map(() => random.normal()));
  return sizes.map(([h, w], scale) => {
    const t = tensor([n, channels, h, w]);
    for (let image = 0, k = 0; image < n; image++) {
      const phase = random.uniform(0, 6);
      for (const weights of mixture) {
        for (let i = 0; i < h * w; i++, k++) {
          const [y, x] = [Math.floor(i / w) * 2 ** scale, (i % w) * 2 ** scale];
          t.data[k] = 0.2 * random.normal();
          for (const [j, [a, b]] of waves.entries()) t.data[k]! += weights[j]! * Math.sin(a * y + b * x + phase);
        }
      }
    }
    return t;
  });
}

const feedsOf = (maps: readonly Tensor[]): Record<string, Tensor> =>
  Object.fromEntries(maps.map((t, scale) => [featureInput(scale), t]));

/** Random weights of every shape, gamma included, so that the flow is far from the identity. */
function randomWeights(config: FlowConfig, sizes: readonly Size[], seed: number, spread = 0.15): NamedTensors {
  const graph = createGraph();
  const p = new DeclaredParameters(graph, false);
  const maps = sizes.map(([h, w], i) => graph.input(featureInput(i), [1, config.channels, h, w]));
  flowForward(maps, p, config, flowPermutations(config.channels, config.kernels.length, seed));
  return new Map(
    [...p.trained].map(([name, { declaration }]) => {
      const random = Random.of(seed, name);
      const t = tensor(declaration.shape);
      for (let i = 0; i < t.data.length; i++) t.data[i] = random.normal() * (name.includes('gamma') ? 0.5 : spread);
      return [name, t];
    }),
  );
}

/** Runs maps through the flow and back: z, log-determinant and what the inverse makes of z. */
async function thereAndBack(config: FlowConfig, seed: number, weights: NamedTensors, maps: readonly Tensor[]) {
  const graph = createGraph();
  const p = new FixedParameters(graph, weights);
  const permutations = flowPermutations(config.channels, config.kernels.length, seed);
  const inputs = maps.map((t, scale) => graph.input(featureInput(scale), t.shape));
  const { z, logDet } = flowForward(inputs, p, config, permutations);
  const back = flowInverse(z, p, config, permutations);
  const outputs = { logDet, z0: z[0]!, z1: z[1]!, z2: z[2]!, back0: back[0]!, back1: back[1]!, back2: back[2]! };
  return runGraph(outputs, feedsOf(maps));
}

const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.max(...Array.from(a, (v, i) => Math.abs(v - b[i]!)));

describe('the inverse', () => {
  it('gives the features back after training', async () => {
    const config: FlowConfig = { channels: 7, hidden: 16, kernels: [3, 3, 3, 5], clamp: 3 };
    const sizes = pyramid([9, 6]);
    const permutations = flowPermutations(config.channels, 4, 1);
    const program = compileTraining(
      flowTraining({ config, permutations, batch: 4, evaluationBatch: 1, mapSizes: sizes }),
    );
    const trainer = await Trainer.create(program, { adam: paperTraining.adam, seed: 1 });
    const maps = structuredMaps(4, config.channels, sizes, 1);
    const losses: number[] = [];
    for (let step = 0; step < 30; step++) losses.push((await trainer.step(feedsOf(maps), 1e-2)).loss);
    expect(losses.at(-1)!).toBeLessThan(losses[0]! - 0.2);
    const weights = await trainer.weights();
    await trainer.release();
    const got = await thereAndBack(config, 1, weights, maps);
    for (const [scale, { data }] of maps.entries()) {
      expect(largestDifference(got[`z${scale}`]!.data, data)).toBeGreaterThan(0.1);
      expect(largestDifference(got[`back${scale}`]!.data, data)).toBeLessThanOrEqual(1e-4);
    }
  });

  it('gives the features back through a whitened start, which turns correlated features into uncorrelated ones', async () => {
    const config: FlowConfig = { channels: 5, hidden: 6, kernels: [3, 3], clamp: 3, start: 'whitened' };
    const sizes = pyramid([8, 6]);
    const n = 40;
    const maps = structuredMaps(n, config.channels, sizes, 1);
    const images = Array.from({ length: n }, (_, i) =>
      maps.map(({ shape, data }) => {
        const size = data.length / n;
        return { shape: shape.slice(1), data: data.slice(i * size, (i + 1) * size) };
      }),
    );
    const weights = new Map([...randomWeights(config, sizes, 3), ...estimateWhitening(images)]);
    const got = await thereAndBack(config, 3, weights, maps);
    for (const [scale, { data }] of maps.entries()) {
      expect(largestDifference(got[`back${scale}`]!.data, data)).toBeLessThanOrEqual(1e-4);
    }
    // untrained (gamma 0), the flow only permutes what the start has whitened: variance 1, less the shrinkage
    const untrained = new Map([...weights].map(([k, t]) => [k, k.includes('gamma') ? tensor(t.shape) : t]));
    const { z0 } = await thereAndBack(config, 3, untrained, maps);
    const sum = z0!.data.reduce((total, v) => total + v * v, 0) / z0!.data.length;
    expect(sum).toBeGreaterThan(0.8);
    expect(sum).toBeLessThanOrEqual(1);
  });

  it('undoes flows of any size and channel count', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 7 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        fc.array(fc.constantFrom(1, 3, 5), { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 0, max: 1000 }),
        async (channels, h, w, kernels, seed) => {
          const config: FlowConfig = { channels, hidden: 4, kernels, clamp: 3 };
          const sizes = pyramid([h, w]);
          const maps = structuredMaps(2, channels, sizes, seed);
          const got = await thereAndBack(config, seed, randomWeights(config, sizes, seed, 0.1), maps);
          for (const [scale, { data }] of maps.entries()) {
            expectClose(got[`back${scale}`]!.data, data, `scale ${scale}`, { absolute: 1e-4, relative: 1e-4 });
          }
        },
      ),
      { numRuns: 15 },
    );
  });
});

describe('the untrained flow', () => {
  it('permutes channels and nothing else', async () => {
    const config: FlowConfig = { channels: 5, hidden: 6, kernels: [3, 3], clamp: 3 };
    const sizes = pyramid([4, 4]);
    const weights = randomWeights(config, sizes, 3);
    for (const [name, t] of weights) if (name.includes('gamma')) t.data.fill(0);
    const maps = structuredMaps(1, 5, sizes, 3);
    const got = await thereAndBack(config, 3, weights, maps);
    expect([...got['logDet']!.data]).toEqual([0]);
    const [first, second] = flowPermutations(5, 2, 3) as [number[][], number[][]];
    for (const [scale, { data, shape }] of maps.entries()) {
      const area = shape[2]! * shape[3]!;
      const expected = second[scale]!.flatMap((k) => {
        const source = first[scale]![k]!;
        return [...data.slice(source * area, (source + 1) * area)];
      });
      expect([...got[`z${scale}`]!.data]).toEqual(expected);
    }
  });
});

/** log |det| by elimination with row pivoting. */
function logAbsDeterminant(matrix: number[][]): number {
  const rows = matrix.map((r) => [...r]);
  let sum = 0;
  for (let k = 0; k < rows.length; k++) {
    let pivot = k;
    for (let i = k + 1; i < rows.length; i++) if (Math.abs(rows[i]![k]!) > Math.abs(rows[pivot]![k]!)) pivot = i;
    [rows[k], rows[pivot]] = [rows[pivot]!, rows[k]!];
    const top = rows[k]!;
    sum += Math.log(Math.abs(top[k]!));
    for (let i = k + 1; i < rows.length; i++) {
      const factor = rows[i]![k]! / top[k]!;
      for (let j = k; j < rows.length; j++) rows[i]![j]! -= factor * top[j]!;
    }
  }
  return sum;
}

describe('the log-determinant', () => {
  for (const [channels, size, start] of [
    [2, [2, 2], 'plain'],
    [3, [3, 2], 'plain'],
    [4, [2, 2], 'plain'],
    [3, [2, 2], 'whitened'],
  ] as const) {
    it(`is that of the numeric Jacobian: ${channels} channels on ${size.join(' x ')}, ${start}`, async () => {
      const config: FlowConfig = { channels, hidden: 3, kernels: [3, 3, 5], clamp: 3, start };
      const sizes = pyramid(size);
      const others = Array.from({ length: 12 }, (_, i) =>
        structuredMaps(1, channels, sizes, i).map((t) => ({ shape: t.shape.slice(1), data: t.data })),
      );
      const weights = new Map([...randomWeights(config, sizes, 5, 0.4), ...estimateWhitening(others)]);
      const x = structuredMaps(1, channels, sizes, 5).flatMap(({ data }) => [...data]);
      const ends = sizes.map(([h, w]) => h * w * channels);
      // h is small because a leaky ReLU that changes side within it spoils the difference
      // every perturbed input is one image of a batch: x itself, then x + h and x - h in each dimension
      const h = 1e-3;
      const images = [x];
      for (let k = 0; k < x.length; k++) for (const d of [h, -h]) images.push(x.map((v, i) => (i === k ? v + d : v)));
      let position = 0;
      const maps = sizes.map(([rows, columns], scale) => {
        const [from, to] = [position, position + ends[scale]!];
        position = to;
        return tensor(
          [images.length, channels, rows, columns],
          images.flatMap((image) => image.slice(from, to)),
        );
      });
      const got = await thereAndBack(config, 5, weights, maps);
      const z = images.map((_, n) =>
        ends.flatMap((length, scale) => [...got[`z${scale}`]!.data.slice(n * length, (n + 1) * length)]),
      );
      const jacobian = x.map((_, k) => z[0]!.map((_, i) => (z[1 + 2 * k]![i]! - z[2 + 2 * k]![i]!) / (2 * h)));
      const analytic = got['logDet']!.data[0]!;
      expect(Math.abs(analytic)).toBeGreaterThan(0.05);
      expectClose([analytic], [logAbsDeterminant(jacobian)], 'log-determinant', { absolute: 5e-3, relative: 5e-3 });
    });
  }
});

describe('deployment', () => {
  it('gives with fixed weights what it gives with declared ones', async () => {
    const config: FlowConfig = { channels: 6, hidden: 8, kernels: [3, 5], clamp: 3 };
    const sizes = pyramid([7, 5]);
    const permutations = flowPermutations(6, 2, 9);
    const weights = randomWeights(config, sizes, 9);
    const maps = structuredMaps(2, 6, sizes, 9);
    const graph = createGraph();
    const inputs = maps.map((t, scale) => graph.input(featureInput(scale), t.shape));
    const { z, logDet } = flowForward(inputs, new DeclaredParameters(graph, false), config, permutations);
    const session = await Session.create(toOnnx({ z0: z[0]!, z1: z[1]!, z2: z[2]!, logDet }));
    const declared = await session.run({ ...feedsOf(maps), ...Object.fromEntries(weights) });
    await session.release();
    const fixed = await thereAndBack(config, 9, weights, maps);
    for (const [name, { data }] of Object.entries(declared)) {
      expectClose(fixed[name]!.data, data, name, { absolute: 1e-5, relative: 1e-5 });
    }
  });
});
