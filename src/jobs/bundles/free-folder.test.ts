import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolders, writeTree } from '../../../test/support/folder.ts';
import { recogniseDataSet } from '../../data/dataset.ts';
import { requireFree } from './free-folder.ts';

const newFolder = temporaryFolders();

it('lets no bundle be written among photographs, in whatever folder of them, by whatever link', async () => {
  const root = join(await newFolder(), 'photos');
  await writeTree(root, { 'good/a.png': 1, 'defective/dent/b.png': 2 });
  await symlink(join(root, 'good'), `${root}-link`);
  const dataSet = await recogniseDataSet(root);
  const places = [
    root,
    join(root, 'flow'),
    join(root, 'good', 'flow'),
    join(root, 'defective', 'flow'),
    `${root}-link/flow`,
  ];
  for (const place of places) await expect(requireFree(place, dataSet)).rejects.toMatchObject({ code: 'RUN_EXISTS' });
  await requireFree(`${root}-bundles`, dataSet);
});

it('lets one be written beside a manifest and what it names, but not within that', async () => {
  const root = await newFolder();
  await writeTree(root, {
    'images/a.png': 1,
    'images/b.png': 2,
    'manifest.csv': 'image,class\nimages/a.png,ok\nimages/b.png,dent\n',
  });
  const dataSet = await recogniseDataSet(root);
  await requireFree(join(root, 'bundles', 'flow'), dataSet);
  await mkdir(join(root, 'images', 'new'));
  await expect(requireFree(join(root, 'images', 'new'), dataSet)).rejects.toMatchObject({
    code: 'RUN_EXISTS',
    message: expect.stringContaining('where the images are'),
  });
});
