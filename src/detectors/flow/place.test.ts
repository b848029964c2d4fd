import { describe, expect, it } from 'vitest';
import { Random } from '../../core/random.ts';
import { type Tensor, tensor } from '../../core/tensor.ts';
import { createGraph } from '../../engine/operators/table.ts';
import { FixedParameters } from '../../engine/parameters.ts';
import { runGraph } from '../../engine/run-graph.ts';
import { estimatePlaces, toPlace } from './place.ts';
import { estimatePrincipal, toPrincipal } from './principal.ts';

const [c, h, w] = [6, 4, 4];

/** Maps whose positions differ: each has a mean and a direction of large variance of its own. */
function aligned(n: number, seed: number): Tensor[] {
  const places = Random.of(1, 'places');
  const means = Array.from({ length: c * h * w }, () => 3 * places.normal());
  const directions = Array.from({ length: c * h * w }, () => 2 * places.normal());
  const random = Random.of(seed, 'maps');
  return Array.from({ length: n }, () => {
    const along = Array.from({ length: h * w }, () => random.normal());
    return tensor(
      [c, h, w],
      means.map((m, i) => m + directions[i]! * along[i % (h * w)]! + 0.5 * random.normal()),
    );
  });
}

async function placed(train: readonly Tensor[], maps: readonly Tensor[]): Promise<Float32Array> {
  const start = await estimatePrincipal(train);
  const places = await estimatePlaces(train, start);
  const graph = createGraph();
  const p = new FixedParameters(graph, new Map([...start, ...places]));
  const all = graph.constant(
    [maps.length, c, h, w],
    maps.flatMap((m) => [...m.data]),
  );
  const { out } = await runGraph({ out: toPlace(toPrincipal(all, c, p).all, p) }, {});
  return out!.data as Float32Array;
}

const meanSquare = (values: Float32Array): number => values.reduce((s, v) => s + v * v, 0) / values.length;

describe('the places', () => {
  it('give new good maps about variance 1, at each position about mean 0', async () => {
    const fresh = await placed(aligned(400, 2), aligned(200, 3));
    expect(meanSquare(fresh)).toBeGreaterThan(0.4);
    expect(meanSquare(fresh)).toBeLessThan(1.6);
  });

  it('find a map that is good at another position', async () => {
    const train = aligned(400, 2);
    const good = aligned(50, 4);
    const moved = good.map((m) => tensor([c, h, w], [...m.data.slice(1), m.data[0]!]));
    expect(meanSquare(await placed(train, moved))).toBeGreaterThan(3 * meanSquare(await placed(train, good)));
  });

  it('leave a variance s of good maps at s / (s / 2 + 1 / 2), which is below 2', async () => {
    const train = aligned(300, 5);
    const out = await placed(train, train);
    for (const position of [0, 7]) {
      for (let k = 0; k < c; k++) {
        const values = train.map((_, n) => out[(n * c + k) * h * w + position]!);
        const mean = values.reduce((s, v) => s + v, 0) / values.length;
        const variance = values.reduce((s, v) => s + (v - mean) ** 2, 0) / values.length;
        expect(variance).toBeGreaterThan(0.01);
        expect(variance).toBeLessThan(2);
      }
    }
  });

  it('can be estimated from a few images', async () => {
    expect((await placed(aligned(3, 6), aligned(2, 7))).every(Number.isFinite)).toBe(true);
  });
});
