/** What a file holds beside the picture that a decoder gives: frames, slices, rows, colours that would stay unseen. */
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { dicomBytes } from '../../../../test/support/dicom.ts';
import { tiffBytes } from '../../../../test/support/tiff.ts';
import type { FelfriError } from '../../../core/errors.ts';
import { decodeMask } from '../../masks/values.ts';
import { unlikeInBrowser } from '../browser-limits.ts';
import { decodeForView, decodePixels } from '../decode.ts';
import { palettePng, pngChunk } from '../png.ts';

const size = { width: 6, height: 4 };
const values = Uint8Array.from({ length: 24 }, (_, i) => 10 * i + 3);
const codeOf = (bytes: Uint8Array): Promise<string> =>
  decodePixels(bytes, 'it').then(
    () => 'read',
    (error: FelfriError) => error.code,
  );

describe('another frame of an animated PNG', () => {
  const control = (number: number): Buffer => {
    const data = Buffer.alloc(26);
    for (const [i, value] of [number, size.width, size.height].entries()) data.writeUInt32BE(value, 4 * i);
    return pngChunk('fcTL', data);
  };
  const made = async (ahead: readonly Buffer[], behind: readonly Buffer[]): Promise<Buffer> => {
    const png = await sharp(values, { raw: { ...size, channels: 1 } })
      .png()
      .toBuffer();
    return Buffer.concat([png.subarray(0, 33), ...ahead, png.subarray(33, -12), ...behind, png.subarray(-12)]);
  };
  const counted = pngChunk('acTL', Buffer.from([0, 0, 0, 1, 0, 0, 0, 0]));
  const pixels = pngChunk('fdAT', Buffer.alloc(20));

  it('is seen where the picture itself is none of the animation, and where no chunk counts frames', async () => {
    expect(await codeOf(await made([counted], [control(0), pixels]))).toBe('IMAGE_ANIMATED');
    expect(await codeOf(await made([], [control(0), pixels, pixels]))).toBe('IMAGE_ANIMATED');
    expect(await codeOf(await made([], [pixels]))).toBe('IMAGE_ANIMATED');
  });

  it('is not an animation of the picture alone', async () => {
    expect(await codeOf(await made([counted, control(0)], []))).toBe('read');
  });
});

it('slices of a volume are several pictures of one page of a TIFF', async () => {
  const volume = (tag: number, depth: number) => tiffBytes({ ...size, data: values, extra: [[tag, 4, [depth]]] });
  for (const tag of [32_997, 32_998])
    expect([await codeOf(volume(tag, 1)), await codeOf(volume(tag, 4))]).toEqual(['read', 'IMAGE_ANIMATED']);
});

it('what a GIF does not cover of its screen is no part of the picture', async () => {
  const gif = await sharp(values, { raw: { ...size, channels: 1 } })
    .gif()
    .toBuffer();
  expect(await codeOf(gif)).toBe('read');
  gif.writeUInt16LE(size.height + 2, 8);
  expect(await codeOf(gif)).toBe('IMAGE_TRANSPARENT');
});

