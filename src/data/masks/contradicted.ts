/** Good images that their own mask contradicts: nobody knows which of the two is right, so they are not learned as good. */
import { FelfriError } from '../../core/errors.ts';
import { readImageBytes } from '../image/files.ts';
import type { Problem } from '../listing.ts';
import type { PartImage } from '../part-image.ts';
import { believedMarks, colourOf, maskFiles } from './read.ts';
import { decodeMask } from './values.ts';

async function marksSomething({ mask, drawing, maskBackground }: PartImage): Promise<boolean> {
  if (mask === undefined) return false;
  if (drawing) return drawing.shapes.some(({ erases }) => !erases);
  for (const path of await maskFiles(mask)) {
    const file = await decodeMask(await readImageBytes(path), path, { background: colourOf(maskBackground) });
    if (believedMarks(file, path).count > 0) return true;
  }
  return false;
}

/** The good images among these whose mask marks a defect, with a sentence. A mask that cannot be read says nothing of its image. */
export async function contradictedByMasks(images: readonly PartImage[]): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const image of images) {
    if (image.label !== 'good') continue;
    const marks = await marksSomething(image).catch((error: unknown) => {
      if (error instanceof FelfriError) return false;
      throw error;
    });
    if (marks) {
      const message = `${image.mask}: it marks a defect, and ${image.name} is called good, so that it is not learned as good; correct one of the two`;
      problems.push({ name: image.name, code: 'MASK_UNCLEAR', message });
    }
  }
  return problems;
}
