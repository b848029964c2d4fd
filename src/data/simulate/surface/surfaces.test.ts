import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolders } from '../../../../test/support/folder.ts';
import { readImage } from '../../image/decode.ts';
import type { SimulatedSet } from '../set-folder.ts';
import { simulateSurfaces } from './surfaces.ts';

const folder = temporaryFolders();
const given = { seed: 2, parts: 6, imagesPerPart: 2, size: 64 };
let root: string;
let set: SimulatedSet;

beforeAll(async () => {
  root = await folder();
  set = await simulateSurfaces({ ...given, outDir: join(root, 'set') });
});

describe('a data set of surfaces', () => {
  test('states every image as good, a surface in one fold', async () => {
    const rows = parse(await readFile(set.manifest), { columns: true }) as Record<string, string>[];
    expect(Object.keys(rows[0]!)).toEqual(['image', 'mask', 'class', 'part_group', 'fold']);
    expect(rows).toHaveLength(12);
    expect(rows.every((row) => row['class'] === 'good' && row['mask'] === '')).toBe(true);
    expect(new Set(rows.map((row) => `${row['part_group']} ${row['fold']}`)).size).toBe(6);
    const { width, height } = await readImage(join(set.directory, rows[11]!['image']!));
    expect([width, height]).toEqual([64, 64]);
  });

  test('is the same to the byte when made again', async () => {
    const again = await simulateSurfaces({ ...given, outDir: join(root, 'again') });
    for (const name of ['manifest.csv', ...again.images.map(({ image }) => image)]) {
      const [a, b] = await Promise.all([set, again].map(({ directory }) => readFile(join(directory, name))));
      expect(Buffer.compare(a!, b!)).toBe(0);
    }
  });

  test('stops in order, without a manifest, and writes over nothing', async () => {
    const outDir = join(root, 'stopped');
    const stop = new AbortController();
    const onProgress = () => stop.abort();
    await expect(simulateSurfaces({ ...given, outDir, onProgress, signal: stop.signal })).rejects.toMatchObject({
      code: 'INTERRUPTED',
    });
    expect(await readdir(outDir)).toEqual(['images']);
    await expect(simulateSurfaces({ ...given, outDir })).rejects.toMatchObject({ code: 'RUN_EXISTS' });
    await expect(simulateSurfaces({ ...given, outDir: join(root, 'never'), size: 65 })).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      subject: 'size',
    });
  });
});
