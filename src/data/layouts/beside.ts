/**
 * Masks that lie beside their images and are told by the end of their name: `17_GT.png` beside `17.png`, `Part5_label.bmp`
 * beside `Part5.jpg`. They are masks, never parts.
 */
import { stem } from './layout.ts';

/** What a mask's name adds to its image's. */
const besideSuffix = /[_\-. ](gt|groundtruth|ground_truth|label|mask|masks|seg|segmentation)$/i;

export interface BesideMasks {
  /** Masks by image, all paths relative to the folder. */
  readonly of: ReadonlyMap<string, string>;
  /** All that are masks. */
  readonly masks: ReadonlySet<string>;
}

/** The masks beside images. A name with such an end and no image of the rest of it is an image like any other. */
export function masksBeside(images: readonly string[]): BesideMasks {
  const byStem = new Map<string, string[]>();
  for (const image of images) {
    const key = stem(image).toLowerCase();
    byStem.set(key, [...(byStem.get(key) ?? []), image]);
  }
  const of = new Map<string, string>();
  const masks = new Set<string>();
  for (const path of images) {
    const name = stem(path);
    if (!besideSuffix.test(name)) continue;
    const parts = byStem.get(name.replace(besideSuffix, '').toLowerCase());
    if (!parts) continue;
    masks.add(path);
    for (const part of parts) of.set(part, path);
  }
  return { of, masks };
}
