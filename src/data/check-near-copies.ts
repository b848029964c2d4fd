/** The data check's word on near copies: how many there are, and which the part groups do not know of. */
import type { PartImage } from './dataset.ts';
import { findNearCopies, type NearCopyOptions } from './leak/near-copies.ts';

/** Plain JSON; names relative to the data set folder. */
export interface NearCopySummary {
  readonly pairs: number;
  /** Images that are in some pair. */
  readonly images: number;
  /** Pairs of different part groups: a fold may divide them. */
  readonly acrossGroups: number;
  /** Pairs of which one image is good and the other defective. */
  readonly acrossLabels: number;
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
  const copies = await findNearCopies(images, undefined, {
    ...(onPhase && { onPhase }),
    ...(onProgress && { onProgress }),
    ...(signal && { signal }),
  });
  const unknown = copies.filter(({ one, other }) => one.partGroup !== other.partGroup);
  return {
    pairs: copies.length,
    images: new Set(copies.flatMap(({ one, other }) => [one, other])).size,
    acrossGroups: unknown.length,
    acrossLabels: copies.filter(({ one, other }) => one.label !== other.label).length,
    unknown: unknown
      .slice(0, SHOWN)
      .map(({ one, other, similarity }) => ({ one: one.name, other: other.name, similarity })),
  };
}
