/**
 * The layout that people make by hand: good/ and defective/ (or synonyms), perhaps masks/. Sub-folders of defective/ are
 * defect classes.
 */
import { basename, join } from 'node:path';
import { byName, type Listing } from '../listing.ts';
import { isDefectiveName, isGoodName, type LabelledImage, type LayoutResult, maskStem, stem } from './layout.ts';

const isTop = (folder: string): boolean => !folder.includes('/');

/** Whether the folder has a folder of good images. */
export function isGoodDefective(listing: Listing): boolean {
  return listing.folders.some((folder) => isTop(folder) && isGoodName(folder));
}

const isMaskFolder = (name: string): boolean => name.toLowerCase() === 'masks';

/** Reads the layout. A mask is found by its image's whole path, its path below defective/, or its bare name if that is unique. */
export function readGoodDefective(root: string, listing: Listing): LayoutResult {
  const masks = new Map<string, string>();
  const labelled: string[] = [];
  let leftOut = 0;
  for (const path of listing.images) {
    const top = path.split('/', 1)[0]!;
    if (top === path) leftOut++;
    else if (isMaskFolder(top)) masks.set(maskStem(path.slice(top.length + 1)), path);
    else if (isGoodName(top) || isDefectiveName(top)) labelled.push(path);
    else leftOut++;
  }
  const bareNames = new Map<string, number>();
  const isDefective = (path: string): boolean => isDefectiveName(path.split('/', 1)[0]!);
  for (const path of labelled.filter(isDefective)) {
    const bare = basename(stem(path));
    bareNames.set(bare, (bareNames.get(bare) ?? 0) + 1);
  }
  const used = new Set<string>();
  const findMask = (path: string): string | undefined => {
    const whole = stem(path);
    // good/1.png and defective/1.png may both be there, and a mask of a bare name means the defective one
    const keys = [whole];
    if (isDefective(path)) {
      keys.push(whole.slice(whole.indexOf('/') + 1));
      if (bareNames.get(basename(whole)) === 1) keys.push(basename(whole));
    }
    const key = keys.find((candidate) => masks.has(candidate));
    if (key !== undefined) used.add(key);
    return key === undefined ? undefined : masks.get(key);
  };
  const images = labelled.map((name): LabelledImage => {
    const parts = name.split('/');
    const defective = isDefective(name);
    const mask = findMask(name);
    return {
      path: join(root, name),
      name,
      label: defective ? 'defective' : 'good',
      className: !defective ? 'good' : parts.length > 2 ? parts[1]! : 'defective',
      ...(mask !== undefined && { mask: join(root, mask) }),
    };
  });
  const notes: string[] = [];
  if (!labelled.some(isDefective))
    notes.push('There are no defective images: only a flow can be trained, and nothing judged.');
  const orphans = [...masks.keys()].filter((key) => !used.has(key)).sort(byName);
  if (orphans.length > 0) {
    notes.push(
      `${orphans.length} of ${masks.size} masks belong to no image, or to several of one name (${masks.get(orphans[0]!)}).`,
    );
  }
  if (leftOut > 0) notes.push(`${leftOut} images outside good/, defective/ and masks/ were left out.`);
  return { images, notes, problems: [], unusedMasks: orphans.map((key) => masks.get(key)!) };
}
