/** The data check's word on near copies: how many there are, and which the part groups do not know of. */

import { type NearCopyOptions, NearCopySearch } from './leak/near-copies.ts';
import type { PartImage } from './part-image.ts';

/** Plain JSON; names relative to the data set folder. */
export interface NearCopySummary {
  readonly pairs: number;
  /** Images that are in some pair. */
  readonly images: number;
  /** Pairs of different part groups: a fold may divide them. */
  readonly acrossGroups: number;
  /** Of these, pairs whose part groups are both stated: they are believed, and worth a look. */
  readonly statedApart: number;
  /** Pairs of which one image is good and the other defective. */
  readonly acrossLabels: number;
  /** Likeness from which two images counted; null where there were too few images to look for more than equal files. */
  readonly likenessFrom: number | null;
  /** At most ten pairs of different part groups, most alike first. */
  readonly unknown: readonly { readonly one: string; readonly other: string; readonly similarity: number }[];
}

/** Pairs that are named. */
const SHOWN = 10;

/** Looks for near copies among all images. Throws INTERRUPTED. */
export async function summariseNearCopies(
  images: readonly PartImage[],
  { onPhase, onProgress, signal }: NearCopyOptions,
): Promise<NearCopySummary> {
  const control = { ...(onPhase && { onPhase }), ...(onProgress && { onProgress }), ...(signal && { signal }) };
  const search = await NearCopySearch.open(images, control);
  const copies = await search.within(control);
  const unknown = copies.filter(({ one, other }) => one.partGroup !== other.partGroup);
  return {
    pairs: copies.length,
    images: new Set(copies.flatMap(({ one, other }) => [one, other])).size,
    acrossGroups: unknown.length,
    statedApart: unknown.filter(({ one, other }) => one.groupStated && other.groupStated).length,
    likenessFrom: search.limit ?? null,
    acrossLabels: copies.filter(({ one, other }) => one.label !== other.label).length,
    unknown: unknown
      .slice(0, SHOWN)
      .map(({ one, other, similarity }) => ({ one: one.name, other: other.name, similarity })),
  };
}