describe('rows beyond the stated height', () => {
  const bmp = (height: number, stated: { pixels?: number; file?: number } = {}): Buffer => {
    const bytes = Buffer.alloc(54 + 20 * 4);
    bytes.write('BM');
    bytes.writeUInt32LE(stated.file ?? bytes.length, 2);
    bytes.writeUInt32LE(54, 10);
    bytes.writeUInt32LE(40, 14);
    bytes.writeInt32LE(size.width, 18);
    bytes.writeInt32LE(height, 22);
    bytes.writeUInt16LE(1, 26);
    bytes.writeUInt16LE(24, 28);
    bytes.writeUInt32LE(stated.pixels ?? 0, 34);
    return bytes.fill(90, 54);
  };
  const pgm = (rows: number, more = Buffer.alloc(0)): Buffer =>
    Buffer.concat([Buffer.from(`P5 6 ${rows} 255\n`), values, more]);
  const tiff = (height: number, rows = 4): Buffer =>
    tiffBytes({ width: 6, height, data: values, extra: [[278, 4, [rows]]] });

  it.each<[string, Uint8Array]>([
    ['a BMP whose pixels are counted', bmp(3, { pixels: 80, file: 0 })],
    ['a BMP whose bytes are counted', bmp(3)],
    ['a PGM', pgm(3)],
    ['a TIFF', tiff(3)],
    ['a DICOM file', dicomBytes({ values: Uint16Array.from(values), width: 6, height: 3 })],
    ['a DICOM file of two frames that says one', dicomBytes({ values: Uint16Array.from(values), width: 6, height: 2 })],
  ])('are damage of %s', async (_, bytes) => {
    expect(await codeOf(bytes)).toBe('IMAGE_CORRUPT');
  });

  it.each<[string, Uint8Array]>([
    ['a BMP whose counts are 0', bmp(3, { pixels: 0, file: 0 })],
    ['a BMP that counts more than is there', bmp(4, { pixels: 134, file: 900 })],
    ['a PGM with zeros behind', pgm(4, Buffer.alloc(12))],
    ['a PGM with the serial number of a camera behind', pgm(4, Buffer.from('SN 12'))],
    ['a TIFF of fewer rows than a strip may have', tiff(4, 1000)],
  ])('are not seen in %s', async (_, bytes) => {
    expect(await codeOf(bytes)).toBe('read');
  });
});

it('a pixel of a BMP has a colour of its palette', async () => {
  const bytes = Buffer.alloc(54 + 4 * 3 + 8 * 4);
  bytes.write('BM');
  bytes.writeUInt32LE(54 + 12, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(size.width, 18);
  bytes.writeInt32LE(size.height, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(8, 28);
  bytes.writeUInt32LE(3, 46);
  bytes.fill(2, 66);
  expect(await codeOf(bytes)).toBe('read');
  bytes[70] = 3;
  expect(await codeOf(bytes)).toBe('IMAGE_CORRUPT');
});

describe('a PNG', () => {
  const chunk = (name: string, ...bytes: readonly number[]) => pngChunk(name, Uint8Array.from(bytes));
  const exif = chunk('eXIf', ...Buffer.from('49492a00080000000100120103000100000006000000', 'hex'), 0, 0, 0, 0);
  const ofEntries = (numbers: Uint8Array): Buffer =>
    palettePng({ ...size, data: numbers }, { colours: Uint8Array.of(0, 0, 0, 255, 0, 0, 9, 9, 9) });

  it('has a colour of its palette for every pixel, of an image as of a mask', async () => {
    const numbers = values.map((_, i) => i % 3);
    expect(await codeOf(ofEntries(numbers))).toBe('read');
    expect((await decodeMask(ofEntries(numbers), 'it')).values.filter((value) => value > 0)).toHaveLength(16);
    numbers[7] = 3;
    expect(await codeOf(ofEntries(numbers))).toBe('IMAGE_CORRUPT');
    await expect(decodeMask(ofEntries(numbers), 'it')).rejects.toMatchObject({ code: 'IMAGE_CORRUPT' });
  });

  it('is turned by an orientation that stands behind its pixels, and so is a mask', async () => {
    const png = await sharp(values, { raw: { ...size, channels: 1 } })
      .png()
      .toBuffer();
    const ahead = Buffer.concat([png.subarray(0, 33), exif, png.subarray(33)]);
    const behind = Buffer.concat([png.subarray(0, -12), exif, png.subarray(-12)]);
    const [one, other] = await Promise.all([ahead, behind].map((bytes) => decodePixels(bytes, 'it')));
    expect([one!.width, one!.height]).toEqual([4, 6]);
    expect(other).toEqual(one);
    expect(await decodeForView(behind, 'it', { longest: 3 })).toEqual(await decodeForView(ahead, 'it', { longest: 3 }));
    const mask = await decodeMask(behind, 'it');
    expect(mask).toEqual(await decodeMask(ahead, 'it'));
    expect([mask.width, mask.orientation]).toEqual([4, 6]);
    expect(unlikeInBrowser(behind)).toContain('orientation');
  });
});
