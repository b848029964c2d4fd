/**
 * Masks that lie beside their images and are told by the end or the beginning of their name: `17_GT.png` beside `17.png`,
 * `Part5_label.bmp` beside `Part5.jpg`, `mask_17.png` beside `17.png`. They are masks, never parts.
 */
import { stem } from './layout.ts';

/** What a mask's name adds to its image's, behind or before it. */
const added = 'gt|groundtruth|ground_truth|label|mask|masks|seg|segmentation';
const behind = new RegExp(`[_\\-. ](${added})$`, 'i');
const before = new RegExp(`(^|/)(${added})[_\\-. ](?=[^/]+$)`, 'i');

/** The name, without its ending, of the image that a mask of this name would be of; undefined for a name that is no mask's. */
function imageOf(name: string): string | undefined {
  const image = behind.test(name) ? name.replace(behind, '') : name.replace(before, '$1');
  return image === name ? undefined : image.toLowerCase();
}

export interface BesideMasks {
  /** Masks by image, all paths relative to the folder. */
  readonly of: ReadonlyMap<string, string>;
  /** All that are masks. */
  readonly masks: ReadonlySet<string>;
}

/** The masks beside images. A name of such a form and no image of the rest of it is an image like any other. */
export function masksBeside(images: readonly string[]): BesideMasks {
  const byStem = new Map<string, string[]>();
  for (const image of images) {
    const key = stem(image).toLowerCase();
    byStem.set(key, [...(byStem.get(key) ?? []), image]);
  }
  const of = new Map<string, string>();
  const masks = new Set<string>();
  for (const path of images) {
    const image = imageOf(stem(path));
    const parts = image === undefined ? undefined : byStem.get(image);
    if (!parts) continue;
    masks.add(path);
    for (const part of parts) of.set(part, path);
  }
  return { of, masks };
}
