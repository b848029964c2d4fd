import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SimulatedSet } from '../set-folder.ts';
import { simulateRingFaces } from './ring-faces.ts';
import { type SimulatedClass, simulatePart } from './simulate-part.ts';

const given = { seed: 11, parts: 10, imagesPerPart: 3, size: 64, defectiveShare: 0.4 };
let folder: string;
let set: SimulatedSet;
const progress: number[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'felfri-simulate-'));
  set = await simulateRingFaces({
    ...given,
    outDir: join(folder, 'set'),
    onProgress: (done, total) => progress.push(done / total),
  });
});
afterAll(() => rm(folder, { recursive: true }));

async function readManifest(): Promise<Record<string, string>[]> {
  return parse(await readFile(set.manifest), { columns: true });
}

describe('a simulated data set', () => {
  test('has a manifest that names every file, with class, part group and fold', async () => {
    const rows = await readManifest();
    expect(Object.keys(rows[0]!)).toEqual(['image', 'mask', 'class', 'part_group', 'fold']);
    expect(rows).toHaveLength(30);
    expect(rows.map((row) => row.image!.slice('images/'.length))).toEqual(await readdir(join(set.directory, 'images')));
    const masks = rows.filter((row) => row.mask !== '').map((row) => row.mask!.slice('masks/'.length));
    expect(masks).toEqual(await readdir(join(set.directory, 'masks')));
    expect(progress).toHaveLength(30);
    expect(progress.at(-1)).toBe(1);
  });

  test('has the share of defects that was asked for, every class, in every fold', async () => {
    const rows = await readManifest();
    const defective = rows.filter((row) => row.class !== 'good');
    expect(defective).toHaveLength(12);
    for (const name of ['scratch', 'dent', 'rust'])
      expect(defective.filter((row) => row.class === name).length).toBe(4);
    for (const fold of ['0', '1', '2', '3', '4']) {
      const count = defective.filter((row) => row.fold === fold).length;
      expect(count).toBeGreaterThanOrEqual(2);
      expect(count).toBeLessThanOrEqual(3);
    }
    for (const row of rows) expect(row.mask === '').toBe(row.class === 'good');
  });

  test('keeps a part group in one fold', async () => {
    const foldOf = new Map<string, string>();
    for (const row of await readManifest()) {
      expect(foldOf.get(row.part_group!) ?? row.fold).toBe(row.fold);
      foldOf.set(row.part_group!, row.fold!);
    }
    expect(foldOf.size).toBe(10);
  });

  test('stores the pixels of simulatePart as 8-bit grey, masks as 0 and 255', async () => {
    const index = set.images.findIndex((row) => row.className !== 'good');
    const row = set.images[index]!;
    const expected = simulatePart(given.seed, {
      part: Math.floor(index / 3),
      image: index % 3,
      width: 64,
      className: row.className as SimulatedClass,
    });
    const meta = await sharp(join(set.directory, row.image)).metadata();
    expect([meta.format, meta.channels, meta.depth, meta.width, meta.height]).toEqual(['png', 1, 'uchar', 64, 64]);
    // without this sharp decodes grey to three channels
    const decode = (path: string) => sharp(join(set.directory, path)).toColourspace('b-w').raw().toBuffer();
    expect(Buffer.compare(await decode(row.image), expected.image)).toBe(0);
    const mask = await decode(row.mask);
    expect(mask.every((v, p) => v === 255 * expected.mask[p]!)).toBe(true);
  });

  test('is the same when made again', async () => {
    const again = await simulateRingFaces({ ...given, outDir: join(folder, 'again') });
    expect(again.images).toEqual(set.images);
    const { image } = again.images[7]!;
    const [a, b] = await Promise.all([again, set].map((made) => readFile(join(made.directory, image))));
    expect(Buffer.compare(a!, b!)).toBe(0);
  });

  test('is never mixed with what a folder already holds', async () => {
    await expect(simulateRingFaces({ ...given, outDir: set.directory })).rejects.toMatchObject({
      code: 'RUN_EXISTS',
    });
  });

  test('refuses illegal options before it writes', async () => {
    const outDir = join(folder, 'never');
    for (const wrong of [{ parts: 0 }, { imagesPerPart: 1.5 }, { defectiveShare: 1.1 }, { difficulty: 9 }]) {
      await expect(simulateRingFaces({ ...given, ...wrong, outDir })).rejects.toMatchObject({
        code: 'OPTION_INVALID',
        subject: Object.keys(wrong)[0],
      });
    }
    expect(await readdir(folder)).not.toContain('never');
  });
});
