import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { regionScores } from './places.ts';
import { canvasTolerances, cellTolerances, shapeMask, shownOn, tolerances } from './raster.ts';
import { runsOf } from './read.ts';
import type { Region, Regions, Shape } from './schema.ts';

const square: Shape = {
  form: 'polygon',
  points: [
    [0.25, 0.25],
    [0.75, 0.25],
    [0.75, 0.75],
    [0.25, 0.75],
  ],
};
const grid = { height: 8, width: 8 };
const countOf = (mask: ArrayLike<number>): number => Array.from(mask).filter((v) => v > 0).length;
const region = (name: string, shape: Shape, more: Partial<Region> = {}): Region => ({
  name,
  kind: 'inspect',
  shape,
  ...more,
});

describe('shapes', () => {
  it('cover the pixels whose centres lie within', () => {
    expect(countOf(shapeMask(square, 1, grid))).toBe(16);
    const disc: Shape = { form: 'ring', centre: [0.5, 0.5], outer: 0.25, inner: 0 };
    const large = { height: 400, width: 400 };
    expect(countOf(shapeMask(disc, 1, large)) / 400 ** 2).toBeCloseTo(Math.PI * 0.25 ** 2, 3);
    const ring: Shape = { ...disc, inner: 0.15 };
    expect(countOf(shapeMask(ring, 1, large)) / 400 ** 2).toBeCloseTo(Math.PI * (0.25 ** 2 - 0.15 ** 2), 3);
    // a line half as long as the picture is wide, with two round ends
    const stroke: Shape = {
      form: 'stroke',
      points: [
        [0.25, 0.5],
        [0.75, 0.5],
      ],
      radius: 0.1,
    };
    expect(countOf(shapeMask(stroke, 1, large)) / 400 ** 2).toBeCloseTo(0.5 * 0.2 + Math.PI * 0.1 ** 2, 3);
  });

  it('are round in pixels, whatever the proportions of the picture', () => {
    const disc: Shape = { form: 'ring', centre: [0.5, 0.5], outer: 0.2, inner: 0 };
    const wide = shapeMask(disc, 2, { height: 100, width: 200 });
    const rows = Array.from({ length: 100 }, (_, y) => countOf(wide.subarray(y * 200, (y + 1) * 200)));
    expect(rows.filter((n) => n > 0).length).toBe(Math.max(...rows));
  });

  it('give a mask back that was read as runs', () => {
    const pixels = fc.uint8Array({ minLength: 30, maxLength: 30, max: 1 });
    fc.assert(
      fc.property(pixels, (mask) => {
        const shape: Shape = { form: 'mask', width: 5, height: 6, runs: runsOf(mask) };
        expect([...shapeMask(shape, 5 / 6, { height: 6, width: 5 })]).toEqual([...mask]);
      }),
    );
  });
});

describe('tolerances', () => {
  const regions = (...own: Region[]): Regions => ({ aspect: 1, regions: own });

  it('are 1 everywhere but where something is ignored', () => {
    const values = tolerances(regions(region('bore', square, { kind: 'ignore' })), grid);
    expect(countOf(values)).toBe(64 - 16);
  });

  it('are those of regions of interest, the strictest first, and nothing of what is ignored', () => {
    const all: Shape = {
      form: 'polygon',
      points: [
        [0, 0],
        [1, 0],
        [1, 1],
        [0, 1],
      ],
    };
    const both = [region('rim', all, { tolerance: 3 }), region('face', square, { tolerance: 0.5 })];
    for (const order of [both, [...both].reverse()]) {
      const values = tolerances(regions(...order), grid);
      expect([values[0], values[8 * 4 + 4]]).toEqual([3, 0.5]);
    }
    const without = tolerances(regions(...both, region('bore', square, { kind: 'ignore' })), grid);
    expect([without[0], without[8 * 4 + 4]]).toEqual([3, 0]);
  });

  it('lie on the part of a letterbox that shows the picture', () => {
    const canvas = { height: 8, width: 8, fit: 'letterbox' } as const;
    expect(shownOn(canvas, 2)).toEqual({ height: 4, width: 8 });
    const values = canvasTolerances({ aspect: 2, regions: [region('face', square)] }, canvas);
    expect(countOf(values)).toBe(8);
    expect(countOf(values.subarray(32))).toBe(0);
  });

  it('judge a cell where any of its pixels is to be judged, as the strictest asks', () => {
    const pixels = new Float32Array(64);
    pixels[9] = 2;
    pixels[0] = 3;
    expect([...cellTolerances(pixels, grid, { height: 2, width: 2 })]).toEqual([2, 0, 0, 0]);
  });
});

it('credits every place of a map to one region, so that none of its maximum is lost', () => {
  const left: Shape = {
    form: 'polygon',
    points: [
      [0, 0],
      [0.4, 0],
      [0.4, 1],
      [0, 1],
    ],
  };
  const right: Shape = {
    form: 'polygon',
    points: [
      [0.6, 0],
      [1, 0],
      [1, 1],
      [0.6, 1],
    ],
  };
  const regions: Regions = { aspect: 1, regions: [region('left', left), region('right', right)] };
  fc.assert(
    fc.property(fc.array(fc.float({ noNaN: true, min: 0, max: 1 }), { minLength: 64, maxLength: 64 }), (data) => {
      const scores = regionScores({ shape: [1, 1, 8, 8], data }, regions);
      expect(Math.max(...scores.map(({ value }) => value))).toBe(Math.max(...data));
      expect(scores[0]!.value).toBeGreaterThanOrEqual(Math.max(...data.filter((_, i) => i % 8 < 3)));
    }),
  );
});
