/** The pictures of a set without what they share: all that near copies are looked for in. */
import type { Breath } from './breath.ts';
import { type Bytes, localContrast, logarithm, type Plane, reduce, smooth, toBytes } from './contrast.ts';
import { type Design, estimateDesign } from './design.ts';
import type { Displacement } from './displacement.ts';
import { familiesOf } from './families.ts';
import type { Thumbnail } from './thumbnails.ts';
import { withoutDesign } from './without-design.ts';

/** Thumbnail pixels along a pixel of the coarse picture. */
export const COARSE = 4;
/** Radii of local contrast: shading and exposure are taken off by the wide one, what is left of them by the other. */
const WIDE = 12;
const NARROW = 8;
/** Images by which the design is estimated. */
const SAMPLE = 200;
/** Images from which on what they share can be told from what is one part's alone. */
export const fewestForDesign = 8;

/** One image without what the set shares; 46 KB. */
export interface Residual {
  /** As many pixels as the thumbnail. */
  readonly fine: Bytes;
  readonly coarse: Plane;
  /** Where the image lies on the design; undefined where it does not show it. */
  readonly place: Displacement | undefined;
}

const contrastOf = (thumbnail: Thumbnail): Plane => localContrast(logarithm(thumbnail), WIDE);

async function designsOf(thumbnails: readonly (Thumbnail | undefined)[], breath: Breath): Promise<Design[]> {
  const read = thumbnails.filter((thumbnail) => thumbnail !== undefined);
  const step = Math.max(1, Math.ceil(read.length / SAMPLE));
  const planes: Plane[] = [];
  for (let k = 0; k < read.length; k += step) {
    planes.push(contrastOf(read[k]!));
    await breath();
  }
  const families = await familiesOf(
    planes.map((plane) => reduce(plane, COARSE)),
    breath,
  );
  const designs: Design[] = [];
  for (const family of families) {
    designs.push(
      await estimateDesign(
        family.map((k) => planes[k]!),
        breath,
      ),
    );
  }
  return designs;
}

/** Residuals in the order of the thumbnails, which are let go one by one: at 10,000 images both would be too much. */
export async function residualsOf(
  thumbnails: (Thumbnail | undefined)[],
  breath: Breath,
): Promise<(Residual | undefined)[]> {
  const designs = await designsOf(thumbnails, breath);
  const residuals: (Residual | undefined)[] = [];
  for (let k = 0; k < thumbnails.length; k++) {
    const thumbnail = thumbnails[k];
    thumbnails[k] = undefined;
    if (!thumbnail) {
      residuals.push(undefined);
      continue;
    }
    const { left, place } = withoutDesign(contrastOf(thumbnail), designs);
    const fine = toBytes(localContrast(smooth(left), NARROW));
    residuals.push({ fine, coarse: reduce(left, COARSE), place });
    await breath(k + 1, thumbnails.length);
  }
  return residuals;
}
