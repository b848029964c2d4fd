import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { tiffBytes } from '../../../test/support/tiff.ts';
import { encodeNpy } from '../image/npy.ts';
import { palettePng } from '../image/png.ts';
import { maskOfBytes, readMask, readTrustedMask } from './read.ts';
import { encodeMask } from './write.ts';

const newFolder = temporaryFolders();
const width = 32;
const height = 24;
const inBlob = (i: number): boolean => i % width >= 6 && i % width < 14 && i >= width * 5 && i < width * 12;
const blob = 8 * 7;

/** An image of samples by pixel. */
const raw = (channels: 1 | 2 | 3 | 4, sample: (i: number) => readonly number[]): Sharp =>
  sharp(Buffer.from(Array.from({ length: width * height }, (_, i) => sample(i)).flat()), {
    raw: { width, height, channels },
  });
const grey = (value: number): Sharp => raw(1, (i) => [inBlob(i) ? value : 0]);
const colour = (...rgb: number[]): Sharp => raw(3, (i) => (inBlob(i) ? rgb : [0, 0, 0]));
const deep = (value: number): Sharp =>
  sharp(
    Uint16Array.from({ length: width * height }, (_, i) => (inBlob(i) ? value : 0)),
    {
      raw: { width, height, channels: 1 },
    },
  ).toColourspace('grey16');

/** A palette PNG, entry by entry as it is written here. */
function indexedPng(
  colours: readonly number[],
  alphas: readonly number[] | undefined,
  index: (i: number) => number,
): Buffer {
  const data = Uint8Array.from({ length: width * height }, (_, i) => index(i));
  return palettePng(
    { width, height, data },
    { colours: Uint8Array.from(colours), alphas: alphas && Uint8Array.from(alphas) },
  );
}

const numpy = (values: Uint8Array | Float32Array, value: number): Uint8Array =>
  encodeNpy(
    values.map((_, i) => (inBlob(i) ? value : 0)),
    [height, width],
  );

/** A binary PGM of 16 bits. */
function pgm(largest: number, value: number): Buffer {
  const data = Buffer.alloc(width * height * 2);
  for (let i = 0; i < width * height; i++) data.writeUInt16BE(inBlob(i) ? value : 0, i * 2);
  return Buffer.concat([Buffer.from(`P5\n${width} ${height}\n${largest}\n`, 'latin1'), data]);
}

/** A BMP of a byte a pixel, bottom row first, with the colours of a palette. */
function paletteBmp(colours: readonly number[], index: (i: number) => number): Buffer {
  const head = Buffer.alloc(54 + 4 * (colours.length / 3));
  head.write('BM', 'latin1');
  const start = head.length;
  for (const [at, value] of [
    [2, start + width * height],
    [10, start],
    [14, 40],
    [18, width],
    [22, height],
    [26, 1 + (8 << 16)],
    [34, width * height],
    [46, colours.length / 3],
  ] as const)
    head.writeUInt32LE(value, at);
  for (let c = 0; c < colours.length / 3; c++)
    head.set([colours[3 * c + 2]!, colours[3 * c + 1]!, colours[3 * c]!], 54 + 4 * c);
  const rows = Uint8Array.from({ length: width * height }, (_, i) =>
    index((height - 1 - Math.floor(i / width)) * width + (i % width)),
  );
  return Buffer.concat([head, rows]);
}

const bmp = (colours: readonly number[]) => ({
  toBuffer: async () => paletteBmp(colours, (i) => (inBlob(i) ? 1 : 0)),
});

const double = (): Buffer => {
  const samples = Float64Array.from({ length: width * height }, (_, i) => (inBlob(i) ? 0.3 : 0));
  return Buffer.from(
    tiffBytes({ width, height, bits: 64, extra: [[339, 3, [3]]], data: new Uint8Array(samples.buffer) }),
  );
};

const plainPgm = `P2\n${width} ${height}\n1\n${Array.from({ length: width * height }, (_, i) => (inBlob(i) ? 1 : 0)).join(' ')}\n`;

const marks = async (bytes: Uint8Array): Promise<number> => {
  const { pixels, count } = await maskOfBytes(bytes, 'm', { width, height });
  expect(pixels.every((pixel, i) => !pixel || inBlob(i))).toBe(true);
  return count;
};

