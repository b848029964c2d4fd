import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/close.ts';
import { Random } from '../../core/random.ts';
import { sizeOf, type Tensor } from '../../core/tensor.ts';
import { conv } from '../../engine/builders.ts';
import { averagePool } from '../../engine/functions.ts';
import type { Value } from '../../engine/graph.ts';
import { createGraph } from '../../engine/operators/table.ts';
import { runGraph } from '../../engine/run-graph.ts';
import type { Backbone } from './backbone.ts';
import { spans, tiled } from './tiled.ts';

const stride = 4;
const random = Random.of(3, 'tiles');
const normals = (...shape: number[]): Tensor => ({
  shape,
  data: Float32Array.from({ length: sizeOf(shape) }, () => random.normal()),
});
const kernel = [...normals(2, 3, 5, 5).data];

/** Sees two pixels beyond each of its positions, with zeros outside of what it is given. */
const near: Backbone = {
  name: 'near',
  licence: 'none',
  fingerprint: 'near',
  channels: 2,
  stride,
  features: (image) =>
    averagePool(conv(image, image.graph.constant([2, 3, 5, 5], kernel), undefined, { pads: 2 }), stride),
};

async function mapOf(image: Tensor, { features }: Backbone): Promise<Tensor> {
  const graph = createGraph();
  const y: Value = features(graph.input('x', image.shape));
  return (await runGraph({ y }, { x: image }))['y']!;
}

describe('spans', () => {
  it('cover every position once, each well within its tile, with no tile beyond the image', () => {
    const lengths = fc.integer({ min: 1, max: 200 });
    const tilings = fc
      .record({ overlap: fc.integer({ min: 2, max: 20 }), more: fc.integer({ min: 1, max: 40 }) })
      .map(({ overlap, more }) => ({ overlap: overlap * stride, side: (2 * overlap + more) * stride }));
    fc.assert(
      fc.property(lengths, tilings, (positions, tiling) => {
        const found = spans(positions * stride, tiling, stride);
        expect(found.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i))).toEqual(
          Array.from({ length: positions }, (_, i) => i),
        );
        for (const [i, { start, from, to }] of found.entries()) {
          const end = Math.min(start + tiling.side, positions * stride);
          expect([start % stride, start >= 0, end <= positions * stride]).toEqual([0, true, true]);
          // a position at a border that is not the image's would see the zeros outside of the tile
          if (i > 0) expect(from * stride).toBeGreaterThan(start);
          if (i < found.length - 1) expect(to * stride).toBeLessThan(end);
        }
      }),
    );
  });

  it('are one for an image no larger than a tile', () => {
    expect(spans(32, { side: 64, overlap: 16 }, stride)).toEqual([{ start: 0, from: 0, to: 8 }]);
  });
});

describe('a tiled backbone', () => {
  it.each([
    [48, 112],
    [32, 200],
    [24, 24],
  ])(
    'gives of %i x %i pixels the map that the whole gives, where it sees no further than the overlap',
    async (h, w) => {
      const image = normals(2, 3, h, w);
      const expected = await mapOf(image, near);
      const got = await mapOf(image, tiled(near, { side: 32, overlap: 8 }));
      expect(got.shape).toEqual(expected.shape);
      expectClose(got.data, expected.data, `${h} x ${w}`, { absolute: 1e-5, relative: 1e-5 });
    },
  );

  it('is another backbone than the whole, and than one of other tiles', () => {
    const prints = [near, tiled(near, { side: 32, overlap: 8 }), tiled(near, { side: 32, overlap: 12 })];
    expect(new Set(prints.map(({ fingerprint }) => fingerprint)).size).toBe(3);
  });

  it.each([
    { side: 30, overlap: 8 },
    { side: 32, overlap: 4 },
    { side: 32, overlap: 16 },
  ])('refuses %o', (tiling) => {
    expect(() => tiled(near, tiling)).toThrow('tiles of');
  });

  it('refuses an image that is no whole number of positions', () => {
    const image = createGraph().input('x', [1, 3, 70, 64]);
    expect(() => tiled(near, { side: 32, overlap: 8 }).features(image)).toThrow('multiples of 4');
  });
});
