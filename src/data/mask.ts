/**
 * Masks: which pixels of an image are defect.
 */
import { FelfriError } from '../core/errors.ts';
import { readImage } from './image/decode.ts';

/** Grey values from here on are defect. Masks saved as JPEG or resized are not binary, so the middle is the border. */
export const maskThreshold = 128;

/**
 * Reads the mask of an image of the given size: [height, width], 1 where defect, 0 elsewhere.
 * Throws MASK_MISMATCH when the sizes differ, and what `readImage` throws.
 */
export async function readMask(path: string, width: number, height: number): Promise<Uint8Array> {
  const mask = await readImage(path, { channels: 1 });
  if (mask.width !== width || mask.height !== height) throw maskMismatch(path, mask, { width, height });
  return mask.data.map((value) => (value >= maskThreshold ? 1 : 0));
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The error for a mask of another size than its image. */
export function maskMismatch(path: string, mask: Size, image: Size): FelfriError {
  return new FelfriError(
    'MASK_MISMATCH',
    `${path}: the mask has ${mask.width} x ${mask.height} pixels, its image ${image.width} x ${image.height}; legal is the same size: export it again`,
    { subject: path },
  );
}
