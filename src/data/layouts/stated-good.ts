/** A folder of which the user says where the good parts are (`--good`): all other images are defective ones. */
import { join, relative, resolve, sep } from 'node:path';
import { FelfriError } from '../../core/errors.ts';
import type { Listing } from '../listing.ts';
import { masksBeside } from './beside.ts';
import { type LabelledImage, type LayoutResult, maskStem, stem } from './layout.ts';
import { isDefectiveName, isMaskName } from './words.ts';

/** The stated folder below the root, '/' between parts, '' for the root itself: as a path of its own, or relative to the root. */
function insideRoot(root: string, good: string): string | undefined {
  const inside = (path: string): string | undefined => {
    const found = relative(root, path).split(sep).join('/');
    return found === '..' || found.startsWith('../') || resolve(path) !== join(root, found) ? undefined : found;
  };
  return inside(resolve(root, good)) ?? inside(resolve(good));
}

/** Throws OPTION_INVALID where there is no image in the stated folder. */
export function readStatedGood(root: string, listing: Listing, stated: string): LayoutResult {
  const beside = masksBeside(listing.images);
  const inMasks = (path: string): boolean => path.split('/').slice(0, -1).some(isMaskName);
  const parts = listing.images.filter((path) => !beside.masks.has(path) && !inMasks(path));
  const candidates = [insideRoot(root, stated), insideRoot(root, resolve(stated))];
  const isIn = (folder: string, path: string): boolean => folder === '' || path.startsWith(`${folder}/`);
  const good = candidates.find((folder) => folder !== undefined && parts.some((path) => isIn(folder, path)));
  if (good === undefined) {
    throw new FelfriError(
      'OPTION_INVALID',
      `--good: there is no image in '${stated}' below ${root}; legal is a folder of it that holds good parts, or . for all of it`,
      { subject: 'good' },
    );
  }
  const masks = new Map<string, string>();
  for (const path of listing.images.filter(inMasks)) masks.set(maskStem(path.split('/').at(-1)!), path);
  const images = parts.map((name): LabelledImage => {
    const isGood = isIn(good, name);
    const top = name
      .split('/')
      .slice(0, -1)
      .find((part) => !isDefectiveName(part));
    const mask = beside.of.get(name) ?? (isGood ? undefined : masks.get(stem(name.split('/').at(-1)!)));
    return {
      path: join(root, name),
      name,
      label: isGood ? 'good' : 'defective',
      className: isGood ? 'good' : (top ?? 'defective'),
      ...(mask !== undefined && { mask: join(root, mask) }),
    };
  });
  const used = new Set(images.flatMap(({ mask }) => mask ?? []));
  const unusedMasks = [...masks.values()].filter((path) => !used.has(join(root, path)));
  return { images, notes: [`Good is what lies in ${good || '.'}/, as stated.`], problems: [], unusedMasks };
}
