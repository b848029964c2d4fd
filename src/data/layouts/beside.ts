/**
 * Masks that lie beside their images and are told by the end or the beginning of their name: `17_GT.png` beside `17.png`,
 * `Part5_label.bmp` beside `Part5.jpg`, `mask_17.png` beside `17.png`. They are masks, never parts.
 */
import { folded } from '../spelling.ts';
import { stem } from './layout.ts';
import { type MaskPairs, pairMasks, withoutMaskWord } from './mask-pairs.ts';

export interface BesideMasks extends MaskPairs {
  /** All that are masks. */
  readonly masks: ReadonlySet<string>;
}

/** The masks beside images. A name of such a form and no image of the rest of it is an image like any other. */
export function masksBeside(images: readonly string[]): BesideMasks {
  const stems = new Set(images.map((image) => folded(stem(image))));
  const isMask = (path: string): boolean => {
    const bare = stem(path);
    const image = withoutMaskWord(bare);
    return image !== bare && stems.has(folded(image));
  };
  const masks = images.filter(isMask);
  const known = new Set(masks);
  const parts = images.filter((path) => !known.has(path));
  const pairs = pairMasks(
    parts.map((image) => ({ image, keys: [stem(image)] })),
    masks.map((mask) => ({ mask, key: withoutMaskWord(stem(mask)) })),
  );
  return { ...pairs, masks: known };
}