describe('a mask file', () => {
  it.each([
    ['0 and 255', () => grey(255).toColourspace('b-w').png()],
    ['0 and 1', () => grey(1).toColourspace('b-w').png()],
    ['class 9', () => grey(9).toColourspace('b-w').png()],
    ['red', () => colour(255, 0, 0).png()],
    ['pure blue', () => colour(0, 0, 255).png()],
    ['VOC class 1', () => colour(128, 0, 0).png()],
    ['VOC class 1 in a palette', () => colour(128, 0, 0).png({ palette: true })],
    ['1 bit', () => grey(255).toColourspace('b-w').png({ palette: true, colours: 2 })],
    ['16 bits, 1', () => deep(1).png()],
    ['16 bits, 65535', () => deep(65535).png()],
    ['16 bits TIFF', () => deep(300).tiff({ compression: 'lzw' })],
    ['16 bits PGM, class 1', () => ({ toBuffer: async () => pgm(65535, 1) })],
    ['PGM of 12 bits', () => ({ toBuffer: async () => pgm(4095, 4095) })],
    [
      'a NumPy array of float, 0 and 0.2',
      () => ({ toBuffer: async () => numpy(new Float32Array(width * height), 0.2) }),
    ],
    ['a NumPy array of classes', () => ({ toBuffer: async () => numpy(new Uint8Array(width * height), 3) })],
    ['BMP, 255', () => bmp([0, 0, 0, 255, 255, 255])],
    ['BMP, class 1', () => bmp([0, 0, 0, 1, 1, 1])],
    ['BMP, VOC class 1', () => bmp([0, 0, 0, 128, 0, 0])],
    ['TIFF of float64', () => ({ toBuffer: async () => double() })],
    ['a PGM of two levels', () => ({ toBuffer: async () => Buffer.from(plainPgm, 'latin1') })],
    ['TIFF', () => grey(2).toColourspace('b-w').tiff({ compression: 'lzw' })],
    ['lossless WebP', () => grey(3).webp({ lossless: true })],
    [
      'half transparent red on transparent black',
      () => raw(4, (i) => (inBlob(i) ? [255, 0, 0, 128] : [0, 0, 0, 0])).png(),
    ],
    [
      'half transparent red on transparent white',
      () => raw(4, (i) => (inBlob(i) ? [255, 0, 0, 90] : [255, 255, 255, 0])).png(),
    ],
    ['a black brush on a transparent layer', () => raw(4, (i) => [0, 0, 0, inBlob(i) ? 255 : 0]).png()],
    ['white marks with no alpha at all', () => raw(4, (i) => [...Array(3).fill(inBlob(i) ? 255 : 0), 0]).png()],
    ['grey and alpha', () => raw(2, (i) => (inBlob(i) ? [40, 255] : [0, 255])).png()],
    ['opaque', () => raw(4, (i) => [...Array(3).fill(inBlob(i) ? 1 : 0), 255]).png()],
  ])('of %s marks what is not background', async (_, make) => {
    expect(await marks(await make().toBuffer())).toBe(blob);
  });

  it('saved as JPEG marks the same within a pixel of its edge', async () => {
    for (const quality of [30, 60, 90]) {
      const { pixels, count } = await maskOfBytes(await grey(255).jpeg({ quality }).toBuffer(), 'm', { width, height });
      expect(Math.abs(count - blob)).toBeLessThanOrEqual(8);
      pixels.forEach((pixel, i) => {
        if (pixel) expect([i, i - 1, i + 1, i - width, i + width].some(inBlob)).toBe(true);
      });
    }
  });

  it.each([
    ['filled up with black', [0, 0, 0, 0, 0, 0], undefined, 0, 1],
    ['with black second, as optimisers sort', [128, 0, 0, 0, 0, 0], undefined, 1, 0],
    ['with white first and no black', [255, 255, 255, 0, 0, 9], undefined, 0, 1],
    ['with a transparent white first', [255, 255, 255, 255, 0, 0], [0, 128], 0, 1],
  ])('of a palette %s marks the entries that are no background', async (_, colours, alphas, background, mark) => {
    expect(await marks(indexedPng(colours, alphas, (i) => (inBlob(i) ? mark : background)))).toBe(blob);
  });

  it('of a coloured palette keeps classes that touch brighter ones', async () => {
    const colours = [0, 0, 0, 64, 0, 0, 192, 128, 0];
    const striped = indexedPng(colours, undefined, (i) => (inBlob(i) ? 1 + ((i % width) % 2) : 0));
    expect(await marks(striped)).toBe(blob);
  });

  it('is refused where it cannot be believed', async () => {
    const refusal = async (image: Sharp) => maskOfBytes(await image.png().toBuffer(), 'm', { width, height });
    await expect(refusal(raw(1, () => [255]))).rejects.toMatchObject({ code: 'MASK_UNCLEAR' });
    await expect(refusal(raw(1, (i) => [inBlob(i) ? 0 : 255]))).rejects.toThrow(/inverted/);
    await expect(maskOfBytes(await grey(6).jpeg().toBuffer(), 'm', { width, height })).rejects.toThrow(/near black/);
  });
});

