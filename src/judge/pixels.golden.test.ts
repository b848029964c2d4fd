import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { PixelHistogram } from './pixel-histogram.ts';
import { PixelMetrics } from './pixels.ts';

interface GoldenCase {
  width: number;
  maps: number[][];
  masks: number[][];
  regions: number;
  auroc: number;
  aupro: number;
  dice_at_1: number;
  highest_dice: number;
  highest_dice_threshold: number;
}
const golden: GoldenCase[] = JSON.parse(
  readFileSync(new URL('../../test/golden/pixel_metrics.json', import.meta.url), 'utf8'),
);

describe.each(golden)("SciPy's figures for maps of width $width", (c) => {
  test('areas, regions and Dice', () => {
    const metrics = new PixelMetrics({ threshold: 1, chosenOn: 'fixed beforehand' });
    for (const [i, map] of c.maps.entries()) metrics.add(map, c.masks[i]!, c.width);
    const result = metrics.result();
    expect(result.regions).toBe(c.regions);
    expect(result.auroc).toBeCloseTo(c.auroc, 12);
    expect(result.aupro).toBeCloseTo(c.aupro, 12);
    expect(result.dice).toBeCloseTo(c.dice_at_1, 12);
  });

  test('the threshold of highest Dice', () => {
    const histogram = new PixelHistogram();
    for (const [i, map] of c.maps.entries()) histogram.add(map, c.masks[i]!, c.width);
    const { threshold, dice } = histogram.highestDice();
    expect(dice).toBeCloseTo(c.highest_dice, 12);
    expect(threshold).toBe(c.highest_dice_threshold);
  });
});
