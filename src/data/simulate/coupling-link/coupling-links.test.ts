import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolders } from '../../../../test/support/folder.ts';
import type { SimulatedSet } from '../set-folder.ts';
import { simulateCouplingLinks } from './coupling-links.ts';

const folder = temporaryFolders();
const given = { seed: 4, parts: 10, imagesPerPart: 4, size: 96, defectiveShare: 0.5, testParts: 5 };
let root: string;
let set: SimulatedSet;
let rows: Record<string, string>[];

beforeAll(async () => {
  root = await folder();
  set = await simulateCouplingLinks({ ...given, outDir: join(root, 'set') });
  rows = parse(await readFile(set.manifest), { columns: true });
});

describe('a data set of coupling links', () => {
  test('with a published split trains on good links alone and tests on the share asked for', () => {
    expect(Object.keys(rows[0]!)).toEqual(['image', 'mask', 'class', 'part_group', 'fold', 'published_split']);
    const train = rows.filter((row) => row['published_split'] === 'train');
    const tested = rows.filter((row) => row['published_split'] === 'test');
    expect([train.length, tested.length]).toEqual([20, 20]);
    expect(train.every((row) => row['class'] === 'good')).toBe(true);
    expect(tested.filter((row) => row['class'] !== 'good')).toHaveLength(10);
    const trained = new Set(train.map((row) => row['part_group']));
    expect(tested.some((row) => trained.has(row['part_group']))).toBe(false);
  });

  test('is the same to the byte when made again, and states no split unless asked', async () => {
    const again = await simulateCouplingLinks({ ...given, outDir: join(root, 'again') });
    for (const { image, mask } of again.images) {
      for (const name of mask ? [image, mask] : [image]) {
        const [a, b] = await Promise.all([set, again].map(({ directory }) => readFile(join(directory, name))));
        expect(Buffer.compare(a!, b!)).toBe(0);
      }
    }
    const plain = await simulateCouplingLinks({
      ...{ seed: 1, parts: 1, imagesPerPart: 1, size: 64, defectiveShare: 0 },
      outDir: join(root, 'plain'),
    });
    expect(await readFile(plain.manifest, 'utf8')).toBe(
      'image,mask,class,part_group,fold\nimages/link000-00.png,,good,link000,0\n',
    );
  });

  test('refuses a test side as large as the whole', async () => {
    await expect(simulateCouplingLinks({ ...given, testParts: 10, outDir: join(root, 'never') })).rejects.toMatchObject(
      { code: 'OPTION_INVALID', subject: 'testParts' },
    );
  });
});
