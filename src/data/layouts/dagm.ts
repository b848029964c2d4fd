/** DAGM 2007: Train/ and Test/ with numbered images, and in Label/ a mask for each that is defective. */
import { join } from 'node:path';
import { FelfriError } from '../../core/errors.ts';
import type { Listing } from '../listing.ts';
import { type LabelledImage, type LayoutResult, maskStem, stem } from './layout.ts';
import { isMaskName, sideOf } from './words.ts';

/** Side and name of an image, or of a label where `label` is set; undefined for anything else. */
function placeOf(path: string): { side: 'train' | 'test'; name: string; label: boolean } | undefined {
  const parts = path.split('/');
  const side = sideOf(parts[0]!);
  if (side !== 'train' && side !== 'test') return undefined;
  if (parts.length === 2) return { side, name: parts[1]!, label: false };
  return parts.length === 3 && isMaskName(parts[1]!) ? { side, name: parts[2]!, label: true } : undefined;
}

/** Whether images lie in Train/ or Test/ themselves, with a folder of labels beside them. */
export const isDagm = ({ images }: Listing): boolean =>
  images.some((path) => placeOf(path)?.label) && images.some((path) => placeOf(path)?.label === false);

/** Reads the layout: an image is defective when it has a label. Throws DATASET_LAYOUT for a label without an image. */
export function readDagm(root: string, listing: Listing): LayoutResult {
  const labels = new Map<string, string>();
  for (const path of listing.images) {
    const place = placeOf(path);
    if (place?.label) labels.set(`${place.side}/${maskStem(place.name)}`, path);
  }
  const images = listing.images.flatMap((name): LabelledImage[] => {
    const place = placeOf(name);
    if (!place || place.label) return [];
    const key = `${place.side}/${stem(place.name)}`;
    const mask = labels.get(key);
    labels.delete(key);
    return [
      {
        path: join(root, name),
        name,
        label: mask === undefined ? 'good' : 'defective',
        className: mask === undefined ? 'good' : 'defective',
        publishedSplit: place.side,
        ...(mask !== undefined && { mask: join(root, mask) }),
      },
    ];
  });
  const notes = ['Images without a file in Label/ are good ones.'];
  const [unused] = labels.values();
  if (unused !== undefined) {
    // the defective image that it is for would count as good
    const why = `${unused}: a label that belongs to no image, while images without a label are good; legal is the name of its image: rename it, or take both away`;
    throw new FelfriError('DATASET_LAYOUT', why, { subject: unused });
  }
  return { images, notes, problems: [], unusedMasks: [] };
}
