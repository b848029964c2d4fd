import { describe, expect, it } from 'vitest';
import { Random } from '../../core/random.ts';
import { type Tensor, tensor } from '../../core/tensor.ts';
import { createGraph } from '../../engine/operators/table.ts';
import { FixedParameters } from '../../engine/parameters.ts';
import { runGraph } from '../../engine/run-graph.ts';
import { estimatePrincipal, toPrincipal } from './principal.ts';
import { estimateWhole, wholeParts } from './whole.ts';

const [c, h, w] = [4, 6, 6];

/** Maps of noise; each channel of an image is as strong as `strength` says and lies at `level`. */
function noise(n: number, seed: number, strength = 1, level = 0): Tensor[] {
  const random = Random.of(seed, 'maps');
  return Array.from({ length: n }, () =>
    tensor(
      [c, h, w],
      Array.from({ length: c * h * w }, (_, i) => (1 + (i % c)) * (level + strength * random.normal())),
    ),
  );
}

async function parts(train: readonly Tensor[], maps: readonly Tensor[]): Promise<{ mean: number; deviation: number }> {
  const start = await estimatePrincipal(train);
  const graph = createGraph();
  const p = new FixedParameters(graph, new Map([...start, ...(await estimateWhole(train, start))]));
  const all = graph.constant(
    [maps.length, c, h, w],
    maps.flatMap((m) => [...m.data]),
  );
  const { out } = await runGraph({ out: wholeParts(toPrincipal(all, c, p).all, p) }, {});
  const average = (k: number): number => maps.reduce((sum, _, i) => sum + out!.data[i * 2 + k]!, 0) / maps.length;
  return { mean: average(0), deviation: average(1) };
}

describe('an image as a whole', () => {
  const train = noise(200, 1);

  it('is about 1 in both statistics for new good images', async () => {
    const { mean, deviation } = await parts(train, noise(200, 2));
    for (const value of [mean, deviation]) {
      expect(value).toBeGreaterThan(0.7);
      expect(value).toBeLessThan(1.4);
    }
  });

  it('stands out by its deviation where the texture is stronger, and by its mean where the tone is off', async () => {
    expect((await parts(train, noise(50, 3, 1.5))).deviation).toBeGreaterThan(5);
    const shifted = await parts(train, noise(50, 4, 1, 1));
    expect(shifted.mean).toBeGreaterThan(5);
    expect(shifted.deviation).toBeLessThan(1.5);
  });

  it('can be estimated from two images', async () => {
    const { mean, deviation } = await parts(noise(2, 5), noise(2, 6));
    expect(Number.isFinite(mean + deviation)).toBe(true);
  });
});
