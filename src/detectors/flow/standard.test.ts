import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/close.ts';
import { tensor } from '../../core/tensor.ts';
import { createGraph } from '../../engine/operators/table.ts';
import { FixedParameters } from '../../engine/parameters.ts';
import { runGraph } from '../../engine/run-graph.ts';
import { combineParts, STANDARD } from './score.ts';
import { combined, standardOf } from './standard.ts';

describe('the combined score', () => {
  it('is the part that lies most deviations above good images', () => {
    const standard = standardOf([
      [1, 10, 0],
      [3, 10.2, 4],
    ]);
    expect([...standard.data].map((v) => Math.round(v * 1000) / 1000)).toEqual([
      2,
      10.1,
      2,
      Math.round(1000 * Math.SQRT2) / 1000,
      0.141,
      2.828,
    ]);
    expect(combined([2, 11.1, 2], standard)).toBeCloseTo(1 / Math.SQRT1_2 / 0.2, 3);
    expect(combined([2, 10.1, 2], standard)).toBeCloseTo(0, 4);
  });

  it('stays finite where all good images are equal', () => {
    const standard = standardOf([
      [5, 0, 5],
      [5, 0, 5],
    ]);
    expect(Number.isFinite(combined([6, 0, 5], standard))).toBe(true);
  });

  it('is the same number in the graph', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(
            fc.float({ min: 0, max: 9, noNaN: true }),
            fc.float({ min: 0, max: 9, noNaN: true }),
            fc.float({ min: 0, max: 9, noNaN: true }),
          ),
          { minLength: 3, maxLength: 6 },
        ),
        async (images) => {
          const spread: (readonly number[])[] = [[0, 0, 0], [1, 2, 3], ...images];
          const standard = standardOf(spread);
          const graph = createGraph();
          const parts = graph.input('parts', [images.length, 3]);
          const p = new FixedParameters(graph, new Map([[STANDARD, standard]]));
          const { y } = await runGraph(
            { y: combineParts(parts, p) },
            { parts: tensor([images.length, 3], images.flat()) },
          );
          expectClose(
            [...y!.data],
            images.map((image) => combined(image, standard)),
            'score',
            { absolute: 1e-4 },
          );
        },
      ),
      { numRuns: 10 },
    );
  });
});
