/** Images to look at are shrunk while they are read, or after: the same picture, whatever the format. */
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeForView } from './decode.ts';
import type { Image } from './raster.ts';

const [width, height] = [96, 64];
const colour = Uint8Array.from(
  { length: width * height * 3 },
  (_, i) => (Math.floor(i / 3) % width) * 2 + (i % 3) * 10,
);
const photo = () => sharp(colour, { raw: { width, height, channels: 3 } });

const files: [string, () => Promise<Buffer>][] = [
  ['png', () => photo().png().toBuffer()],
  ['grey png', () => photo().toColourspace('b-w').png().toBuffer()],
  ['png with transparency', () => photo().ensureAlpha(0.5).png().toBuffer()],
  ['png of 16 bits', () => photo().toColourspace('rgb16').png().toBuffer()],
  ['turned jpeg', () => photo().withMetadata({ orientation: 6 }).jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer()], // biome-ignore format: a file a line
  ['webp', () => photo().webp({ lossless: true }).toBuffer()],
  ['gif', () => photo().gif().toBuffer()],
  ['tiff', () => photo().tiff({ compression: 'none' }).toBuffer()],
];

/** Means of a row of squares of the image, each a sixteenth wide. */
function profile({ width: w, height: h, data }: Image): number[] {
  return Array.from({ length: 16 }, (_, k) => {
    let sum = 0;
    const [from, to] = [Math.floor((k * w) / 16), Math.floor(((k + 1) * w) / 16)];
    for (let y = 0; y < h; y++) for (let x = from; x < to; x++) sum += data[3 * (y * w + x)]!;
    return sum / (h * (to - from));
  });
}

describe('a view', () => {
  it.each(files)('of a %s is smaller and shows the same', async (_, made) => {
    const bytes = await made();
    const whole = await decodeForView(bytes, 'it');
    const small = await decodeForView(bytes, 'it', { longest: 48 });
    expect([small.width, small.height]).toEqual([whole.width / 2, whole.height / 2]);
    expect([small.channels, small.data.length]).toEqual([3, small.width * small.height * 3]);
    const expected = profile(whole);
    for (const [k, mean] of profile(small).entries()) expect(Math.abs(mean - expected[k]!)).toBeLessThan(4);
  });

  it('is not enlarged', async () => {
    expect(await decodeForView(await photo().png().toBuffer(), 'it', { longest: 500 })).toMatchObject({
      width,
      height,
    });
  });

  it('of a truncated file is refused', async () => {
    const png = await photo().png().toBuffer();
    const cut = png.subarray(0, png.length - 100);
    await expect(decodeForView(cut, 'it', { longest: 16 })).rejects.toMatchObject({ code: 'IMAGE_CORRUPT' });
  });
});
