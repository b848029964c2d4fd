/** Masks in folders of their own, and which image each is of: masks/2.png, defective/masks/2.png, defective/dent/GT/2.png. */
import { basename } from 'node:path';
import { folded } from '../spelling.ts';
import { stem } from './layout.ts';
import { type MaskPairs, pairMasks } from './mask-pairs.ts';
import { isMaskName } from './words.ts';

export const foldersOf = (path: string): string[] => path.split('/').slice(0, -1);

/** Folders that merely hold the photographs, where masks lie in a folder beside them (good/images, good/masks); no classes. */
export const isPhotographs = (folder: string): boolean => /^(images?|imgs?|photos?|photographs?|rgb)$/i.test(folder);

/** The folder that a folder of masks stands beside: scratch for scratch_mask. A label is no such word: bad_label is a defect. */
const besideFolder = (folder: string): string => folder.replace(/[_\-. ](masks?|gt|ground[_ -]?truth)$/i, '');

/** Photographs, and what lies in folders of masks. */
export interface SplitMasks {
  readonly photographs: readonly string[];
  readonly inFolders: readonly string[];
}

/** Splits images by their folders. Where all lie in a folder of masks, it is none. */
export function splitMasks(images: readonly string[]): SplitMasks {
  const all = new Set(
    images.flatMap((path) => foldersOf(path).map((_, i, parts) => folded(parts.slice(0, i + 1).join('/')))),
  );
  const isMasks = (folder: string, i: number, parts: readonly string[]): boolean => {
    const beside = besideFolder(folder);
    return isMaskName(folder) || (beside !== folder && all.has(folded([...parts.slice(0, i), beside].join('/'))));
  };
  const inFolders = images.filter((path) => foldersOf(path).some(isMasks));
  if (inFolders.length === images.length) return { photographs: images, inFolders: [] };
  const masks = new Set(inFolders);
  return { photographs: images.filter((path) => !masks.has(path)), inFolders };
}

/** A path as if masks and photographs lay in one folder, so that those of one name meet; `isMask` says which of the two it is. */
const joined = (path: string, isMask = false): string => {
  const folders = foldersOf(path);
  const masks = isMask ? folders.findIndex(isMaskName) : -1;
  const kept = folders.filter((folder, i) => i !== masks && !isPhotographs(folder));
  return [...(isMask && masks < 0 ? kept.map(besideFolder) : kept), basename(path)].join('/');
};

/**
 * The masks of images: by the image's whole path, its path below the top folder, or its bare name where that is unique. Of
 * `wholeOnly` images the whole path alone counts: good/1.png and defective/1.png may both be there, and masks/1.png means the
 * defective one.
 */
export function pairInFolders(
  masks: readonly string[],
  images: readonly string[],
  wholeOnly: ReadonlySet<string> = new Set(),
): MaskPairs {
  const bareNames = new Map<string, number>();
  for (const name of images) {
    const bare = folded(basename(stem(name)));
    if (!wholeOnly.has(name)) bareNames.set(bare, (bareNames.get(bare) ?? 0) + 1);
  }
  const sought = images.map((image) => {
    const whole = stem(joined(image));
    if (wholeOnly.has(image)) return { image, keys: [whole] };
    const bare = basename(whole);
    const below = whole.slice(whole.indexOf('/') + 1);
    return { image, keys: [whole, below, ...(bareNames.get(folded(bare)) === 1 ? [bare] : [])] };
  });
  return pairMasks(
    sought,
    masks.map((mask) => ({ mask, key: stem(joined(mask, true)) })),
  );
}
