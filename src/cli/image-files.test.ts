import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../test/support/folder.ts';
import { heatMapPng } from '../inspect/heat-map-png.ts';
import { type FoundFiles, findImageFiles } from './image-files.ts';

const folder = temporaryFolders();
let root: string;

beforeAll(async () => {
  root = await folder();
  for (const path of ['shift 1/deep', 'notes', 'empty', '.hidden', 'maps'])
    await mkdir(join(root, path), { recursive: true });
  const names = ['b.png', 'a.JPG', 'raw.exr', 'scan', 'c.xyz', 'list.csv', 'Thumbs.db', '.d.png', 'notes/read.txt'];
  const data = new Uint8Array(12);
  const map = { shape: [1, 1, 1, 1], data: new Float32Array(1) };
  const heatMap = await heatMapPng({ width: 2, height: 2, channels: 3, data }, map, { low: 0, high: 1 });
  await writeFile(join(root, 'maps', 'b.png'), heatMap);
  for (const name of [...names, 'shift 1/e.png', 'shift 1/deep/f.tif', '.hidden/g.png'])
    await writeFile(join(root, name), 'x');
  await symlink(join(root, 'gone.png'), join(root, 'link.png'));
  await symlink(root, join(root, 'shift 1', 'round'));
});

const codes = ({ passedOver }: FoundFiles) =>
  Object.fromEntries(
    passedOver.map(({ error, files }) => [error.subject!.slice(root.length + 1), [error.code, files]]),
  );

describe('the files of a folder', () => {
  it('are raw frames of every ending where these are stated', async () => {
    const frames = join(await folder(), 'frames');
    await mkdir(frames);
    for (const name of ['a.bin', 'b.raw', 'c.frame']) await writeFile(join(frames, name), 'x');
    expect((await findImageFiles([frames], { frames: true })).files.map(({ name }) => name)).toHaveLength(3);
    const found = await findImageFiles([frames]);
    expect(found.files.map(({ name }) => name)).toEqual(['b.raw', 'c.frame']);
    expect(found.passedOver.map(({ error }) => error.code)).toEqual(['IMAGE_FORMAT']);
  });

  it('are its images; what may be a picture besides is named and counted, and what holds none is not', async () => {
    const found = await findImageFiles([root]);
    expect(found.files.map(({ name }) => name)).toEqual(['a.JPG', 'b.png']);
    expect(codes(found)).toEqual({
      'raw.exr': ['IMAGE_FORMAT', 1],
      scan: ['IMAGE_FORMAT', 1],
      'c.xyz': ['IMAGE_FORMAT', 1],
      'link.png': ['IMAGE_MISSING', 1],
      'shift 1': ['IMAGE_IS_DIRECTORY', 3],
    });
    expect(found.others).toBe(2);
  });

  it('are those of sub-folders, too, when asked; no folder is entered twice, and heat maps are none', async () => {
    const found = await findImageFiles([root], { recursive: true });
    expect(found.files.map(({ name }) => name)).toEqual(['a.JPG', 'b.png', 'shift 1/deep/f.tif', 'shift 1/e.png']);
    expect(Object.keys(codes(found))).not.toContain('shift 1');
    expect(found.others).toBe(4);
  });

  it('that is empty are missed beside those of another one, and refused alone', async () => {
    const found = await findImageFiles([join(root, 'empty'), join(root, 'c.xyz')]);
    // a file that is named is read by its content
    expect(found.files.map(({ name }) => name)).toEqual(['c.xyz']);
    expect(codes(found)).toEqual({ empty: ['IMAGE_MISSING', 0] });
    await expect(findImageFiles([join(root, 'empty')])).rejects.toMatchObject({ code: 'IMAGE_MISSING' });
    await expect(findImageFiles([join(root, 'shift 1', 'deep', '..')])).resolves.toMatchObject({
      files: [{ name: 'e.png' }],
    });
  });
});
