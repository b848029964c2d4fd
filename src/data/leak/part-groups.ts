/**
 * Part groups proposed from near copies: images that show one physical part, for a person to look over. Pairs are joined
 * from the most alike down, and two groups only where enough of their images are near copies of each other, so that a
 * chain of chance likenesses does not make one group of many parts.
 */

import { byName } from '../listing.ts';
import type { PartImage } from '../part-image.ts';
import type { NearCopy } from './near-copies.ts';

/** An image with the group proposed for it. */
export interface GroupedImage {
  readonly image: PartImage;
  /** 'part0001' and so on, in the order of the names; an image without near copy has a group of its own. */
  readonly group: string;
  /** Highest similarity to another image of the group, 0..1; null where no near copy of it is in the group. */
  readonly similarity: number | null;
}

/** The share of pairs across two groups that must be near copies before they become one. */
const LINKED_SHARE = 0.25;

interface Group {
  readonly members: PartImage[];
  /** Near copies to other groups: how many pairs. */
  readonly links: Map<Group, number>;
}

function join(one: Group, other: Group, groupOf: Map<PartImage, Group>): void {
  for (const image of other.members) groupOf.set(image, one);
  one.members.push(...other.members);
  for (const [third, count] of other.links) {
    if (third === one) continue;
    one.links.set(third, (one.links.get(third) ?? 0) + count);
    third.links.set(one, (third.links.get(one) ?? 0) + count);
    third.links.delete(other);
  }
  one.links.delete(other);
}

/**
 * Proposes a part group for each image from the near copies among them. Images that `known` gives one key stay together
 * whatever the pixels say.
 */
export function proposePartGroups(
  images: readonly PartImage[],
  copies: readonly NearCopy[],
  known?: (image: PartImage) => string,
): GroupedImage[] {
  const groupOf = new Map<PartImage, Group>();
  const byKey = new Map<string, Group>();
  for (const image of images) {
    const key = known?.(image);
    const group: Group = (key !== undefined && byKey.get(key)) || { members: [], links: new Map() };
    if (key !== undefined) byKey.set(key, group);
    group.members.push(image);
    groupOf.set(image, group);
  }
  const link = (from: Group, to: Group): void => void from.links.set(to, (from.links.get(to) ?? 0) + 1);
  for (const { one, other } of copies) {
    const [a, b] = [groupOf.get(one)!, groupOf.get(other)!];
    if (a === b) continue;
    link(a, b);
    link(b, a);
  }
  for (const { one, other } of [...copies].sort((p, q) => q.similarity - p.similarity)) {
    const [a, b] = [groupOf.get(one)!, groupOf.get(other)!];
    if (a === b) continue;
    if ((a.links.get(b) ?? 0) >= LINKED_SHARE * a.members.length * b.members.length) join(a, b, groupOf);
  }
  const best = new Map<PartImage, number>();
  for (const { one, other, similarity } of copies) {
    if (groupOf.get(one) !== groupOf.get(other)) continue;
    for (const image of [one, other]) best.set(image, Math.max(best.get(image) ?? 0, similarity));
  }
  const names = new Map<Group, string>();
  return [...images]
    .sort((p, q) => byName(p.name, q.name))
    .map((image) => {
      const group = groupOf.get(image)!;
      if (!names.has(group)) names.set(group, `part${String(names.size + 1).padStart(4, '0')}`);
      return {
        image,
        group: names.get(group)!,
        similarity: best.get(image) ?? null,
      };
    });
}

const cell = (value: string): string => (/[",;\t\n\r]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);

/**
 * The proposal as a manifest (CSV): image, mask, class, part_group, published_split where there is one, and the highest
 * similarity within the group. Paths are relative to the data set folder, so it is read from there. It states no folds, because
 * folds made before may divide a group.
 *
 * @param masks path of each image's mask relative to the data set folder, '' where there is none
 */
export function groupManifest(grouped: readonly GroupedImage[], masks: (image: PartImage) => string): string {
  const published = grouped.some(({ image }) => image.publishedSplit !== undefined);
  const header = ['image', 'mask', 'class', 'part_group', ...(published ? ['published_split'] : []), 'similarity'];
  const rows = grouped.map(({ image, group, similarity }) => [
    image.name,
    masks(image),
    image.className,
    group,
    ...(published ? [image.publishedSplit ?? ''] : []),
    similarity === null ? '' : similarity.toFixed(3),
  ]);
  return [header, ...rows].map((row) => `${row.map(cell).join(',')}\n`).join('');
}
