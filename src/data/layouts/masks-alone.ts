/**
 * Folders in which masks beside the images are all that says good or defective (KolektorSDD: kos01/Part5.jpg and Part5_label.bmp;
 * KolektorSDD2: train/10301.png and 10301_GT.png, also for good parts). The masks are opened: what marks nothing is good.
 */
import { join } from 'node:path';
import { FelfriError } from '../../core/errors.ts';
import { readImageBytes } from '../image/files.ts';
import type { Listing, Problem } from '../listing.ts';
import { markedPixels } from '../masks/rule.ts';
import { decodeMask } from '../masks/values.ts';
import { masksBeside } from './beside.ts';
import type { LabelledImage, LayoutResult } from './layout.ts';
import { sideOf } from './words.ts';

export const hasMasksAlone = ({ images }: Listing): boolean => masksBeside(images).masks.size > 0;

/** Reads the layout. An image without a mask is named and left out: nobody says that it is good. */
export async function readMasksAlone(root: string, listing: Listing): Promise<LayoutResult> {
  const { of, masks } = masksBeside(listing.images);
  const images: LabelledImage[] = [];
  const problems: Problem[] = [];
  for (const name of listing.images) {
    if (masks.has(name)) continue;
    try {
      const mask = of.get(name);
      if (mask === undefined) {
        throw new FelfriError(
          'DATASET_WORD',
          `${name}: has no mask beside it, so nothing says whether it is good; it is not used`,
        );
      }
      const { count } = markedPixels(await decodeMask(await readImageBytes(join(root, mask)), mask));
      const side = sideOf(name.split('/')[0]!);
      images.push({
        path: join(root, name),
        name,
        label: count > 0 ? 'defective' : 'good',
        className: count > 0 ? 'defective' : 'good',
        mask: join(root, mask),
        ...((side === 'train' || side === 'test') && { publishedSplit: side }),
      });
    } catch (error) {
      if (!(error instanceof FelfriError)) throw error;
      problems.push({ name, code: error.code, message: error.message });
    }
  }
  const notes = ['Masks beside the images say which are good: those whose mask marks nothing.'];
  return { images, notes, problems, unusedMasks: [] };
}
