/**
 * Which mask is whose, by names. A mask is called as its image is, perhaps with a word that says mask: `17.png`, `17_GT.bmp`,
 * `mask_17.png`, `17.jpg.png`. Names that are spelt alike come first; else capital letters do not count, where that leaves no doubt.
 */
import { extname } from 'node:path';
import { isImageEnding } from '../image/formats.ts';
import type { Problem } from '../listing.ts';
import { folded } from '../spelling.ts';

/** What a mask's name adds to its image's, behind or before it. */
const added = 'gt|groundtruth|ground_truth|label|labels|mask|masks|maske|seg|segmentation';
const behind = new RegExp(`[_\\-. ](${added})([_\\- ]?\\d{1,3})?$`, 'i');
const before = new RegExp(`(^|/)(${added})[_\\-. ](?=[^/]+$)`, 'i');

/** The name of the image that a mask would be of, both without ending; the same where the name says nothing of a mask. */
export const withoutMaskWord = (name: string): string =>
  behind.test(name) ? name.replace(behind, '') : name.replace(before, '$1');

export interface Sought {
  readonly image: string;
  /** What its mask may be called, without ending, the likeliest first. */
  readonly keys: readonly string[];
}

export interface Offered {
  readonly mask: string;
  /** What it is called, without ending. */
  readonly key: string;
}

export interface MaskPairs {
  readonly of: ReadonlyMap<string, string>;
  /** Images of which several masks, or several images of which one mask, may be meant, with a sentence. */
  readonly clashes: ReadonlyMap<string, string>;
  readonly unused: readonly string[];
}

const spellings = [(key: string): string => key, folded];
/** The image's name where a mask is called by all of it, as Supervisely writes them: photo for photo.jpg.png. */
const withoutImageEnding = (key: string): string => {
  const ending = extname(key);
  return isImageEnding(ending) ? key.slice(0, -ending.length) : key;
};
const forms = [
  (key: string): string => key,
  withoutMaskWord,
  (key: string): string => withoutImageEnding(withoutMaskWord(key)),
];

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
}

/** Pairs images with masks; what is in doubt gets none. */
export function pairMasks(sought: readonly Sought[], offered: readonly Offered[]): MaskPairs {
  const of = new Map<string, string>();
  const clashes = new Map<string, string>();
  const taken = new Set<string>();
  const clash = (image: string, masks: readonly string[]): void => {
    clashes.set(image, `${masks.join(' and ')} may both be its mask; unite them in one, or keep the right one`);
    for (const mask of masks) taken.add(mask);
  };
  for (const spell of spellings) {
    for (const form of forms) {
      const byKey = grouped(
        offered.filter(({ mask }) => !taken.has(mask)),
        ({ key }) => spell(form(key)),
      );
      const claims = new Map<string, Sought[]>();
      for (const one of sought) {
        if (of.has(one.image) || clashes.has(one.image)) continue;
        const found = one.keys.map((key) => byKey.get(spell(key))).find((masks) => masks !== undefined) ?? [];
        if (found.length > 1)
          clash(
            one.image,
            found.map(({ mask }) => mask),
          );
        else if (found[0]) claims.set(found[0].mask, [...(claims.get(found[0].mask) ?? []), one]);
      }
      for (const [mask, images] of claims) {
        taken.add(mask);
        const alike = new Set(images.map(({ keys }) => keys[0])).size === 1;
        for (const { image } of images) {
          if (alike) of.set(image, mask);
          else
            clashes.set(
              image,
              `${mask} may be the mask of any of ${images.map((one) => one.image).join(', ')}; give it the path of its image`,
            );
        }
      }
    }
  }
  // a second mask under a word of its own (17.png and 17_mask.png) is no better than the first
  const owners = new Map(sought.flatMap(({ image, keys }) => keys.map((key) => [key, image] as const)).reverse());
  for (const { mask, key } of offered) {
    const owner = taken.has(mask) || withoutMaskWord(key) === key ? undefined : owners.get(withoutMaskWord(key));
    const first = owner === undefined ? undefined : of.get(owner);
    if (owner === undefined || first === undefined) continue;
    of.delete(owner);
    clash(owner, [first, mask]);
  }
  return { of, clashes, unused: offered.flatMap(({ mask }) => (taken.has(mask) ? [] : [mask])) };
}

/** What a clash means: a defective image goes on without its mask, any other is left out. */
export function clashProblems(
  clashes: ReadonlyMap<string, string>,
  isDefective: (image: string) => boolean,
): Problem[] {
  return [...clashes].map(([name, why]) => ({
    name,
    code: 'MASK_UNCLEAR',
    message: `${name}: ${why}`,
    ...(isDefective(name) && { pixelsOnly: true }),
  }));
}
