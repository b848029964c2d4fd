/** Run lengths that end as encoders end them, whatever the standard says; made by hand, 3 x 2 pixels with a palette of grey. */
import { describe, expect, it } from 'vitest';
import { decodeImage, decodePixels } from '../decode.ts';

/** A BMP of 8 bits with these run lengths, the lowest row first. */
function rle8(...runs: readonly number[]): Uint8Array {
  const start = 14 + 40 + 256 * 4;
  const bytes = Buffer.alloc(start + runs.length);
  bytes.write('BM');
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(start, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(3, 18);
  bytes.writeInt32LE(2, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(8, 28);
  bytes.writeUInt32LE(1, 30);
  for (let i = 0; i < 256; i++) bytes.fill(i, 54 + 4 * i, 54 + 4 * i + 3);
  bytes.set(runs, start);
  return new Uint8Array(bytes);
}

const rows = [3, 10, 0, 0, 2, 20, 1, 30] as const;

describe('run lengths of a BMP', () => {
  it.each([
    ['with the end of the bitmap', [0, 1]],
    ['with the end of a line before it', [0, 0, 0, 1]],
    ['with the end of a line alone', [0, 0]],
    ['without any end', []],
    ['without any end, padded to four bytes', [0, 0, 0, 0]],
  ])('are read %s', async (_, end) => {
    const { data } = await decodeImage(rle8(...rows, ...end), 'it', { channels: 1 });
    expect([...data]).toEqual([20, 20, 30, 10, 10, 10]);
  });

  it.each([
    ['a pixel is missing', rows.slice(0, -2)],
    ['a row is missing', [3, 10, 0, 0]],
    ['there are more rows than the header states', [...rows, 0, 0, 3, 40, 0, 1]],
    ['a row runs on', [3, 10, 0, 0, 2, 20, 2, 30]],
  ])('are damaged where %s', async (_, runs) => {
    await expect(decodeImage(rle8(...runs), 'it')).rejects.toMatchObject({ code: 'IMAGE_CORRUPT' });
  });
});

/** A BMP of 3 x 2 pixels, the lowest row first, with what stands between header and pixels. */
function uncompressed(
  bits: number,
  compression: number,
  between: readonly number[],
  pixels: readonly number[],
): Uint8Array {
  const start = 54 + 4 * between.length;
  const bytes = Buffer.alloc(start + 4 * pixels.length);
  bytes.write('BM');
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(start, 10);
  for (const [at, value] of [40, 3, 2].entries()) bytes.writeUInt32LE(value, 14 + 4 * at);
  bytes.writeUInt16LE(bits, 28);
  bytes.writeUInt32LE(compression, 30);
  for (const [i, value] of [...between, ...pixels].entries()) bytes.writeUInt32LE(value >>> 0, 54 + 4 * i);
  return new Uint8Array(bytes);
}

describe('a BMP', () => {
  it('of 2 bits has the colours of its palette', async () => {
    const palette = [0x000000, 0x0000ff, 0x00ff00, 0x102030];
    const bytes = uncompressed(2, 0, palette, [0b11_10_01_00, 0b00_01_11_00]);
    const { data } = await decodeImage(bytes, 'it');
    expect([...data]).toEqual([0, 0, 0, 0, 0, 255, 16, 32, 48, 16, 32, 48, 0, 255, 0, 0, 0, 255]);
    await expect(decodeImage(uncompressed(2, 0, [], [0, 0]), 'it')).rejects.toMatchObject({ code: 'IMAGE_CORRUPT' });
  });

  it('of 10 bits a colour keeps them', async () => {
    const masks = [0x3ff00000, 0xffc00, 0x3ff];
    const pixels = [1023, 1, 2, 3, 4, 5].map((v) => 0xc0000000 | (v << 20) | (700 << 10) | (1023 - v));
    const bytes = uncompressed(32, 3, masks, pixels);
    const { data } = await decodePixels(bytes, 'it');
    expect(data).toBeInstanceOf(Uint16Array);
    expect([...data]).toEqual([3, 4, 5, 1023, 1, 2].flatMap((v) => [v, 700, 1023 - v]));
    const uneven = uncompressed(32, 3, [0xffe00000, 0x1ffc00, 0x3ff], pixels);
    await expect(decodePixels(uneven, 'it')).rejects.toMatchObject({ code: 'IMAGE_FORMAT' });
  });
});
