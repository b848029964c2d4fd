/** Files that are put away: only those that were had, never what took their name meanwhile. */
import { readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolders } from '../../../../../test/support/folder.ts';
import { ASIDE, DONE, type FoundFile } from './scan.ts';
import { Shelves } from './shelves.ts';

const folder = temporaryFolders();

async function found(root: string, name: string): Promise<FoundFile> {
  const { size, mtimeMs, ino } = await stat(join(root, name));
  return { name, size, mtimeMs, ino };
}

async function texts(root: string, inner = ''): Promise<string[]> {
  const entries = await readdir(join(root, inner), { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name), 'utf8')));
}

it('moves the file that was had, and leaves another of its name where it is', async () => {
  const root = await folder();
  const shelves = new Shelves(root, 'move', join(root, 'had.jsonl'));
  const path = join(root, 'a.png');
  await writeFile(path, 'one');
  const one = await found(root, 'a.png');
  await writeFile(join(root, 'new'), 'two');
  await rename(join(root, 'new'), path);
  await shelves.put(one, false);
  expect(await readFile(path, 'utf8')).toBe('two');
  expect(await texts(root, DONE)).toEqual([]);
  await shelves.put(await found(root, 'a.png'), false);
  expect(await texts(root, DONE)).toEqual(['two']);
});

it('puts none away as done that comes while another of its name is moved', async () => {
  const root = await folder();
  const shelves = new Shelves(root, 'move', join(root, 'had.jsonl'));
  for (let i = 0; i < 100; i++) {
    const path = join(root, `${i}.png`);
    await writeFile(path, 'had');
    await writeFile(join(root, 'new'), `new ${i}`);
    const file = await found(root, `${i}.png`);
    await Promise.all([shelves.put(file, false), rename(join(root, 'new'), path)]);
    const done = await texts(root, DONE);
    expect(done).not.toContain(`new ${i}`);
    const kept = [...(await readFile(path, 'utf8').then((text) => [text], () => [])), ...(await texts(root, ASIDE))]; // biome-ignore format: one line
    expect(kept).toContain(`new ${i}`);
  }
});
