/** What a kill can leave of pictures lies where the next start removes it, and never among them. */
import { mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { TinyDisk } from '../../../test/support/tiny-disk.ts';
import { removeUnfinished, unfinishedIn } from '../folder/unfinished.ts';
import { PictureStore } from './picture-store.ts';

const folder = temporaryFolders();
const disk = TinyDisk.make(4);
if (!disk) console.warn('No disk may be mounted here: that pictures may lie on a disk of their own is not tested.');
afterAll(() => disk?.end());

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

it('says that none can be kept where one could not be, until it could', async () => {
  const root = await folder();
  const pictures = new PictureStore(root);
  await pictures.trial();
  const path = join(root, 'images/ab');
  await writeFile(path, 'in its place');
  await pictures.trial();
  const refused = { code: 'RECORDS_UNAVAILABLE', message: 'pictures cannot be kept in the data folder (EEXIST); try again' }; // biome-ignore format: one line
  await expect(pictures.addImage('ab'.repeat(32), Buffer.from('x'))).rejects.toMatchObject(refused);
  await expect(pictures.trial()).rejects.toMatchObject(refused);
  await rm(path);
  await pictures.trial();
  expect(await readdir(root, { recursive: true })).not.toContain(expect.stringMatching(/tmp$/));
});

it.skipIf(!disk)('keeps them on a disk of their own', async () => {
  const root = await folder();
  await symlink(disk!.folder, join(root, 'images'));
  const pictures = new PictureStore(root);
  await pictures.addImage('ab'.repeat(32), Buffer.from('a picture'));
  await pictures.trial();
  expect(String(await pictures.image('ab'.repeat(32)))).toBe('a picture');
  expect(await readdir(disk!.folder, { recursive: true })).toEqual(['ab', `ab/${'ab'.repeat(32)}`]);
  await disk!.fill();
  await expect(pictures.trial()).rejects.toMatchObject({ code: 'DISK_FULL' });
});
