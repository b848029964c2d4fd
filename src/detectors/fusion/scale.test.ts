import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/close.ts';
import { concat, reshape } from '../../engine/builders.ts';
import { createGraph } from '../../engine/operators/table.ts';
import { runGraph } from '../../engine/run-graph.ts';
import { type ScoreForm, type ScoreScale, scaleOf, standardised, standardScore } from './scale.ts';

const eleven = Array.from({ length: 11 }, (_, i) => i);

describe('the common scale', () => {
  it('is minus the logarithm of the share of good images, at their median and upper decile', () => {
    const scale = scaleOf(eleven, 'raw');
    expect(standardScore(5, scale)).toBeCloseTo(-Math.log10(0.5), 12);
    expect(standardScore(9, scale)).toBeCloseTo(1, 12);
    // 4 above the median is ln 9 deviations, twice as much 2 ln 9: a share of 1 / (1 + 81)
    expect(standardScore(13, scale)).toBeCloseTo(Math.log10(82), 12);
  });

  it('of a probability is that of its logit', () => {
    const p = (x: number): number => 1 / (1 + Math.exp(-x));
    const scale = scaleOf(
      eleven.map((x) => p(x - 8)),
      'logit',
    );
    expect(scale.median).toBeCloseTo(-3, 9);
    expect(standardScore(p(1), scale)).toBeCloseTo(1, 9);
    expect(standardScore(1, scale)).toBe(standardScore(1 - 1e-6, scale));
  });

  it('does not move when the oddest good images are odder still', () => {
    const odd = eleven.map((x) => (x === 10 ? 1e6 : x));
    expect(scaleOf(odd, 'raw')).toEqual(scaleOf(eleven, 'raw'));
  });

  it('rises with the score, stays finite and never falls below 0', () => {
    const scores = fc.double({ min: -1e4, max: 1e4, noNaN: true });
    fc.assert(
      fc.property(fc.array(scores, { minLength: 5 }), scores, scores, (good, a, b) => {
        const scale = scaleOf(good, 'raw');
        const [low, high] = [Math.min(a, b), Math.max(a, b)].map((s) => standardScore(s, scale));
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeGreaterThanOrEqual(low!);
        expect(Number.isFinite(high)).toBe(true);
      }),
    );
  });

  it('of good images that are all alike leaves a little room', () => {
    expect(standardScore(2.02, scaleOf(new Array<number>(8).fill(2), 'raw'))).toBeLessThan(1);
    expect(standardScore(1e-3, scaleOf(new Array<number>(8).fill(0), 'logit'))).toBeGreaterThan(1);
  });

  it('needs five good images', () => {
    expect(() => scaleOf([1, 2, 3, 4], 'raw')).toThrow(/got 4 good images.*at least 5/);
  });

  it.each<[ScoreForm, ScoreScale, number[]]>([
    ['raw', { form: 'raw', median: 2, spread: 0.3 }, [-50, -1, 0, 1.9, 2, 2.5, 9, 400]],
    ['raw', { form: 'raw', median: 2, spread: 0.3, weight: 1.5 }, [-1, 2, 9]],
    ['logit', { form: 'logit', median: -3, spread: 1.5 }, [0, 1e-9, 1e-3, 0.2, 0.5, 0.9, 0.9999, 1 - 2 ** -24, 1]],
  ])('is the same within a graph, %s', async (_, scale, scores) => {
    const graph = createGraph();
    const values = scores.map((score) => reshape(standardised(graph.scalar(score), scale), [1]));
    const { all } = await runGraph({ all: concat(values, 0) }, {});
    const expected = scores.map((score) => standardScore(score, scale));
    expectClose(all!.data, expected, 'scores', { absolute: 1e-6, relative: 1e-4 });
  });

  it('keeps a score that is not finite, which a clip would take for the end of its range', async () => {
    for (const form of ['raw', 'logit'] as const) {
      const graph = createGraph();
      const bad = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
      const scale = { form, median: 0, spread: 1 };
      const all = concat(
        bad.map((score) => reshape(standardised(graph.scalar(score), scale), [1])),
        0,
      );
      const { found } = await runGraph({ found: all }, {});
      expect(Array.from(found!.data, Number.isFinite)).toEqual([false, false, false]);
    }
  });
});
