/**
 * Folders in which masks are all that says good or defective, beside the images (KolektorSDD: kos01/Part5.jpg and
 * Part5_label.bmp; KolektorSDD2: train/10301.png and 10301_GT.png, also for good parts) or in a folder of masks (images/17.png and
 * masks/17.png). The masks are opened: what marks nothing is good.
 */
import { join } from 'node:path';
import { FelfriError } from '../../core/errors.ts';
import { readImageBytes } from '../image/files.ts';
import type { Listing, Problem } from '../listing.ts';
import { believedMarks } from '../masks/read.ts';
import { decodeMask } from '../masks/values.ts';
import { masksBeside } from './beside.ts';
import { foldersOf, pairInFolders, splitMasks } from './folders-of-masks.ts';
import type { LabelledImage, LayoutResult, Unannotated } from './layout.ts';
import { clashProblems } from './mask-pairs.ts';
import { settleUnannotated } from './unannotated.ts';
import { isGoodName, saysDefective, sideOf } from './words.ts';

/** Whether masks are all that says something of images: no folder calls them good or defective. */
export const hasMasksAlone = ({ images }: Listing): boolean => {
  const { photographs, inFolders } = splitMasks(images);
  if (masksBeside(photographs).masks.size > 0) return true;
  const labelled = photographs.some((path) =>
    foldersOf(path).some((folder) => isGoodName(folder) || saysDefective(folder)),
  );
  return inFolders.length > 0 && photographs.length > 0 && !labelled;
};

/** The masks of photographs, wherever they lie, and the photographs themselves. */
export function masksOf(images: readonly string[]) {
  const { photographs, inFolders } = splitMasks(images);
  const beside = masksBeside(photographs);
  const parts = photographs.filter((name) => !beside.masks.has(name));
  const inside = pairInFolders(inFolders, parts);
  return {
    parts,
    of: new Map([...beside.of, ...inside.of]),
    clashes: new Map([...beside.clashes, ...inside.clashes]),
    unused: [...beside.unused, ...inside.unused],
  };
}

/** The image by what its mask marks. Throws what reading it throws, and MASK_UNCLEAR where it cannot be believed. */
async function labelledBy(root: string, name: string, mask: string): Promise<LabelledImage> {
  const file = await decodeMask(await readImageBytes(join(root, mask)), mask);
  const label = believedMarks(file, mask).count > 0 ? 'defective' : 'good';
  const side = foldersOf(name).map(sideOf).find(Boolean);
  return {
    path: join(root, name),
    name,
    label,
    className: label,
    mask: join(root, mask),
    ...((side === 'train' || side === 'test') && { publishedSplit: side }),
  };
}

/**
 * Labels `names` (all photographs unless told) by their masks. Nobody says of an image without one that it is good, but for the
 * user. `homeless` are annotations that mark images which are not here.
 */
export async function readMasksAlone(
  root: string,
  listing: Listing,
  unannotated: Unannotated | undefined,
  names?: readonly string[],
  homeless: readonly string[] = [],
): Promise<LayoutResult> {
  const { parts, of, clashes, unused } = masksOf(listing.images);
  const asked = new Set(names ?? parts);
  const images: LabelledImage[] = [];
  const problems: Problem[] = clashProblems(clashes, () => false).filter(({ name }) => asked.has(name));
  const bare: string[] = [];
  for (const name of parts) {
    const mask = of.get(name);
    if (!asked.has(name) || clashes.has(name)) continue;
    if (mask === undefined) bare.push(name);
    else {
      await labelledBy(root, name, mask).then(
        (image) => images.push(image),
        (error: unknown) => {
          if (!(error instanceof FelfriError)) throw error;
          problems.push({ name, code: error.code, message: error.message });
        },
      );
    }
  }
  const rest = settleUnannotated(root, bare, unannotated, [...homeless, ...unused]);
  const told = images.length > 0 ? ['Masks say which images are good: those whose mask marks nothing.'] : [];
  return {
    images: [...images, ...rest.images],
    notes: [...told, ...rest.notes],
    problems: [...problems, ...rest.problems],
    unusedMasks: unused,
  };
}
