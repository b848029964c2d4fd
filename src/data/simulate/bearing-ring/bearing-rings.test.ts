import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolders } from '../../../../test/support/folder.ts';
import { smallestMask } from '../defect-change.ts';
import type { SimulatedSet } from '../set-folder.ts';
import { simulateBearingRings } from './bearing-rings.ts';

const folder = temporaryFolders();
const given = { seed: 2, parts: 10, imagesPerPart: 6, size: 64, defectiveShare: 0.3 };
const progress: number[] = [];
let root: string;
let set: SimulatedSet;
let rows: Record<string, string>[];

beforeAll(async () => {
  root = await folder();
  set = await simulateBearingRings({
    ...given,
    outDir: join(root, 'set'),
    strips: true,
    onProgress: (done, total) => progress.push(done / total),
  });
  rows = parse(await readFile(set.manifest), { columns: true });
});

const grey = (path: string) => sharp(path).toColourspace('b-w').raw().toBuffer();

describe('a data set of bearing rings', () => {
  test('states image, mask, class, part group and fold of every patch, a ring in one fold', async () => {
    expect(Object.keys(rows[0]!)).toEqual(['image', 'mask', 'class', 'part_group', 'fold']);
    expect(rows).toHaveLength(60);
    expect(progress).toHaveLength(60);
    expect(progress.at(-1)).toBe(1);
    expect(new Set(rows.map((row) => `${row['part_group']} ${row['fold']}`)).size).toBe(10);
    expect(await readdir(join(set.directory, 'images'))).toEqual(rows.map((row) => row['image']!.slice(7)).sort());
  });

  test('has the share of defective patches, each with a mask of 0 and 255 that is not too small', async () => {
    const defective = rows.filter((row) => row['class'] !== 'good');
    expect(defective).toHaveLength(18);
    expect(new Set(defective.map((row) => row['class'])).size).toBeGreaterThanOrEqual(4);
    for (const row of rows) {
      expect(row['mask'] !== '').toBe(row['class'] !== 'good');
      if (!row['mask']) continue;
      const mask = await grey(join(set.directory, row['mask']));
      expect(mask.every((v) => v === 0 || v === 255)).toBe(true);
      expect(mask.filter((v) => v === 255).length).toBeGreaterThanOrEqual(smallestMask);
    }
  });

  test('cuts its patches out of the strips that it can write too', async () => {
    const strip = await grey(join(set.directory, 'strips', 'ring003-inner.png'));
    const patch = await grey(join(set.directory, 'images', 'ring003-inner-02.png'));
    expect(strip).toHaveLength(64 * 128);
    expect(Buffer.compare(strip.subarray(64 * 64), patch)).toBe(0);
  });

  test('is the same to the byte when made again', async () => {
    const again = await simulateBearingRings({ ...given, outDir: join(root, 'again') });
    const files = ['manifest.csv', ...again.images.flatMap(({ image, mask }) => [image, mask])].filter((name) => name);
    for (const name of files) {
      const [a, b] = await Promise.all([set, again].map(({ directory }) => readFile(join(directory, name))));
      expect(Buffer.compare(a!, b!)).toBe(0);
    }
  });

  test('stops in order, without a manifest', async () => {
    const outDir = join(root, 'stopped');
    const stop = new AbortController();
    const onProgress = () => stop.abort();
    await expect(simulateBearingRings({ ...given, outDir, onProgress, signal: stop.signal })).rejects.toMatchObject({
      code: 'INTERRUPTED',
    });
    expect(await readdir(outDir)).not.toContain('manifest.csv');
    await expect(simulateBearingRings({ ...given, outDir })).rejects.toMatchObject({ code: 'RUN_EXISTS' });
  });

  test('refuses illegal options by name', async () => {
    for (const wrong of [{ size: 65 }, { size: 32 }, { difficulty: 9 }, { parts: 0 }, { defectiveShare: -1 }]) {
      await expect(simulateBearingRings({ ...given, ...wrong, outDir: join(root, 'never') })).rejects.toMatchObject({
        code: 'OPTION_INVALID',
        subject: Object.keys(wrong)[0],
      });
    }
    expect(await readdir(root)).not.toContain('never');
  });
});
