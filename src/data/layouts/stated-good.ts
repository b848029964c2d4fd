/** A folder of which the user says where the good parts are (`--good`): all other images are defective ones. */
import { join, relative, resolve, sep } from 'node:path';
import { FelfriError } from '../../core/errors.ts';
import type { Listing } from '../listing.ts';
import { masksBeside } from './beside.ts';
import { type LabelledImage, type LayoutResult, stem } from './layout.ts';
import { clashProblems, pairMasks } from './mask-pairs.ts';
import { twinProblems, twinsOf } from './twins.ts';
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
  const twins = twinsOf(listing.images.filter((path) => !inMasks(path)));
  const noParts = new Set([...beside.masks, ...twins.values()]);
  const parts = listing.images.filter((path) => !noParts.has(path) && !inMasks(path));
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
  const bare = (path: string): string => stem(path.split('/').at(-1)!);
  const pairs = pairMasks(
    parts.filter((path) => !isIn(good, path)).map((image) => ({ image, keys: [bare(image)] })),
    listing.images.filter(inMasks).map((mask) => ({ mask, key: bare(mask) })),
  );
  const clashes = new Map([...beside.clashes, ...pairs.clashes]);
  const usable = parts.filter((path) => !isIn(good, path) || !clashes.has(path));
  const images = usable.map((name): LabelledImage => {
    const isGood = isIn(good, name);
    const top = name
      .split('/')
      .slice(0, -1)
      .find((part) => !isDefectiveName(part));
    const mask = clashes.has(name) ? undefined : (beside.of.get(name) ?? pairs.of.get(name));
    return {
      path: join(root, name),
      name,
      label: isGood ? 'good' : 'defective',
      className: isGood ? 'good' : (top ?? 'defective'),
      ...(mask !== undefined && { mask: join(root, mask) }),
    };
  });
  const used = new Set(images.flatMap(({ mask }) => mask ?? []));
  const all = [...beside.masks, ...listing.images.filter(inMasks)];
  const unusedMasks = all.filter((path) => !used.has(join(root, path)));
  const problems = [...twinProblems(twins), ...clashProblems(clashes, (name) => !isIn(good, name))];
  return { images, notes: [`Good is what lies in ${good || '.'}/, as stated.`], problems, unusedMasks };
}
