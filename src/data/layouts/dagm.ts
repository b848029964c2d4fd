/** DAGM 2007: Train/ and Test/ with numbered images, and in Label/ a mask for each that is defective. */
import { join } from 'node:path';
import { FelfriError } from '../../core/errors.ts';
import type { Listing } from '../listing.ts';
import { folded } from '../spelling.ts';
import { readTextFile } from '../text-file.ts';
import { type LabelledImage, type LayoutResult, stem } from './layout.ts';
import { clashProblems, pairMasks } from './mask-pairs.ts';
import { isMaskName, sideOf } from './words.ts';

/** Side and name of an image, or of a label where `label` is set; undefined for anything else. */
function placeOf(path: string): { side: 'train' | 'test'; name: string; label: boolean } | undefined {
  const parts = path.split('/');
  const side = sideOf(parts[0]!);
  if (side !== 'train' && side !== 'test') return undefined;
  if (parts.length === 2) return { side, name: parts[1]!, label: false };
  return parts.length === 3 && isMaskName(parts[1]!) ? { side, name: parts[2]!, label: true } : undefined;
}

/** Whether images lie in Train/ or Test/ themselves, beside a folder with labels that are called as DAGM's are (0576_label.PNG). */
export const isDagm = ({ images }: Listing): boolean =>
  images.some((path) => placeOf(path)?.label && /_label$/i.test(stem(path))) &&
  images.some((path) => placeOf(path)?.label === false);

/** Images, as side and name without ending, to which the lists in Label/ (Labels.txt) give a label: it may be missing. */
async function listedDefects(root: string, { files }: Listing): Promise<Set<string>> {
  const found = new Set<string>();
  for (const file of files) {
    const place = /\.txt$/i.test(file) ? placeOf(file) : undefined;
    if (!place?.label) continue;
    for (const word of (await readTextFile(join(root, file))).split(/\s+/)) {
      const image = /^([^/]+)_label\.[a-z]+$/i.exec(word)?.[1];
      if (image !== undefined) found.add(folded(`${place.side}/${image}`));
    }
  }
  return found;
}

/**
 * Reads the layout: an image is defective when it has a label, or a list says that it has one. Throws DATASET_LAYOUT for a label
 * without an image.
 */
export async function readDagm(root: string, listing: Listing): Promise<LayoutResult> {
  const listed = await listedDefects(root, listing);
  const at = (path: string): string => {
    const { side, name } = placeOf(path)!;
    return stem(`${side}/${name}`);
  };
  const placed = listing.images.filter((path) => placeOf(path));
  const isLabel = (path: string): boolean => placeOf(path)!.label;
  const pairs = pairMasks(
    placed.filter((path) => !isLabel(path)).map((image) => ({ image, keys: [at(image)] })),
    placed.filter(isLabel).map((mask) => ({ mask, key: at(mask) })),
  );
  const images = placed.flatMap((name): LabelledImage[] => {
    if (isLabel(name)) return [];
    const mask = pairs.of.get(name);
    const isBare = mask === undefined && !pairs.clashes.has(name);
    const label = isBare && !listed.has(folded(at(name))) ? 'good' : 'defective';
    return [
      {
        path: join(root, name),
        name,
        label,
        className: label,
        publishedSplit: placeOf(name)!.side,
        ...(mask !== undefined && { mask: join(root, mask) }),
      },
    ];
  });
  const notes = ['Images without a file in Label/ are good ones.'];
  const [unused] = pairs.unused;
  if (unused !== undefined) {
    // the defective image that it is for would count as good
    const why = `${unused}: a label that belongs to no image, while images without a label are good; legal is the name of its image: rename it, or take both away`;
    throw new FelfriError('DATASET_LAYOUT', why, { subject: unused });
  }
  return { images, notes, problems: clashProblems(pairs.clashes, () => true), unusedMasks: [] };
}
