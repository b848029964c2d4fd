/** How large the images of a set are, upright. */
import { FelfriError } from '../core/errors.ts';
import { spread } from '../core/spread.ts';
import { readImageBytes } from '../data/image/files.ts';
import { readImageHeader } from '../data/image/header.ts';
import type { PartImage } from '../data/part-image.ts';

export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

interface NamedSize extends ImageSize {
  readonly name: string;
}

/** As their headers say, of those that have one; of some 200 at most from all over the list, which may be sorted by class, unless told otherwise. */
export async function imageSizes(images: readonly PartImage[], most = 200): Promise<NamedSize[]> {
  const sizes: NamedSize[] = [];
  for (const { path, name, raw } of spread(images, Math.min(most, images.length))) {
    try {
      const bytes = await readImageBytes(path, raw);
      const { width, height, turned } = await readImageHeader(bytes, path, Number.POSITIVE_INFINITY);
      sizes.push(turned ? { name, width: height, height: width } : { name, width, height });
    } catch (error) {
      if (!(error instanceof FelfriError)) throw error;
    }
  }
  return sizes;
}
