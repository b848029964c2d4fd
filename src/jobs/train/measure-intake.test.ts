import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dicomBytes } from '../../../test/support/dicom.ts';
import { plainPng, temporaryFolders } from '../../../test/support/folder.ts';
import { tiffBytes } from '../../../test/support/tiff.ts';
import { encodeNpy } from '../../data/image/npy.ts';
import type { Pixels } from '../../data/image/raster.ts';
import type { PartImage } from '../../data/part-image.ts';
import { measureIntake } from './measure-intake.ts';

const folder = temporaryFolders();

async function setOf(files: readonly (readonly [name: string, bytes: Uint8Array])[]): Promise<PartImage[]> {
  const root = await folder();
  return Promise.all(
    files.map(async ([name, bytes]) => {
      const path = join(root, name);
      await writeFile(path, bytes);
      const label = name.startsWith('d') ? 'defective' : 'good';
      return { path, name, label, className: label, partGroup: name } as PartImage;
    }),
  );
}

const npy = (values: Pixels): Uint8Array => encodeNpy(values, [2, values.length / 2]);

const dicom = (centre: number): Uint8Array =>
  dicomBytes({ values: Uint16Array.of(1, 2, 3, 4), width: 2, window: { centre, width: 101 } });

describe('measureIntake', () => {
  it('takes the window of DICOM files where all propose the same, and refuses it elsewhere', async () => {
    const alike = await setOf([
      ['a.dcm', dicom(500)],
      ['b.dcm', dicom(500)],
    ]);
    expect(await measureIntake(alike, { range: 'window' }, {})).toEqual({
      sample: 'uint16',
      range: { low: 449.5, high: 549.5 },
    });
    const apart = await setOf([
      ['a.dcm', dicom(500)],
      ['b.dcm', dicom(600)],
    ]);
    const none = await setOf([['a.npy', npy(Uint16Array.of(1, 2, 3, 4))]]);
    for (const images of [apart, none]) {
      await expect(measureIntake(images, { range: 'window' }, {})).rejects.toMatchObject({ code: 'OPTION_INVALID' });
    }
  });

  it('leaves images of 8 bits as they are, and refuses a range for them', async () => {
    const images = await setOf([['a.png', await plainPng(7)]]);
    expect(await measureIntake(images, {}, {})).toBeUndefined();
    await expect(measureIntake(images, { range: { low: 0, high: 99 } }, {})).rejects.toMatchObject({
      code: 'OPTION_INVALID',
    });
    expect(await measureIntake(images, { bands: [2] }, {})).toEqual({
      sample: 'uint8',
      range: { low: 0, high: 255 },
      bands: [2],
    });
    expect(await measureIntake(images, { bands: 'mean' }, {})).toMatchObject({ sample: 'uint8', bands: 'mean' });
  });

  it('keeps what raw frames are, of 8 bits and of more', async () => {
    for (const [raw, bytes, sample, high] of [
      ['2x1:Mono8', [1, 2], 'uint8', 255],
      ['2x1:Mono12p', [1, 2, 3], 'uint16', 4095],
    ] as const) {
      const images = (await setOf([['a.bin', Uint8Array.from(bytes)]])).map((image) => ({ ...image, raw }));
      expect(await measureIntake(images, {}, {})).toEqual({ sample, range: { low: 0, high }, raw });
    }
  });

  it('takes what is asked for, else what every file states', async () => {
    const packed = tiffBytes({ width: 2, height: 1, bits: 12, data: Uint8Array.from([0x3e, 0x87, 0xff]) });
    const images = await setOf([['a.tif', packed]]);
    expect(await measureIntake(images, {}, {})).toEqual({ sample: 'uint16', range: { low: 0, high: 4095 } });
    const range = { low: 100, high: 2000 };
    expect(await measureIntake(images, { range }, {})).toEqual({ sample: 'uint16', range });
  });

  it('gives whole numbers the bits that the largest value of good images needs', async () => {
    for (const [largest, high] of [
      [4095, 4095],
      [4096, 8191],
      [65_535, 65_535],
      [3, 255],
    ] as const) {
      const images = await setOf([
        ['a.npy', npy(Uint16Array.from([1, largest, 0, 2]))],
        ['d.npy', npy(Uint16Array.from([1, 65_535, 0, 2]))],
      ]);
      expect((await measureIntake(images, {}, {}))?.range).toEqual({ low: 0, high });
    }
  });

  it('gives float values their extent and a tenth beyond', async () => {
    const images = await setOf([['a.npy', npy(Float32Array.from([-1, 0, 3, 9]))]]);
    expect(await measureIntake(images, {}, {})).toEqual({ sample: 'float32', range: { low: -2, high: 10 } });
  });

  it('goes by the depth of most images, and by what can be read', async () => {
    const deep = npy(Uint16Array.from([1, 900, 0, 2]));
    const images = await setOf([
      ['a.npy', deep],
      ['b.npy', deep],
      ['c.png', await plainPng(7)],
      ['e.png', new Uint8Array(9)],
    ]);
    expect((await measureIntake(images, {}, {}))?.range.high).toBe(1023);
  });
});
