import sharp from 'sharp';
import { expect, it } from 'vitest';
import { decodePixels } from './decode.ts';
import { encodeNpy } from './npy.ts';
import type { Pixels } from './raster.ts';

const mean = async (values: Pixels, bands: number): Promise<number[]> => {
  const bytes = encodeNpy(values, [1, values.length / bands, bands]);
  return [...(await decodePixels(bytes, 'lights', { bands: 'mean', channels: 1 })).data];
};

it.each([
  ['five bands of 16 bits', Uint16Array.from([1000, 2000, 3000, 4000, 65_535, 0, 0, 0, 0, 3]), 5, [15_107, 1]],
  ['two of 8 bits, half upward', Uint8Array.from([255, 254, 0, 1, 255, 255]), 2, [255, 1, 255]],
  ['float, which is not rounded', Float32Array.from([-1, 0, 0.25, 1]), 4, [0.0625]],
  ['one band', Uint8Array.from([7, 9]), 1, [7, 9]],
])('is that of %s', async (_, values, bands, expected) => {
  expect(await mean(values, bands)).toEqual(expected);
});

it('is that of colours, in three channels unless one is asked for, and leaves transparency out', async () => {
  const png = await sharp(Uint8Array.from([10, 20, 60, 0]), { raw: { width: 1, height: 1, channels: 4 } })
    .png()
    .toBuffer();
  expect([...(await decodePixels(png, 'part', { bands: 'mean' })).data]).toEqual([30, 30, 30]);
});
