/**
 * What every layout gives: images with their labels, before part groups are settled.
 */
import type { PartImage } from '../dataset.ts';
import type { Problem } from '../listing.ts';

/** An image as its layout describes it; only a manifest may know the part group. */
export type LabelledImage = Omit<PartImage, 'partGroup' | 'groupStated'> & { readonly partGroup?: string };

export interface LayoutResult {
  readonly images: readonly LabelledImage[];
  readonly notes: readonly string[];
  readonly problems: readonly Problem[];
  /** Files that lie among the masks and belong to no image; paths relative to the folder. */
  readonly unusedMasks: readonly string[];
}

const goodNames = new Set(['good', 'ok', 'normal']);
const defectiveNames = new Set(['defective', 'ng', 'bad', 'anomaly', 'anomalous', 'abnormal', 'defect', 'defects']);

export const isGoodName = (name: string): boolean => goodNames.has(name.toLowerCase());
export const isDefectiveName = (name: string): boolean => defectiveNames.has(name.toLowerCase());

/** A path without its extension and without the `_mask` that some data sets add. */
export const maskStem = (path: string): string => stem(path).replace(/_mask$/i, '');

/** A path without its extension. */
export const stem = (path: string): string => path.replace(/\.[^./]*$/, '');
