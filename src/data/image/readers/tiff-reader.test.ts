import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { type TiffMade, tiffBytes } from '../../../../test/support/tiff.ts';
import { decodeImage, decodePixels } from '../decode.ts';
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

it('luminance and chroma are colours within a JPEG alone, and never taken for red, green and blue', async () => {
  const raw = made({ data: each(119, 128, 128), samples: 3, photometric: 6, extra: [[530, 3, [1, 1]]] });
  await expect(decodeImage(raw, 'made')).rejects.toMatchObject({ code: 'IMAGE_COLOUR', message: /YCbCr/ });
  const orange = sharp(each(200, 150, 100), { raw: { ...size, channels: 3 } });
  const [red, green, blue] = await firstPixel(await orange.tiff({ compression: 'jpeg', quality: 80 }).toBuffer());
  expect([red! > 190, Math.abs(green! - 150) < 8, blue! < 110]).toEqual([true, true, true]);
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

  it.each([3, 6, 10, 12, 14])(
    'of %i packed bits, the first one lowest in its byte (FillOrder 2), is read',
    async (bits) => {
      const values = Array.from({ length: 24 }, (_, i) => (i * 7919) % 2 ** bits);
      const rows = Array.from({ length: 4 }, (_, y) => {
        const row = values.slice(y * 6, y * 6 + 6).map((v) => v.toString(2).padStart(bits, '0'));
        return row.join('').replace(/.{1,8}/g, (byte) => byte.padEnd(8, '0'));
      });
      const highest = rows.join('').match(/.{8}/g)!;
      const lowest = highest.map((byte) => [...byte].reverse().join(''));
      const read = async (bytes: readonly string[], order: number): Promise<number[]> => {
        const data = Uint8Array.from(bytes, (byte) => Number.parseInt(byte, 2));
        const image = await decodePixels(made({ data, bits, extra: [[266, 3, [order]]] }), 'made', { channels: 1 });
        return [...image.data];
      };
      const stretched = values.map((v) => (bits < 8 ? Math.round((v * 255) / (2 ** bits - 1)) : v));
      expect(await read(highest, 1)).toEqual(stretched);
      expect(await read(lowest, 2)).toEqual(stretched);
    },
  );

  it('of a camera raw kind is called so', async () => {
    const dng = made({ data: each(7), extra: [[50706, 4, [1]]] });
    await expect(decodeImage(dng, 'made')).rejects.toMatchObject({ code: 'IMAGE_FORMAT', message: /DNG/ });
    const thumbnail = made({ data: each(7), extra: [[254, 4, [1]]] });
    await expect(decodeImage(thumbnail, 'made')).rejects.toMatchObject({ code: 'IMAGE_FORMAT' });
  });
});

describe('bands in tiles of their own', () => {
  // 20 x 18 RGB in tiles of 16 x 16, deflated, by tifffile 2026.3.3
  const file = [
    'SUkqAAgAAAAOAAABBAABAAAAFAAAAAEBBAABAAAAEgAAAAIBAwADAAAAtgAAAAMBAwABAAAACAAAAAYBAwABAAAAAgAAABUBAwABAAAAAwAAAB',
    'oBBQABAAAAvAAAABsBBQABAAAAxAAAABwBAwABAAAAAgAAACgBAwABAAAAAQAAAEIBBAABAAAAEAAAAEMBBAABAAAAEAAAAEQBBAAMAAAAzAAA',
    'AEUBAwAMAAAA/AAAAAAAAAAIAAgACAABAAAAAQAAAAEAAAABAAAAIAEAAH4BAADIAQAA8wEAAAkCAAA8AgAAfgIAAI8CAACjAgAA4QIAACADAA',
    'BAAwAAXgBKACsAFgAzAEIAEQAUAD4APwAgABUAAAAAAAAAAAAAAAAAeJxdykUCggAABEBaWkrpEFFQULr5/7u475yHoDlBvho3x48eWf79kcxF',
    'VDTz7gZx+irKP8Xykqpbthcmz/enqqE30FvoHfQe+gB9hD5Bn6Ev0FfoG/Qd+nECfQMeAXicTcrHDYAwAMBARoJQQg09Yf+J8NP+neS6HaZKNV',
    '2c7dCPi82+2uybzZ5s9t1mP2z202a/bPbbZn9s9tdmzzZ7sdk/+weM+Q8BeJwTEBaTlJFXUtXQ1jM0MbeyFRQRl5JVUFbT1NE3MrWwtmMY5gAA',
    'jTQE4Xicc3B282RAAo4u7l4MIwgAABRkAil4nGNkRAVsaIAbDQigAVE0IIUG5NGAChrQRAN6aMAYDVigAVs04IQG3NGADxoAALD0JoF4nE3HkQ',
    'KAMABF0T2ZJEmSTJLJJJkkyaT//54u3mMnSYpU+Bv8Hf4B/4Tf4F/wO/wB/4Y/4T/wX/gL/gf/B2a9CaF4nAsMRAVhaIBhmAMAzT8KcXicCwwM',
    'DGRAAmFAwDCCAACDtAKdeJxdx8kCgBAAQMH//0ep0EJRtFhO7m9u02rJ//c+Kd5X8OeBOtSiO7qhK7qgBtWoQmd0QkdUogMqOma56wF4nE3HuQ',
    'GAIAAAMfafUHyQTwWn4MpLl3+OLwh9ffr4tPu0+bT6tPg0+/T2afLp5dPTp4dPd59Gn27+AuWjOEF4nHv18sXzZ0+fPH708MH9e3fv3Ebj3mIY',
    '5gAAj84cQXicu3XzxnUGJADkXmMYQQAAgWQGwQ==',
  ].join('');

  it('are read value by value', async () => {
    const { width, height, data } = await decodeImage(Buffer.from(file, 'base64'), 'made');
    expect([width, height]).toEqual([20, 18]);
    const expected = Array.from({ length: 20 * 18 }, (_, i) => {
      const [x, y] = [i % 20, Math.floor(i / 20)];
      return [3 * x + y, 5 * y + 1, 250 - x - y];
    });
    expect([...data]).toEqual(expected.flat());
  });
});
