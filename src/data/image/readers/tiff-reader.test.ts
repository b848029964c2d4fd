import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { type TiffMade, tiffBytes } from '../../../../test/support/tiff.ts';
import { decodeImage } from '../decode.ts';
import { readImageHeader } from '../header.ts';

const size = { width: 6, height: 4 };
const each = (...pixel: readonly number[]): Uint8Array =>
  Uint8Array.from(
    Array<number[]>(24)
      .fill([...pixel])
      .flat(),
  );
const made = (more: Omit<TiffMade, 'width' | 'height'>): Buffer => tiffBytes({ ...size, ...more });
const firstPixel = async (bytes: Uint8Array): Promise<number[]> => [
  ...(await decodeImage(bytes, 'made')).data.slice(0, 3),
];

describe('extra samples of a TIFF', () => {
  it('are left aside when they are transparency, and colours stay as they are', async () => {
    const data = each(200, 150, 100, 0);
    expect(await firstPixel(made({ data, samples: 4, photometric: 2, extra: [[338, 3, [2]]] }))).toEqual([
      200, 150, 100,
    ]);
    expect(await firstPixel(made({ data: each(90, 0), samples: 2, extra: [[338, 3, [2]]] }))).toEqual([90, 90, 90]);
  });

  it.each([
    ['colour and near infrared', 4, 2, [0]],
    ['colour and a band that nothing is said of', 4, 2, undefined],
    ['grey and height', 2, 1, [0]],
    ['five lights', 5, 1, [0, 0, 0, 0]],
    ['colour, transparency and two others', 6, 2, [2, 0, 0]],
  ])('%s are named, never taken for transparency', async (_what, samples, photometric, extra) => {
    const data = each(...Array<number>(samples).fill(90));
    const bytes = made({ data, samples, photometric, ...(extra && { extra: [[338, 3, extra]] }) });
    await expect(decodeImage(bytes, 'made')).rejects.toMatchObject({ code: 'IMAGE_BANDS' });
  });

  it('multiplied into the colours beforehand are refused, unless nothing is transparent', async () => {
    const associated = { samples: 4, photometric: 2, extra: [[338, 3, [1]]] } as const;
    await expect(decodeImage(made({ data: each(100, 75, 50, 128), ...associated }), 'made')).rejects.toMatchObject({
      code: 'IMAGE_TRANSPARENT',
    });
    expect(await firstPixel(made({ data: each(100, 75, 50, 255), ...associated }))).toEqual([100, 75, 50]);
  });

  it('takes three bands of grey as three channels', async () => {
    const bytes = made({ data: each(10, 20, 30), samples: 3, photometric: 1, extra: [[338, 3, [0, 0]]] });
    expect(await firstPixel(bytes)).toEqual([10, 20, 30]);
  });
});

describe('what cameras write beside the pixels', () => {
  const data = Uint8Array.from({ length: 24 }, (_, i) => 10 * i);
  it.each<[string, Partial<TiffMade>]>([
    ['a name padded with NULs', { extra: [[272, 2, `Cam 5${'\0'.repeat(20)}`]] }],
    ['a name without a NUL', { extra: [[272, 2, 'Cam-5']] }],
    ['a long date', { extra: [[306, 2, '2026:01:02 03:04:05.678\0\0']] }],
    ['tags out of order', { extra: [[270, 2, 'image\0']], sorted: false }],
  ])('%s is no damage', async (_what, more) => {
    const image = await decodeImage(made({ data, ...more }), 'made', { channels: 1 });
    expect([...image.data]).toEqual([...data]);
  });

  it('does not hide that pixels are missing or damaged', async () => {
    const camera = { extra: [[272, 2, 'Cam-5']] } as const;
    const cut = made({ data, ...camera });
    cut.writeUInt32LE(2000, cut.indexOf(Buffer.from([0x11, 1, 4, 0])) + 8);
    await expect(decodeImage(cut, 'made')).rejects.toMatchObject({ code: 'IMAGE_CORRUPT' });
    const packed = deflateSync(data);
    packed[packed.length - 1]! ^= 0xff;
    packed[4]! ^= 0xff;
    await expect(decodeImage(made({ data: packed, compression: 8, ...camera }), 'made')).rejects.toMatchObject({
      code: 'IMAGE_CORRUPT',
    });
  });
});

describe('a TIFF', () => {
  it('cut short anywhere is refused, whatever holds its pixels', async () => {
    const noise = Uint8Array.from({ length: 64 * 48 * 3 }, (_, i) => (i * 7919) % 251);
    const photo = sharp(noise, { raw: { width: 64, height: 48, channels: 3 } });
    for (const compression of ['none', 'lzw', 'deflate', 'jpeg', 'packbits'] as const) {
      const whole = await photo.clone().tiff({ compression }).toBuffer();
      for (const share of [0.2, 0.6, 0.98]) {
        await expect(decodeImage(whole.subarray(0, Math.floor(whole.length * share)), 'made')).rejects.toMatchObject({
          code: 'IMAGE_CORRUPT',
        });
      }
    }
  });

  it('of fewer rows than it states is refused', async () => {
    await expect(decodeImage(tiffBytes({ width: 6, height: 8, data: each(9) }), 'made')).rejects.toMatchObject({
      code: 'IMAGE_CORRUPT',
    });
  });

  it('with a reduced copy as its second page is one image; two photographs are two', async () => {
    const first = made({ data: each(7), extra: [[254, 4, [0]]] });
    const pages = (kind: number): Buffer => {
      const bytes = Buffer.concat([first, made({ data: each(7), extra: [[254, 4, [kind]]] }).subarray(8 + 24)]);
      // the second directory begins where the first file ends, and takes its pixels from the first
      const directory = first.readUInt32LE(4);
      bytes.writeUInt32LE(first.length, directory + 2 + first.readUInt16LE(directory) * 12);
      return bytes;
    };
    expect((await readImageHeader(pages(1), 'made', 1e6)).frames).toBe(1);
    await expect(readImageHeader(pages(0), 'made', 1e6)).rejects.toMatchObject({ code: 'IMAGE_ANIMATED' });
  });

  it('of a camera raw kind is called so', async () => {
    const dng = made({ data: each(7), extra: [[50706, 4, [1]]] });
    await expect(decodeImage(dng, 'made')).rejects.toMatchObject({ code: 'IMAGE_FORMAT', message: /DNG/ });
    const thumbnail = made({ data: each(7), extra: [[254, 4, [1]]] });
    await expect(decodeImage(thumbnail, 'made')).rejects.toMatchObject({ code: 'IMAGE_FORMAT' });
  });
});
