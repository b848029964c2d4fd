import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/close.ts';
import { Random } from '../../core/random.ts';
import { type NamedTensors, type Tensor, tensor } from '../../core/tensor.ts';
import { createGraph } from '../../engine/operators/table.ts';
import { DeclaredParameters, FixedParameters, initialTensors } from '../../engine/parameters.ts';
import { runGraph } from '../../engine/run-graph.ts';
import { type FlowConfig, flowPermutations } from './config.ts';
import { flowForward, flowInverse } from './network.ts';
import { estimatePrincipal } from './principal.ts';
import { scaleMaps } from './score.ts';
import { featureInput } from './training.ts';

const features = 6;
const config: FlowConfig = { channels: 4, features, hidden: 5, kernels: [3, 3], clamp: 3, start: 'principal' };
const permutations = flowPermutations(config.channels, config.kernels.length, 1);

/** Maps (6, 8, 4) whose channels are mixtures of six sources of very different variance. */
function correlatedMaps(n: number): Tensor[] {
  const random = Random.of(5, 'maps');
  const mixture = Array.from({ length: features }, () => Array.from({ length: features }, () => random.normal()));
  return Array.from({ length: n }, () => {
    const sources = Array.from({ length: features }, (_, k) =>
      Array.from({ length: 32 }, () => 3 ** (2 - k) * random.normal()),
    );
    const data = mixture.flatMap((row, channel) =>
      sources[0]!.map((_, p) => row.reduce((sum, a, k) => sum + a * sources[k]![p]!, channel)),
    );
    return tensor([features, 8, 4], data);
  });
}

const batchOf = (maps: readonly Tensor[]): Tensor =>
  tensor([maps.length, features, 8, 4], Float32Array.from(maps.flatMap((m) => [...m.data])));

function trainedWeights(gamma: number): NamedTensors {
  const graph = createGraph();
  const p = new DeclaredParameters(graph, false);
  flowForward([graph.input(featureInput(0), [1, features, 8, 4])], p, { ...config, gamma }, permutations);
  return initialTensors(
    [...p.trained.values()].map((d) => d.declaration),
    2,
  );
}

async function forward(weights: NamedTensors, maps: Tensor) {
  const graph = createGraph();
  const p = new FixedParameters(graph, weights);
  const { z, rest, logDet } = flowForward([graph.input(featureInput(0), maps.shape)], p, config, permutations);
  const back = flowInverse(z, p, config, permutations, rest);
  const outputs = { z0: z[0]!, z1: z[1]!, z2: z[2]!, rest: rest!, logDet, back: back[0]!, map: scaleMaps(z, rest)[0]! };
  return runGraph(outputs, { [featureInput(0)]: maps });
}

describe('the start in principal directions', () => {
  const images = correlatedMaps(60);
  const maps = batchOf(images);

  it('gives directions of falling variance, each scaled to at most 1, and none correlated with another', async () => {
    const got = await forward(new Map([...trainedWeights(0), ...(await estimatePrincipal(images))]), maps);
    // untrained couplings only permute, so both parts together hold every direction
    const directions = [got['z0']!, got['rest']!].flatMap(({ shape, data }) =>
      Array.from({ length: shape[1]! }, (_, c) =>
        Array.from({ length: 60 * 32 }, (_, i) => data[(Math.floor(i / 32) * shape[1]! + c) * 32 + (i % 32)]!),
      ),
    );
    const product = (a: number[], b: number[]): number => a.reduce((s, v, i) => s + v * b[i]!, 0) / a.length;
    for (const [i, a] of directions.entries()) {
      expect(product(a, a)).toBeLessThanOrEqual(1.001);
      for (const b of directions.slice(i + 1)) expect(Math.abs(product(a, b))).toBeLessThan(1e-3);
    }
    const kept = directions.slice(0, 4).map((a) => product(a, a));
    const rest = directions.slice(4).map((a) => product(a, a));
    expect(Math.min(...kept)).toBeGreaterThan(Math.max(...rest));
  });

  it('is undone by the inverse, the couplings included', async () => {
    const weights = new Map([...trainedWeights(0.5), ...(await estimatePrincipal(images))]);
    const got = await forward(weights, maps);
    expectClose(got['back']!.data, maps.data, 'features', { absolute: 1e-4, relative: 1e-4 });
  });

  it('has the log-determinant of its matrix at every position', async () => {
    const start = await estimatePrincipal(images);
    const turn = start.get('start.turn')!.data;
    const back = start.get('start.back')!.data;
    // |det| by elimination with pivoting
    const rows = Array.from({ length: features }, (_, i) => [...turn.slice(i * features, (i + 1) * features)]);
    let logDet = 0;
    for (let c = 0; c < features; c++) {
      rows.sort((a, b) => (rows.indexOf(a) < c || rows.indexOf(b) < c ? 0 : Math.abs(b[c]!) - Math.abs(a[c]!)));
      logDet += Math.log(Math.abs(rows[c]![c]!));
      for (let r = c + 1; r < features; r++) {
        const factor = rows[r]![c]! / rows[c]![c]!;
        rows[r] = rows[r]!.map((v, k) => v - factor * rows[c]![k]!);
      }
    }
    expect(start.get('start.log_det')!.data[0]).toBeCloseTo(32 * logDet, 2);
    for (let i = 0; i < features; i++) {
      for (let j = 0; j < features; j++) {
        const sum = rows.reduce((s, _, k) => s + turn[i * features + k]! * back[k * features + j]!, 0);
        expect(sum).toBeCloseTo(i === j ? 1 : 0, 4);
      }
    }
  });

  it('counts the directions that no coupling touches in the finest map', async () => {
    const weights = new Map([...trainedWeights(0), ...(await estimatePrincipal(images))]);
    const got = await forward(weights, maps);
    const at = (name: string, c: number): number => got[name]!.data[c * 32]!;
    const squares = [0, 1, 2, 3].map((c) => at('z0', c) ** 2).concat([0, 1].map((c) => at('rest', c) ** 2));
    expect(at('map', 0)).toBeCloseTo(squares.reduce((a, b) => a + b) / 6, 4);
  });

  it('stays finite for images that are all alike, and refuses features that are all zero', async () => {
    const flat = (value: number) => tensor([features, 8, 4], new Array<number>(features * 32).fill(value));
    const start = await estimatePrincipal([flat(1), flat(1)]);
    expect(Math.max(...start.get('start.turn')!.data.map(Math.abs))).toBeLessThan(1e4);
    await expect(estimatePrincipal([flat(0), flat(0)])).rejects.toMatchObject({ code: 'DATASET_TOO_SMALL' });
  });

  it('refuses a map whose sides cannot be halved twice', () => {
    const graph = createGraph();
    const p = new DeclaredParameters(graph, false);
    expect(() => flowForward([graph.input('x', [1, features, 6, 4])], p, config, permutations)).toThrow(
      /multiples of 4/,
    );
  });
});
