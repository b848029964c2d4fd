/** The photographs beside a manifest that it does not name: they are named and counted, and not used. */
import { readdir } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { byName, isFelfrisOwn, isImageFile } from '../listing.ts';
import type { LayoutResult } from './layout.ts';
import { masksOf } from './masks-alone.ts';

/** With the photographs that no row of its manifest names. */
export function withUnlisted(root: string, files: readonly string[], result: LayoutResult): LayoutResult {
  const { images, unusedMasks, problems } = result;
  const masks = images.flatMap(({ mask }) => (mask === undefined ? [] : relative(root, mask).split(sep).join('/')));
  const named = new Set([
    ...images.map(({ name }) => name),
    ...problems.map(({ name }) => name),
    ...masks,
    ...unusedMasks,
  ]);
  return { ...result, unlisted: masksOf(files).parts.filter((path) => !named.has(path)) };
}

/** The images of the folders that the rows of a manifest name; a manifest given by its path may lie beside much else. */
export async function namedFolders(root: string, { images }: LayoutResult, frames: boolean): Promise<string[]> {
  const folders = new Set(images.map(({ path }) => dirname(path)));
  const found: string[] = [];
  for (const folder of folders)
    for (const name of await readdir(folder))
      if (isImageFile(name, frames) && !(await isFelfrisOwn(join(folder, name))))
        found.push(relative(root, join(folder, name)).split(sep).join('/'));
  return found.sort(byName);
}
