/** VisA (Zou et al. 2022) as it comes: an object's folder with Data/Images/{Normal,Anomaly} and Data/Masks/Anomaly. */
import { join } from 'node:path';
import type { Listing } from '../listing.ts';
import { foldersLeftOut, type LabelledImage, type LayoutResult, stem } from './layout.ts';
import { clashProblems, pairMasks } from './mask-pairs.ts';
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
  const at = (path: string): string => {
    const { word, name } = placeOf(path)!;
    return stem(`${word}/${name}`);
  };
  const kindOf = (path: string): string => placeOf(path)?.kind ?? '';
  const pairs = pairMasks(
    listing.images.filter((path) => kindOf(path) === 'images').map((image) => ({ image, keys: [at(image)] })),
    listing.images.filter((path) => isMaskName(kindOf(path))).map((mask) => ({ mask, key: at(mask) })),
  );
  const images: LabelledImage[] = [];
  const stray: string[] = [];
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
    if (pairs.clashes.has(name) && label === 'good') continue;
    const mask = pairs.of.get(name);
    images.push({
      path: join(root, name),
      name,
      label,
      className: label,
      ...(mask !== undefined && { mask: join(root, mask) }),
    });
  }
  const defective = new Set(images.flatMap(({ name, label }) => (label === 'defective' ? [name] : [])));
  const problems = [
    ...clashProblems(pairs.clashes, (name) => defective.has(name)),
    ...foldersLeftOut(stray, 'it is not used: legal are Data/Images/Normal and Data/Images/Anomaly'),
  ];
  return { images, notes: [], problems, unusedMasks: pairs.unused };
}
