import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/close.ts';
import { Random } from '../../core/random.ts';
import { type Tensor, tensor } from '../../core/tensor.ts';
import { createGraph } from '../../engine/operators/table.ts';
import { FixedParameters } from '../../engine/parameters.ts';
import { runGraph } from '../../engine/run-graph.ts';
import { estimatePlaces, placeSize, toPlace } from './place.ts';
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

  it('are shared by neighbouring positions on large maps alone', () => {
    expect(placeSize(448, 16, 16)).toEqual({ tall: 1, wide: 1 });
    expect(placeSize(33, 32, 32)).toEqual({ tall: 1, wide: 1 });
    expect(placeSize(448, 16, 40)).toEqual({ tall: 1, wide: 4 });
    expect(placeSize(448, 28, 68)).toEqual({ tall: 2, wide: 4 });
    // odd sides cannot be divided
    expect(placeSize(448, 35, 35)).toEqual({ tall: 1, wide: 1 });
  });

  it('that are shared are those of maps which show the positions of a place one after the other', async () => {
    const size = { tall: 2, wide: 2 };
    const maps = aligned(40, 6);
    // four maps (C, 2, 2) of each (C, 4, 4): position (i, j) of every place
    const apart = (map: Tensor): Tensor[] =>
      [0, 1, 2, 3].map((at) =>
        tensor(
          [c, 2, 2],
          Array.from({ length: c * 4 }, (_, k) => {
            const [channel, row, column] = [k >> 2, (k >> 1) & 1, k & 1];
            return map.data[channel * h * w + (2 * row + (at >> 1)) * w + 2 * column + (at & 1)]!;
          }),
        ),
      );
    const start = await estimatePrincipal(maps);
    const shared = await estimatePlaces(maps, start, { size });
    const own = await estimatePlaces(maps.flatMap(apart), start);
    const run = async (places: typeof own, from: readonly Tensor[], of?: typeof size): Promise<Tensor> => {
      const graph = createGraph();
      const p = new FixedParameters(graph, new Map([...start, ...places]));
      const x = graph.constant(
        [from.length, ...from[0]!.shape],
        from.flatMap((m) => [...m.data]),
      );
      const { out } = await runGraph({ out: toPlace(toPrincipal(x, c, p).all, p, of) }, {});
      return { shape: out!.shape, data: out!.data as Tensor['data'] };
    };
    const [image] = aligned(1, 7) as [Tensor];
    const placed = apart({ shape: [c, h, w], data: (await run(shared, [image], size)).data });
    const expected = (await run(own, apart(image))).data;
    expectClose(
      placed.flatMap((m) => [...m.data]),
      [...expected],
      'places',
      { absolute: 1e-3 },
    );
  });
});
