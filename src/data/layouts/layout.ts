/**
 * What every layout gives: images with their labels, before part groups are settled.
 */

import type { Listing, Problem } from '../listing.ts';
import type { PartImage } from '../part-image.ts';
import { isGoodName, saysDefective } from './words.ts';

/** An image as its layout describes it; only some layouts know the part group. */
export type LabelledImage = Omit<PartImage, 'partGroup' | 'groupStated'> & { readonly partGroup?: string };

export interface LayoutResult {
  readonly images: readonly LabelledImage[];
  readonly notes: readonly string[];
  readonly problems: readonly Problem[];
  /** Files that lie among the masks and belong to no image; paths relative to the folder. */
  readonly unusedMasks: readonly string[];
  /** Image files that a manifest or list beside them does not name; paths relative to the folder. */
  readonly unlisted?: readonly string[];
}

/** What the user says of photographs of which no annotation and no mask speaks: good parts all of them, or to be left out. */
export const unannotatedMeanings = ['good', 'leave-out'] as const;
export type Unannotated = (typeof unannotatedMeanings)[number];

/** A layout that is told by the folders: one row of the table. */
export interface FolderLayout {
  /** As documents call it, with the data sets that have it. */
  readonly title: string;
  /** What the folders look like, for errors and documents. */
  readonly folders: string;
  /** Files of such a folder, for the documents and a test: each must be taken in, as an image or as a mask. */
  readonly example: readonly string[];
  /** Whether it can hold images of which nothing says that they are good; `--unannotated` says what these are. */
  readonly leavesUnsaid: boolean;
  /** True for this layout and for none that stands after it in the table. */
  readonly recognise: (listing: Listing) => boolean;
  readonly read: (
    root: string,
    listing: Listing,
    unannotated: Unannotated | undefined,
  ) => Promise<LayoutResult> | LayoutResult;
}

/** A path without its extension. */
export const stem = (path: string): string => path.replace(/\.[^./]*$/, '');

/** Whether a folder below one of good parts says defective, or below one of defective parts says good; `folders` stand from the top down. */
export function isContradicted(label: 'good' | 'defective', folders: readonly string[]): boolean {
  return folders.some(label === 'good' ? saysDefective : isGoodName);
}

/** Folders whose names contradict each other: what lies there is neither learned as good nor judged as defective. */
export function foldersContradicted(paths: readonly string[]): Problem[] {
  const advice = 'it is not used: move it to where one of the two is true, or rename the folder';
  return perFolder(
    paths,
    (name, images) => `${name}: ${images} in folders of which one says good and another defective; ${advice}`,
  );
}

function perFolder(paths: readonly string[], say: (name: string, images: string) => string): Problem[] {
  const found = new Map<string, string[]>();
  for (const path of paths) {
    const folder = path.includes('/') ? `${path.slice(0, path.lastIndexOf('/'))}/` : path;
    found.set(folder, [...(found.get(folder) ?? []), path]);
  }
  return [...found].map(([name, images]) => ({
    name,
    code: 'DATASET_WORD',
    message: say(name, `${images.length} image${images.length === 1 ? '' : 's'}`),
    images,
  }));
}

/** A folder that is left out, by its first image; without a word to the user nothing is. */
export function foldersLeftOut(paths: readonly string[], advice: string): Problem[] {
  return perFolder(paths, (name, images) =>
    name.endsWith('/')
      ? `${name}: ${images} in a folder whose name says neither good nor defective; ${advice}`
      : `${name}: an image that no folder calls good or defective; ${advice}`,
  );
}
