/** What a kill can leave of pictures lies where the next start removes it, and never among them. */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { removeUnfinished, unfinishedIn } from '../folder/unfinished.ts';
import { PictureStore } from './picture-store.ts';

const folder = temporaryFolders();

it('writes a picture beside the others, and only then among them', async () => {
  const root = await folder();
  const pictures = new PictureStore(root);
  const hash = 'ab'.repeat(32);
  let isDone = false;
  const done = pictures.addImage(hash, Buffer.alloc(50_000_000)).then(() => {
    isDone = true;
  });
  const among = new Set<string>();
  const beside = new Set<string>();
  while (!isDone) {
    for (const name of await readdir(join(root, 'images/ab')).catch(() => [])) among.add(name);
    for (const name of await readdir(unfinishedIn(root)).catch(() => [])) beside.add(name);
  }
  await done;
  expect([...among].filter((name) => name !== hash)).toEqual([]);
  expect([...beside]).toEqual([expect.stringMatching(new RegExp(`^${hash}\\.[0-9a-f]{8}\\.tmp$`))]);
  expect(await readdir(join(root, 'images/ab'))).toEqual([hash]);

  // as a kill leaves it
  await mkdir(join(unfinishedIn(root), 'bundle'), { recursive: true });
  await writeFile(join(unfinishedIn(root), 'x.tmp'), 'half');
  await removeUnfinished(root);
  expect((await readdir(root)).sort()).toEqual(['images']);
});
