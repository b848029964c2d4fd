import { describe, expect, it } from 'vitest';
import { tensor } from '../core/tensor.ts';
import type { Decision } from '../judge/decision.ts';
import { drawHeatMap } from './heat-map.ts';
import { mapScaleOf } from './map-scale.ts';

const grey = { width: 8, height: 4, channels: 3 as const, data: new Uint8Array(8 * 4 * 3).fill(100) };

describe('drawHeatMap', () => {
  it('leaves the image alone where the map is low', () => {
    expect(drawHeatMap(grey, tensor([1, 1, 2, 2]), { low: 0, high: 1 }).data).toEqual(grey.data);
  });

  it('colours the place where the map is high, and only it', () => {
    const map = tensor([1, 1, 2, 4], [0, 0, 0, 1, 0, 0, 0, 0]);
    const { data } = drawHeatMap(grey, map, { low: 0.2, high: 1 });
    const pixel = (y: number, x: number): number[] => [...data.slice((y * 8 + x) * 3, (y * 8 + x) * 3 + 3)];
    expect(pixel(0, 7)[0]).toBeGreaterThan(pixel(0, 7)[2]! + 30);
    expect(pixel(0, 0)).toEqual([100, 100, 100]);
    expect(pixel(3, 1)).toEqual([100, 100, 100]);
  });

  it('in the unit of the score, colours from half the threshold on and outlines what reaches it', () => {
    const map = tensor(
      [1, 1, 4, 8],
      Array.from({ length: 32 }, (_, i) => (i % 8 >= 6 ? 5 : i % 8 === 3 ? 3 : 0.5)),
    );
    const { data } = drawHeatMap(grey, map, { threshold: 4, outline: 4 });
    const pixel = (x: number): number[] => [...data.slice((8 + x) * 3, (8 + x) * 3 + 3)];
    expect(pixel(0)).toEqual([100, 100, 100]);
    expect(pixel(3)[0]).toBeGreaterThan(pixel(3)[2]! + 20);
    expect(pixel(6)).toEqual([255, 255, 255]);
    expect(pixel(5)).toEqual([0, 0, 0]);
  });

  it('frames a part that is not OK as a whole where no place reaches the limit, so that no NG looks untouched', () => {
    const low = tensor([1, 1, 1, 2], [0, 1]);
    const map = { mapRange: { low: 0, high: 1 }, mapUnit: 'score' } as const;
    const drawn = (decision: Decision, values = low): Uint8Array =>
      drawHeatMap(grey, values, mapScaleOf(map, { threshold: 4, review: 3, decision })).data;
    expect(drawn('OK')).toEqual(grey.data);
    for (const decision of ['NG', 'REVIEW'] as const) {
      const data = drawn(decision);
      const pixel = (x: number, y: number): number => data[(y * 8 + x) * 3]!;
      expect([pixel(0, 0), pixel(7, 3), pixel(4, 0), pixel(0, 2), pixel(4, 1)]).toEqual([255, 255, 255, 255, 0]);
    }
    // a place that has an outline needs no frame
    expect(drawn('NG', tensor([1, 1, 1, 8], [0, 0, 0, 0, 0, 0, 0, 9])).slice(0, 3)).toEqual(grey.data.slice(0, 3));
  });

  it('frames it too where the map has a unit of its own, or the threshold is 0 or below, unless a place is at full strength', () => {
    const map = { mapRange: { low: 0, high: 10 }, mapUnit: null };
    const drawn = (decision: Decision, most: number, threshold: number | null, mapUnit: 'score' | null = null) =>
      drawHeatMap(
        grey,
        tensor([1, 1, 1, 8], [0, 0, 0, 0, 0, 0, 0, most]),
        mapScaleOf({ ...map, mapUnit }, { threshold, review: null, decision }),
      ).data[0];
    for (const [threshold, unit] of [
      [4, null],
      [0, 'score'],
      [-3, 'score'],
      [null, 'score'],
    ] as const) {
      expect(drawn('NG', 9, threshold, unit)).toBe(255);
      expect(drawn('REVIEW', 0, threshold, unit)).toBe(255);
      expect(drawn('OK', 9, threshold, unit)).toBe(100);
      expect(drawn('NG', 10, threshold, unit)).toBe(100);
    }
  });

  it('outlines nothing where nothing reaches the limit, and from the limit of REVIEW on where that is asked for', () => {
    const map = tensor([1, 1, 1, 2], [0, 3]);
    const whites = (outline: number): number =>
      drawHeatMap(grey, map, { threshold: 4, outline }).data.filter((v) => v === 255).length;
    expect(whites(4)).toBe(0);
    expect(whites(2)).toBeGreaterThan(0);
  });
});
