/** Run lengths that end as encoders end them, whatever the standard says; made by hand, 3 x 2 pixels with a palette of grey. */
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../decode.ts';

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
