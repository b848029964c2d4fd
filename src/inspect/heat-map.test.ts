import { describe, expect, it } from 'vitest';
import { tensor } from '../core/tensor.ts';
import { drawHeatMap } from './heat-map.ts';

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
});
