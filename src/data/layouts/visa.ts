/** VisA (Zou et al. 2022) as it comes: an object's folder with Data/Images/{Normal,Anomaly} and Data/Masks/Anomaly. */
import { join } from 'node:path';
import type { Listing } from '../listing.ts';
import { foldersLeftOut, type LabelledImage, type LayoutResult, stem } from './layout.ts';
import { isDefectiveName, isGoodName, isMaskName } from './words.ts';

const placeOf = (path: string): { kind: string; word: string; name: string } | undefined => {
  const [data = '', kind = '', word, ...rest] = path.split('/');
  if (data.toLowerCase() !== 'data' || word === undefined || rest.length === 0) return undefined;
  return { kind: kind.toLowerCase(), word, name: rest.join('/') };
};

export const isVisa = ({ images }: Listing): boolean =>
  images.some((path) => {
    const place = placeOf(path);
    return place?.kind === 'images' && isGoodName(place.word);
  });

/** Reads the layout. Masks hold class numbers. */
export function readVisa(root: string, listing: Listing): LayoutResult {
  const masks = new Map<string, string>();
  const images: LabelledImage[] = [];
  const stray: string[] = [];
  for (const path of listing.images) {
    const place = placeOf(path);
    if (place && isMaskName(place.kind)) masks.set(stem(`${place.word}/${place.name}`).toLowerCase(), path);
  }
  for (const name of listing.images) {
    const place = placeOf(name);
    if (place && isMaskName(place.kind)) continue;
    const label = !place
      ? undefined
      : isGoodName(place.word)
        ? ('good' as const)
        : isDefectiveName(place.word)
          ? ('defective' as const)
          : undefined;
    if (place?.kind !== 'images' || label === undefined) {
      stray.push(name);
      continue;
    }
    const key = stem(`${place.word}/${place.name}`).toLowerCase();
    const mask = masks.get(key);
    masks.delete(key);
    images.push({
      path: join(root, name),
      name,
      label,
      className: label,
      ...(mask !== undefined && { mask: join(root, mask) }),
    });
  }
  const problems = foldersLeftOut(stray, 'it is not used: legal are Data/Images/Normal and Data/Images/Anomaly');
  return { images, notes: [], problems, unusedMasks: [...masks.values()] };
}
