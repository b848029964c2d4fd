/** `felfri data convert` and `felfri data check` on a folder of photographs with LabelMe files. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { plainPng, temporaryFolders, writeTree } from '../support/folder.ts';
import { felfri } from './felfri.ts';

const newFolder = temporaryFolders();
let photos: string;
beforeAll(async () => {
  photos = await newFolder();
  const file = (name: string, shapes: readonly object[]): string =>
    JSON.stringify({
      version: '5.4.1',
      flags: {},
      shapes,
      imagePath: name,
      imageData: null,
      imageHeight: 12,
      imageWidth: 16,
    });
  const points = [
    [2, 2],
    [6, 6],
  ];
  await writeTree(photos, {
    'a.png': await plainPng(90, 16, 12),
    'a.json': file('a.png', [{ label: 'dent', points, shape_type: 'rectangle' }]),
    'b.png': await plainPng(91, 16, 12),
    'b.json': file('b.png', []),
    'c.png': await plainPng(92, 16, 12),
  });
});

describe('felfri data', () => {
  it('checks the folder as it is, and names what nobody annotated', async () => {
    const { code, stdout } = await felfri(['data', 'check', photos, '--no-near-copies', '--quiet']);
    expect(code).toBe(3);
    expect(stdout).toContain('2 images, 1 good and 1 defective (dent 1, good 1)');
    expect(stdout).toContain('ANNOTATION_MISSING no annotation and no mask speaks of 1 image (c.png)');
  });

  it('converts it, says what it read back, and writes over nothing', async () => {
    const out = join(await newFolder(), 'coco');
    const args = ['data', 'convert', photos, '-o', out, '--to', 'coco', '--json', '--quiet'];
    const { code, stdout } = await felfri(args);
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ images: 2, defective: 1, pixels: 25, lost: 0, added: 0, changed: [] });
    const coco = JSON.parse(await readFile(join(out, 'annotations/instances_default.json'), 'utf8')) as {
      annotations: object[];
    };
    expect(coco.annotations).toEqual([expect.objectContaining({ area: 25, bbox: [2, 2, 5, 5] })]);
    const before = await readdir(out, { recursive: true });
    const again = await felfri(args);
    expect(again.code).toBe(2);
    expect(again.stderr).toContain('OUTPUT_EXISTS');
    expect(await readdir(out, { recursive: true })).toEqual(before);
  });
});
