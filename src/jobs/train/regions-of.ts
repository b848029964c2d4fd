/** Regions for the images of a training: read from a file, and held against the images' sizes. */

import type { PartImage } from '../../data/part-image.ts';
import { regionsInvalid } from '../../data/regions/check.ts';
import { hasProportions } from '../../data/regions/raster.ts';
import { readRegions } from '../../data/regions/read.ts';
import type { Regions } from '../../data/regions/schema.ts';
import { imageSizes } from '../../detectors/image-sizes.ts';

/** The regions of a file. Throws REGIONS_INVALID. */
export async function regionsOfFile(path: string, images: readonly PartImage[]): Promise<Regions> {
  const [first] = await imageSizes(images.slice(0, 3));
  return readRegions(path, first);
}

/** Throws REGIONS_INVALID where images have other proportions than the picture that the regions were drawn on. */
export async function requireSuited(regions: Regions, images: readonly PartImage[]): Promise<void> {
  const sizes = await imageSizes(images);
  const others = sizes.filter((size) => !hasProportions(regions, size));
  const [first] = others;
  if (!first) return;
  throw regionsInvalid(
    'regions',
    `${others.length} of ${sizes.length} images that were looked at have other proportions than the picture that the regions were drawn on (${regions.aspect.toFixed(3)}), such as ${first.width} x ${first.height}: regions would lie elsewhere on them; legal are images of one camera view`,
  );
}
