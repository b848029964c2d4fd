/** Transparent pixels as readImage counts them, or refuses them. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { decodeImage, decodePixels, readImage } from './decode.ts';
import { encodePng } from './encode.ts';
import { pngChunk } from './png.ts';

const newFolder = temporaryFolders();

describe('transparent pixels', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await newFolder();
  });

  async function write(name: string, bytes: Uint8Array | string): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, bytes);
    return path;
  }

  const clear = Uint8Array.from([200, 100, 50, 255, 200, 100, 50, 0, 40, 215, 20, 128, 7, 8, 9, 1]);
  it.each(['png', 'tiff'] as const)('counts colours under transparency as they are stored in a %s', async (format) => {
    const options = format === 'tiff' ? { compression: 'none' } : {};
    const raw = sharp(clear, { raw: { width: 2, height: 2, channels: 4 } });
    const path = await write(`clear.${format}`, await raw.toFormat(format, options).toBuffer());
    expect([...(await readImage(path)).data]).toEqual([200, 100, 50, 200, 100, 50, 40, 215, 20, 7, 8, 9]);
  });

  /** 16 x 16 pixels of many colours; in the middle a square that is transparent and of one colour, or of those that were there. */
  const erased = (colour?: number): Uint8Array =>
    Uint8Array.from({ length: 16 * 16 * 4 }, (_, i) => {
      const [x, y] = [(i >> 2) % 16, i >> 6];
      const inside = x >= 4 && x < 12 && y >= 4 && y < 12;
      if (i % 4 === 3) return inside ? 0 : 255;
      return inside && colour !== undefined ? colour : 40 + 10 * x + y;
    });
  it.each([
    ['a PNG, black', () => erased(0), 'png', {}],
    ['a PNG, white', () => erased(255), 'png', {}],
    ['a PNG, grey as a background', () => erased(110), 'png', {}],
    ['a TIFF, black', () => erased(0), 'tiff', { compression: 'lzw' }],
    ['a lossless WebP, whose writer invents colours', () => erased(), 'webp', { lossless: true }],
    ['a lossy WebP, whose writer mixes them', () => erased(), 'webp', { quality: 80 }],
    ['a palette', () => erased(0), 'png', { palette: true, dither: 0 }],
  ] as const)('refuses colours that were erased under transparency: %s', async (_, pixels, format, options) => {
    const raw = sharp(pixels(), { raw: { width: 16, height: 16, channels: 4 } });
    const bytes = await raw.toFormat(format, options).toBuffer();
    await expect(decodeImage(bytes, 'it')).rejects.toMatchObject({ code: 'IMAGE_TRANSPARENT' });
    const opaque = sharp(pixels(), { raw: { width: 16, height: 16, channels: 4 } }).removeAlpha();
    expect((await decodeImage(await opaque.toFormat(format, options).toBuffer(), 'it')).width).toBe(16);
  });

  it('refuses them at 16 bits too, and not where the camera wrote what is transparent', async () => {
    const raw = (pixels: Uint8Array) => sharp(pixels, { raw: { width: 16, height: 16, channels: 4 } });
    const deep = await raw(erased(0)).toColourspace('rgb16').png().toBuffer();
    await expect(decodePixels(deep, 'it')).rejects.toMatchObject({ code: 'IMAGE_TRANSPARENT' });
    const whole = await decodeImage(await raw(erased()).png().toBuffer(), 'it');
    expect(whole.data.slice(0, 3)).toEqual(Uint8Array.of(40, 40, 40));
    expect(whole.data[3 * (8 * 16 + 8)]).toBe(40 + 80 + 8);
  });

  it('counts the grey value that a PNG calls transparent', async () => {
    const grey = Uint8Array.from([10, 240, 240, 30]);
    const whole = await encodePng({ width: 4, height: 1, channels: 1, data: grey });
    const marked = Buffer.concat([whole.subarray(0, 33), pngChunk('tRNS', Uint8Array.of(0, 240)), whole.subarray(33)]);
    const path = await write('marked.png', marked);
    expect([...(await readImage(path, { channels: 1 })).data]).toEqual([...grey]);
  });

  it('counts the colours of a palette whose entries are transparent', async () => {
    const raw = sharp(clear, { raw: { width: 2, height: 2, channels: 4 } });
    const path = await write('palette.png', await raw.png({ palette: true, dither: 0 }).toBuffer());
    const image = await readImage(path);
    const seen = await sharp(path).removeAlpha().raw().toBuffer();
    expect([...image.data]).toEqual([...seen]);
  });

  it('refuses a GIF in which transparent pixels have lost their colour', async () => {
    const raw = sharp(clear, { raw: { width: 2, height: 2, channels: 4 } });
    const path = await write('clear.gif', await raw.gif().toBuffer());
    await expect(readImage(path)).rejects.toMatchObject({ code: 'IMAGE_TRANSPARENT' });
  });
});
