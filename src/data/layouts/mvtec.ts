/**
 * The layout of MVTec AD (Bergmann et al. 2019): train/good, test/good, test/<class>, ground_truth/<class>/<stem>_mask.png.
 */
import { join } from 'node:path';
import type { Listing } from '../listing.ts';
import { isGoodName, type LabelledImage, type LayoutResult, maskStem, stem } from './layout.ts';

/** Whether the folder has train or test with a folder of good images in it. */
export function isMvtec(listing: Listing): boolean {
  return listing.folders.some((folder) => {
    const [side, name, ...rest] = folder.split('/');
    return (side === 'train' || side === 'test') && name !== undefined && rest.length === 0 && isGoodName(name);
  });
}

/** Reads the layout: the published split is the folder, the class is the sub-folder, masks are found by name. */
export function readMvtec(root: string, listing: Listing): LayoutResult {
  const masks = new Map<string, string>();
  for (const path of listing.images) {
    if (path.startsWith('ground_truth/')) masks.set(maskStem(path.slice('ground_truth/'.length)), path);
  }
  const maskCount = masks.size;
  const images: LabelledImage[] = [];
  const oddTraining = new Set<string>();
  let leftOut = 0;
  for (const name of listing.images) {
    const [side, folder, ...rest] = name.split('/');
    if (side === 'ground_truth') continue;
    if ((side !== 'train' && side !== 'test') || folder === undefined || rest.length === 0) {
      leftOut++;
      continue;
    }
    const good = isGoodName(folder);
    if (side === 'train' && !good) oddTraining.add(folder);
    // train and test number their images alike, and only test has ground truth
    const key = stem(`${folder}/${rest.join('/')}`);
    const mask = side === 'test' ? masks.get(key) : undefined;
    if (mask !== undefined) masks.delete(key);
    images.push({
      path: join(root, name),
      name,
      label: good ? 'good' : 'defective',
      className: good ? 'good' : folder,
      publishedSplit: side,
      ...(mask !== undefined && { mask: join(root, mask) }),
    });
  }
  const notes: string[] = [];
  if (oddTraining.size > 0) {
    notes.push(
      `train/ also holds defective images (${[...oddTraining].join(', ')}), which this layout does not foresee.`,
    );
  }
  if (masks.size > 0) notes.push(`${masks.size} of ${maskCount} masks in ground_truth/ belong to no image in test/.`);
  if (leftOut > 0) notes.push(`${leftOut} images outside train/<class>/ and test/<class>/ were left out.`);
  return { images, notes, problems: [], unusedMasks: [...masks.values()] };
}