describe('readMask', () => {
  const frame = { width, height };

  it('refuses another size, and tells a photograph that is turned by EXIF', async () => {
    const folder = await newFolder();
    const path = join(folder, 'p.jpg');
    const mask = join(folder, 'm.png');
    await writeFile(mask, await grey(255).png().toBuffer());
    await writeFile(path, await grey(9).jpeg().withMetadata({ orientation: 6 }).toBuffer());
    await expect(readMask({ path, mask }, { width: 30, height })).rejects.toMatchObject({ code: 'MASK_MISMATCH' });
    await expect(readMask({ path, mask }, { width: height, height: width })).rejects.toThrow(/EXIF orientation 6/);
    // upright for sure, by its size
    await writeFile(
      path,
      await raw(1, () => [9])
        .rotate(90)
        .jpeg()
        .withMetadata({ orientation: 6 })
        .toBuffer(),
    );
    expect((await readMask({ path, mask }, frame)).count).toBe(blob);
  });

  it('refuses a mask of a turned photograph where size cannot tell which frame it is of, unless it says so itself', async () => {
    const folder = await newFolder();
    const path = join(folder, 'p.jpg');
    const mask = join(folder, 'm.png');
    await writeFile(path, await grey(9).jpeg().withMetadata({ orientation: 3 }).toBuffer());
    await writeFile(mask, await grey(255).png().toBuffer());
    await expect(readMask({ path, mask }, frame)).rejects.toMatchObject({ code: 'MASK_UNCLEAR' });
    const pixels = Uint8Array.from({ length: width * height }, (_, i) => (inBlob(i) ? 1 : 0));
    await writeFile(mask, await encodeMask({ ...frame, pixels }));
    expect((await readMask({ path, mask }, frame)).pixels).toEqual(pixels);
  });

  it('refuses a mask that is turned where its image is not, unless its size tells', async () => {
    const folder = await newFolder();
    const path = join(folder, 'p.png');
    const mask = join(folder, 'm.png');
    await writeFile(path, await grey(9).png().toBuffer());
    for (const orientation of [2, 3, 4]) {
      await writeFile(mask, await grey(255).png().withMetadata({ orientation }).toBuffer());
      await expect(readMask({ path, mask }, frame)).rejects.toMatchObject({
        code: 'MASK_UNCLEAR',
        message: expect.stringContaining(`EXIF orientation ${orientation} of its own`),
      });
    }
    await writeFile(mask, await grey(255).png().withMetadata({ orientation: 1 }).toBuffer());
    expect((await readMask({ path, mask }, frame)).count).toBe(blob);
    await writeFile(mask, await grey(255).rotate(90).png().withMetadata({ orientation: 8 }).toBuffer());
    expect((await readMask({ path, mask }, frame)).count).toBe(blob);
  });

  it('is trusted only where it agrees with the label', async () => {
    const folder = await newFolder();
    const path = join(folder, 'p.png');
    await writeFile(path, await grey(9).png().toBuffer());
    const [marked, black] = [join(folder, 'm.png'), join(folder, 'b.png')];
    await writeFile(marked, await grey(255).png().toBuffer());
    await writeFile(black, await grey(0).png().toBuffer());
    const trusted = (label: 'good' | 'defective', mask: string) => readTrustedMask({ path, mask, label }, frame);
    await expect(trusted('defective', black)).rejects.toMatchObject({ code: 'MASK_EMPTY' });
    await expect(trusted('good', marked)).rejects.toMatchObject({ code: 'MASK_UNCLEAR' });
    expect((await trusted('good', black)).includes(1)).toBe(false);
    expect((await trusted('defective', marked)).includes(1)).toBe(true);
  });
});
