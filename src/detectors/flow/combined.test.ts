import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/close.ts';
import { tensor } from '../../core/tensor.ts';
import { createGraph } from '../../engine/operators/table.ts';
import { FixedParameters } from '../../engine/parameters.ts';
import { runGraph } from '../../engine/run-graph.ts';
import { combined, combineParts, standardOf } from './combined.ts';

describe('the combined score', () => {
  it('is the largest part of each view, in deviations of good images, averaged over the views', () => {
    // view 1: parts of mean 2 and 10, deviation 1 and 2; its largest part in deviations is 0, 1, 1, 0, so mean 1/2, deviation 0.577
    const good = [
      [2, 8, 5],
      [3, 10, 5],
      [1, 12, 7],
      [2, 10, 7],
    ];
    const sizes = [2, 1];
    const standard = standardOf(good, sizes);
    const deviation = Math.sqrt(2 / 3);
    expect([...standard.get('score.parts')!.data].map((v) => Math.round(v * 1e4) / 1e4)).toEqual([
      2,
      10,
      6,
      Math.round(deviation * 1e4) / 1e4,
      Math.round(2 * deviation * 1e4) / 1e4,
      Math.round(Math.sqrt(4 / 3) * 1e4) / 1e4,
    ]);
    const largest = [0, 1 / deviation, 1 / deviation, 0];
    const mean = 0.5 / deviation;
    const spread = Math.sqrt(largest.reduce((s, v) => s + (v - mean) ** 2, 0) / 3);
    // an image whose second part is 8 above the mean of good ones, and whose other view is 2 above
    const first = (8 / (2 * deviation) - mean) / spread;
    const second = 2 / Math.sqrt(4 / 3);
    expect(combined([0, 18, 8], sizes, standard)).toBeCloseTo((first + second) / 2, 4);
  });

  it('gives good images the mean 0, whatever the views are measured in', () => {
    const good = [
      [1, 100, 0.001],
      [2, 300, 0.002],
      [4, 200, 0.007],
    ];
    const standard = standardOf(good, [2, 1]);
    const scores = good.map((image) => combined(image, [2, 1], standard));
    expect(scores.reduce((a, b) => a + b, 0)).toBeCloseTo(0, 5);
  });

  it('stays finite where all good images are equal', () => {
    const standard = standardOf(
      [
        [5, 0, 5],
        [5, 0, 5],
      ],
      [2, 1],
    );
    expect(Number.isFinite(combined([6, 0, 5], [2, 1], standard))).toBe(true);
  });

  it('is the same number in the graph', async () => {
    const part = fc.float({ min: 0, max: 9, noNaN: true });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(part, part, part, part), { minLength: 3, maxLength: 6 }),
        fc.constantFrom([4], [3, 1], [1, 2, 1], [1, 1, 1, 1]),
        async (images, sizes) => {
          const standard = standardOf([[0, 0, 0, 0], [1, 2, 3, 4], [4, 1, 3, 0], ...images], sizes);
          const graph = createGraph();
          const parts = graph.input('parts', [images.length, 4]);
          const { y } = await runGraph(
            { y: combineParts(parts, sizes, new FixedParameters(graph, standard)) },
            { parts: tensor([images.length, 4], images.flat()) },
          );
          expectClose(
            [...y!.data],
            images.map((image) => combined(image, sizes, standard)),
            'score',
            { absolute: 1e-4 },
          );
        },
      ),
      { numRuns: 10 },
    );
  });
});
