import { expect, it } from 'vitest';
import { pictureStatistics } from './picture-statistics.ts';
import type { Image } from './raster.ts';

const picture = (value: (x: number, y: number, channel: number) => number, width = 64, height = 48): Image => ({
  width,
  height,
  channels: 3,
  data: Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const at = Math.floor(i / 3);
    return value(at % width, Math.floor(at / width), i % 3);
  }),
});

it('says light, colour and saturation of a picture', () => {
  expect(pictureStatistics(picture(() => 100))).toEqual({
    ...{ brightness: 100, contrast: 0, sharpness: 0, red: 0, blue: 0, saturated: 0 },
  });
  const coloured = pictureStatistics(picture((x, _, channel) => (x < 16 ? 255 : [150, 100, 50][channel]!)));
  expect(coloured.saturated).toBe(0.25);
  expect(coloured.red).toBeCloseTo((0.75 * 50) / (0.25 * 255 + 0.75 * 100));
  expect(coloured.blue).toBeCloseTo(-coloured.red);
});

it('says sharpness whatever the light is, and less of it where a picture is blurred', () => {
  const stripes = (light: number) => pictureStatistics(picture((x) => light * (50 + 40 * Math.sin(x))));
  const smooth = pictureStatistics(picture((x) => 50 + 40 * Math.sin(x / 4)));
  expect(stripes(2).sharpness).toBeCloseTo(stripes(1).sharpness, 1);
  expect(smooth.sharpness).toBeLessThan(stripes(1).sharpness / 4);
});

it('looks at grey, at a single pixel and at a large picture too', () => {
  const grey: Image = { width: 1, height: 1, channels: 1, data: Uint8Array.of(7) };
  expect(pictureStatistics(grey)).toMatchObject({ brightness: 7, sharpness: 0, red: 0 });
  const large = pictureStatistics(picture((x, y) => (x < y ? 20 : 200), 2000, 1500));
  expect(large.brightness).toBeGreaterThan(100);
  expect(large.sharpness).toBeGreaterThan(0);
});
