/** Where heat maps go: never onto an image, onto one another, or onto a file that felfri did not write. */
import { dirname, extname, join } from 'node:path';
import { FelfriError } from '../core/errors.ts';
import { beginningOf, realPathOf, requireWritableFile, requireWritableFolder } from '../core/outputs.ts';
import { isHeatMapOf } from '../inspect/heat-map-png.ts';
import type { FoundFile } from './image-files.ts';

/** Names that some file systems take for the same. */
const sameName = (name: string): string => name.normalize('NFC').toLowerCase();

/**
 * A name within the folder of maps for each image, ending in .png: its own with the ending replaced; where others are called the same (a.png and
 * a.jpg), its whole name and .png; where that is taken too (images of the same name from several folders), with a number. Sub-folders are kept.
 */
export function mapNames(names: readonly string[]): string[] {
  const stems = names.map((name) => name.slice(0, name.length - extname(name).length));
  const counts = new Map<string, number>();
  for (const stem of stems) counts.set(sameName(stem), (counts.get(sameName(stem)) ?? 0) + 1);
  // a folder of images may be called like a map
  const used = new Set(names.flatMap((name) => foldersOf(name)).map(sameName));
  const take = (wanted: string): string => {
    for (let number = 1; ; number++) {
      const name = `${wanted}${number === 1 ? '' : `-${number}`}.png`;
      if (used.has(sameName(name))) continue;
      used.add(sameName(name));
      return name;
    }
  };
  // those that share nothing first, so that their names do not depend on what lies beside them
  const alone = stems.map((stem) => (counts.get(sameName(stem)) === 1 ? take(stem) : undefined));
  return alone.map((name, i) => name ?? take(names[i]!));
}

const foldersOf = (name: string): string[] =>
  name
    .split('/')
    .slice(0, -1)
    .map((_, i, parts) => parts.slice(0, i + 1).join('/'));

/** Where a map is written, and what it is of: this image, by this model. */
export interface MapTarget {
  readonly path: string;
  readonly of: string;
}

/** The bundle that a real folder is, or lies in; undefined where it lies in none. */
async function bundleAround(folder: string): Promise<string | undefined> {
  for (let at = folder; ; at = dirname(at)) {
    // one that cannot be read is none, or none that can be asked for
    const manifest = await beginningOf(join(at, 'bundle.json')).catch(() => undefined);
    if (manifest !== undefined) return at;
    if (at === dirname(at)) return undefined;
  }
}

/**
 * Where each image's heat map goes. A map that is there is replaced by one of the same image by the same model alone. Throws, before anything is inspected: PATH_UNUSABLE where the folder cannot be written; OPTION_INVALID
 * where it is one that the images lie in, or part of a bundle; OUTPUT_EXISTS where a file stands in the way that is no such map.
 */
export async function mapTargets(
  folder: string,
  files: readonly FoundFile[],
  { model, overwrite }: { readonly model: string; readonly overwrite: boolean },
): Promise<MapTarget[]> {
  await requireWritableFolder(folder);
  const images = await Promise.all(files.map(({ path }) => realPathOf(path)));
  const holders = new Set(images.map((path) => dirname(path)));
  const targets = mapNames(files.map(({ name }) => name)).map((name) => join(folder, name));
  const known = new Set(images);
  const real = await Promise.all(targets.map((path) => realPathOf(path)));
  if (holders.has(await realPathOf(folder)) || real.some((path) => known.has(path))) {
    throw new FelfriError(
      'OPTION_INVALID',
      `--maps: ${folder} holds images that are to be inspected, and maps would mix with them; give a folder of its own`,
      { subject: 'maps' },
    );
  }
  const bundle = await bundleAround(await realPathOf(folder));
  if (bundle !== undefined) {
    throw new FelfriError(
      'OPTION_INVALID',
      `--maps: ${folder} is part of the bundle ${bundle}, which nothing is to be mixed with; give a folder of its own`,
      { subject: 'maps' },
    );
  }
  const all = targets.map((path, i) => ({ path, of: `${model} ${images[i]}` }));
  for (const { path, of } of all) {
    const isOwn = (bytes: Uint8Array): boolean => isHeatMapOf(bytes, of);
    await requireWritableFile(path, { isOwn, own: 'heat map of this image by this model', overwrite });
  }
  return all;
}
