/** What `npm pack` puts into its file: nothing that runs, or that npm warns of, where somebody installs it. */
import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readPackage, restore, stripPrepare } from '../scripts/bundled-dependencies.ts';
import { temporaryFolders } from './support/folder.ts';

const folder = temporaryFolders();

it('has no script of an install, and is put back to the byte', async () => {
  const path = join(await folder(), 'package.json');
  await copyFile(new URL('../package.json', import.meta.url), path);
  const before = await readFile(path);
  expect((await readPackage(path)).scripts).toHaveProperty('prepare');
  await stripPrepare(path);
  const { scripts = {}, ...rest } = await readPackage(path);
  for (const event of ['preinstall', 'install', 'postinstall', 'prepare']) expect(scripts).not.toHaveProperty(event);
  expect(rest).toEqual({ ...JSON.parse(before.toString()), scripts: undefined });
  await restore(path);
  expect(await readFile(path)).toEqual(before);
  // where nothing was taken out there is nothing to put back
  await restore(path);
  expect(await readFile(path)).toEqual(before);
});
