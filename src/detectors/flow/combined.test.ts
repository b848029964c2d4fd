import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/close.ts';
import { tensor } from '../../core/tensor.ts';
import { createGraph } from '../../engine/operators/table.ts';
import { FixedParameters } from '../../engine/parameters.ts';
import { runGraph } from '../../engine/run-graph.ts';
import { combined, combineParts, combinePlaces, standardOf, type ViewSizes, withWeights } from './combined.ts';

const three: ViewSizes = [
  ['flow', 2],
  ['place', 1],
  ['whole', 1],
];
const two: ViewSizes = [three[0]!, three[2]!];

/** -log10 of the share of a logistic distribution of deviation 1 beyond x. */
const rarity = (x: number): number => Math.log10(1 + Math.exp((x * Math.PI) / Math.sqrt(3)));

describe('the combined score', () => {
  it('is how rare the largest part of each view is among good images, averaged over the views', () => {
    // the flow: parts of mean 2 and 10, deviation 1 and 2; its largest part in deviations is 0, 1, 1, 0, so mean 1/2, deviation 0.577
    const good = [
      [2, 8, 5],
      [3, 10, 5],
      [1, 12, 7],
      [2, 10, 7],
    ];
    const standard = standardOf(good, two);
    const deviation = Math.sqrt(2 / 3);
    const parts = [2, 10, 6, deviation, 2 * deviation, Math.sqrt(4 / 3)];
    expectClose([...standard.get('score.parts')!.data], parts, 'parts', { relative: 1e-6 });
    const largest = [0, 1 / deviation, 1 / deviation, 0];
    const mean = 0.5 / deviation;
    const spread = Math.sqrt(largest.reduce((s, v) => s + (v - mean) ** 2, 0) / 3);
    // an image whose second part is 8 above the mean of good ones, and whose other view is 2 above
    const first = (8 / (2 * deviation) - mean) / spread;
    const second = 2 / Math.sqrt(4 / 3);
    expect(combined([0, 18, 8], two, standard)).toBeCloseTo((rarity(first) + rarity(second)) / 2, 4);
  });

  it('counts the places twice unless told otherwise, and takes other weights', () => {
    const standard = standardOf(
      [
        [0, 0, 0, 0],
        [2, 2, 2, 2],
      ],
      three,
    );
    const usual = combined([1, 1, 1 + 4 * Math.SQRT2, 1], three, standard);
    const alone = combined([1, 1, 1 + 4 * Math.SQRT2, 1], three, withWeights(standard, [0, 1, 0]));
    expect(alone).toBeCloseTo(rarity(4), 4);
    expect(usual).toBeLessThan(alone);
    expect(usual).toBeGreaterThan(alone / 2);
  });

  it('gives a good image like most about 0.3, whatever the views are measured in', () => {
    const good = [
      [1, 100, 0.001, 1e6],
      [2, 300, 0.002, 2e6],
      [3, 200, 0.003, 3e6],
    ];
    expect(combined([2, 200, 0.002, 2e6], three, standardOf(good, three))).toBeGreaterThan(0.2);
    expect(combined([2, 200, 0.002, 2e6], three, standardOf(good, three))).toBeLessThan(0.35);
  });

  it('stays finite where all good images are equal', () => {
    const standard = standardOf(
      [
        [5, 0, 5, 1],
        [5, 0, 5, 1],
      ],
      three,
    );
    expect(Number.isFinite(combined([6, 0, 5, 1], three, standard))).toBe(true);
  });

  it('is the same number in the graph', async () => {
    const part = fc.float({ min: 0, max: 9, noNaN: true });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(part, part, part, part), { minLength: 3, maxLength: 6 }),
        fc.constantFrom([0.25, 0.5, 0.25], [0, 1, 0], [0.4, 0.3, 0.3]),
        async (images, weights) => {
          const standard = withWeights(
            standardOf([[0, 0, 0, 0], [1, 2, 3, 4], [4, 1, 3, 0], ...images], three),
            weights,
          );
          const graph = createGraph();
          const parts = graph.input('parts', [images.length, 4]);
          const { y } = await runGraph(
            { y: combineParts(parts, three, new FixedParameters(graph, standard)).score },
            { parts: tensor([images.length, 4], images.flat()) },
          );
          expectClose(
            [...y!.data],
            images.map((image) => combined(image, three, standard)),
            'score',
            { absolute: 1e-4 },
          );
        },
      ),
      { numRuns: 10 },
    );
  });

  it('is no number where a view of no weight is none', async () => {
    const graph = createGraph();
    const standard = withWeights(
      standardOf(
        [
          [0, 0, 0, 0],
          [1, 2, 3, 4],
        ],
        three,
      ),
      [0, 1, 0],
    );
    const { y } = await runGraph(
      { y: combineParts(graph.input('parts', [1, 4]), three, new FixedParameters(graph, standard)).score },
      { parts: tensor([1, 4], [0, 0, 0, Number.NaN]) },
    );
    expect(y!.data[0]).toBeNaN();
  });

  it('says of each place what the image would score, were it its oddest place and its whole as odd', async () => {
    const value = fc.float({ min: 0, max: 20, noNaN: true });
    const good = [
      [1, 1, 3],
      [2, 1.5, 4],
      [4, 2, 2],
    ];
    const places: ViewSizes = [three[0]!, three[1]!];
    const standard = withWeights(standardOf(good, places), [0.4, 0.6]);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 5 }), async (pairs) => {
        const graph = createGraph();
        const p = new FixedParameters(graph, standard);
        const row = (i: 0 | 1) => graph.constant([1, 1, 1, pairs.length], pairs.map((pair) => pair[i])); // biome-ignore format: one line
        // the mean of the largest tenth is of no account here
        const map = combinePlaces([[row(0), graph.constant([1, 1, 1, pairs.length], pairs.map(() => -99))], [row(1)]], places, p); // biome-ignore format: one line
        const { y } = await runGraph({ y: map }, {});
        const alone = pairs.map(([flow, place]) => combined([flow, -99, place], places, standard));
        // but for the leaning of what is ordinary
        expectClose([...y!.data], alone, 'places', { absolute: 0.05, relative: 0.01 });
        const image = combined([Math.max(...pairs.map(([f]) => f)), -99, Math.max(...pairs.map(([, q]) => q))], places, standard); // biome-ignore format: one line
        expect(Math.max(...y!.data)).toBeLessThanOrEqual(image * 1.01 + 0.05);
      }),
      { numRuns: 10 },
    );
  });

  it('leaves a view that knows no places out of the map, and lets the others count for it', async () => {
    const standard = withWeights(standardOf([[0, 0, 0, 0], [2, 2, 2, 2], [1, 1, 1, 1]], three), [0.25, 0.5, 0.25]); // biome-ignore format: one line
    const graph = createGraph();
    const map = graph.constant([1, 1, 1, 2], [9, 1]);
    const y = combinePlaces([[map, map], [map], []], three, new FixedParameters(graph, standard));
    const [odd, usual] = (await runGraph({ y }, {})).y!.data;
    expect(odd).toBeCloseTo(combined([9, 9, 9, 9], three, standard), 1);
    expect(usual).toBeCloseTo(0.3, 1);
  });
});
