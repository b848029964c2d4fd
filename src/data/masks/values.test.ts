/** Masks whose values could be taken for faint ones or for background: colours of classes, and NaN. */
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { tiffBytes } from '../../../test/support/tiff.ts';
import { encodeNpy } from '../image/npy.ts';
import { pngChunk } from '../image/png.ts';
import { maskOfBytes } from './read.ts';

const size = { width: 32, height: 24 };
const all = size.width * size.height;
const inBlob = (i: number): boolean => i % 32 >= 6 && i % 32 < 14 && i >= 32 * 5 && i < 32 * 12;
const blob = 8 * 7;

const coloured = (colours: readonly (readonly number[])[]) =>
  sharp(
    Buffer.from(Array.from({ length: all }, (_, i) => (inBlob(i) ? colours[i % colours.length]! : [0, 0, 0])).flat()),
    { raw: { ...size, channels: 3 } },
  );

const counted = async (bytes: Uint8Array): Promise<number> => (await maskOfBytes(bytes, 'mask', size)).count;

it.each([
  [
    'of several hues',
    [
      [128, 0, 0],
      [0, 64, 0],
      [224, 224, 192],
    ],
  ], // prettier-ignore
  [
    'of one hue in the steps of VOC',
    [
      [192, 0, 0],
      [64, 0, 0],
      [128, 0, 0],
    ],
  ], // prettier-ignore
])('colours of classes mark alike, however dark and close they are: %s', async (_what, colours) => {
  expect(await counted(await coloured(colours).png().toBuffer())).toBe(blob);
  expect(await counted(await coloured(colours).tiff({ compression: 'lzw' }).toBuffer())).toBe(blob);
});

it('a brush of one colour keeps its soft edge', async () => {
  const [red, edge] = [
    [250, 10, 10],
    [45, 2, 2],
  ]; // prettier-ignore
  const pixels = Array.from({ length: all }, (_, i) =>
    inBlob(i) ? red : inBlob(i + 1) || inBlob(i - 1) ? edge : [0, 0, 0],
  );
  const image = sharp(Buffer.from(pixels.flat()), { raw: { ...size, channels: 3 } });
  expect(await counted(await image.png().toBuffer())).toBe(blob);
});

it.each([8, 16])('transparency says what is marked where all of a grey mask of %i bits is white', async (bits) => {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size.width, 0);
  header.writeUInt32BE(size.height, 4);
  header.set([bits, 4], 8);
  const rows = Array.from({ length: size.height }, (_, y) => [
    0,
    ...Array.from({ length: size.width }, (_, x) =>
      Array<number[]>(2)
        .fill(Array<number>(bits / 8).fill(255))
        .map((v, k) => (k && !inBlob(32 * y + x) ? v.map(() => 0) : v)),
    ).flat(2),
  ]);
  const chunks = [
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(Buffer.from(rows.flat()))),
    pngChunk('IEND', new Uint8Array()),
  ];
  expect(await counted(Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...chunks]))).toBe(blob);
});

it.each([
  ['NaN', Number.NaN],
  ['infinity', Number.POSITIVE_INFINITY],
])('%s in a float mask is refused, as it is no background', async (_what, odd) => {
  const values = Float32Array.from({ length: all }, (_, i) => (i === 3 ? odd : inBlob(i) ? 1 : 0));
  const float = [[339, 3, [3]]] as const;
  const tiff = tiffBytes({ ...size, bits: 32, data: new Uint8Array(values.buffer), extra: float });
  for (const bytes of [encodeNpy(values, [size.height, size.width]), tiff])
    await expect(counted(bytes)).rejects.toMatchObject({
      code: 'MASK_UNCLEAR',
      message: expect.stringContaining('NaN'),
    });
});
