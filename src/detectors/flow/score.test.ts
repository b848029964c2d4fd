import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/close.ts';
import { type Tensor, tensor } from '../../core/tensor.ts';
import { createGraph } from '../../engine/operators/table.ts';
import { FixedParameters } from '../../engine/parameters.ts';
import { runGraph } from '../../engine/run-graph.ts';
import { type ImageScore, judged, scoreMap } from './score.ts';

async function scores(map: Tensor, kind: ImageScore, shown?: Tensor): Promise<number[]> {
  const graph = createGraph();
  const value = graph.input('map', map.shape);
  const visible = shown && graph.constant(shown.shape, shown.data);
  const { score } = await runGraph(
    {
      score: judged(
        [],
        { maps: [value] },
        { map: 'finest', image: kind },
        new FixedParameters(graph, new Map()),
        visible && { plain: visible },
      ).score,
    },
    { map },
  );
  return [...score!.data];
}

/** Mean of the largest tenth, at least one value; the last one counts by its fraction. */
function meanOfTop(values: readonly number[]): number {
  const count = Math.max(1, values.length / 10);
  const sorted = [...values].sort((a, b) => b - a);
  const sum = sorted.reduce((s, v, i) => s + v * Math.max(0, Math.min(1, count - i)), 0);
  return sum / count;
}

describe('the score of an image', () => {
  it('is the largest value of its map, or the mean of the largest tenth, ties included', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 20 }),
        fc.infiniteStream(fc.integer({ min: 0, max: 12 })),
        async (h, w, stream) => {
          const values = Array.from({ length: 2 * h * w }, () => stream.next().value as number);
          const images = [values.slice(0, h * w), values.slice(h * w)];
          const map = tensor([2, 1, h, w], values);
          expect(await scores(map, 'max')).toEqual(images.map((v) => Math.max(...v)));
          expectClose(await scores(map, 'top'), images.map(meanOfTop), 'top');
        },
      ),
      { numRuns: 15 },
    );
  });

  it('leaves out what is not shown', async () => {
    const values = Array.from({ length: 400 }, (_, i) => i);
    const shown = tensor(
      [1, 1, 20, 20],
      values.map((i) => (i < 300 ? 1 : 0)),
    );
    const map = tensor([1, 1, 20, 20], values);
    expect(await scores(map, 'max', shown)).toEqual([299]);
    expect(await scores(map, 'top', shown)).toEqual([284.5]);
  });
});

describe('the score map', () => {
  it('is the mean of z^2 over channels, on the finest scale or averaged over all', async () => {
    const graph = createGraph();
    const z = [
      graph.constant([1, 2, 2, 2], [1, 2, 3, 4, 1, 0, 1, 2]),
      graph.constant([1, 2, 1, 1], [2, 4]),
      graph.constant([1, 2, 1, 1], [1, 1]),
    ];
    const maps = { finest: scoreMap(z, 'finest'), average: scoreMap(z, 'average') };
    const got = await runGraph(maps, {});
    expect([...got['finest']!.data]).toEqual([1, 2, 5, 10]);
    expectClose(got['average']!.data, [12 / 3, 13 / 3, 16 / 3, 21 / 3], 'average');
  });
});
