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

it('lets no bundle be written over what the user has under the names of its files', async () => {
  const root = await newFolder();
  await writeTree(join(root, 'photos'), { 'good/a.png': 1, 'defective/b.png': 2 });
  const dataSet = await recogniseDataSet(join(root, 'photos'));
  const own = JSON.stringify({ configuration: {}, state: 'started' });
  const theirs: Record<string, string>[] = [
    { 'model.onnx': 'theirs' },
    { 'MODEL_CARD.md': '# theirs' },
    { 'run/metrics.jsonl': '{}' },
    { 'run/run.json': '{"name": "of another program"}' },
    { 'run/run.json': 'null' },
    { 'run/run.json': '{"name": "of another program"}', 'bundle.json': '{}' },
  ];
  for (const [i, files] of theirs.entries()) {
    const output = join(root, `theirs-${i}`);
    await writeTree(output, files);
    await expect(requireFree(output, dataSet), `${i}`).rejects.toMatchObject({ code: 'RUN_EXISTS' });
  }
  // what a start left that came to nothing is felfri's own, and a folder called run need hold nothing of the kind
  for (const files of [
    { 'run/run.json': own, 'MODEL_CARD.md': '' },
    { 'run/notes.txt': '', 'readme.md': '' },
  ]) {
    const output = join(root, `free-${Object.keys(files).length}-${'readme.md' in files}`);
    await writeTree(output, files);
    await requireFree(output, dataSet);
  }
});
