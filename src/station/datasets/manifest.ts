/** The manifest of a station's data set: what `felfri train` reads, and what the data set's hash covers. */
import { sha256 } from '../../core/files.ts';
import type { DataSetImage } from '../contract/datasets.ts';

/** An image with the ending of its file. */
export type StoredImage = DataSetImage & { readonly format: string };

export const imageFile = ({ hash, format }: Pick<StoredImage, 'hash' | 'format'>): string => `images/${hash}.${format}`;
export const maskFile = (hash: string): string => `masks/${hash}.png`;

const header = 'image,mask,class,part_group';

/** Quoted, so that it may hold commas; control characters become spaces. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const cell = (text: string): string => `"${text.replace(/[\u0000-\u001f\u007f]/g, ' ').replaceAll('"', '""')}"`;

/**
 * A row for each labelled image, by hash. Images and masks are called by their SHA-256, so equal manifests mean equal content, whatever was
 * done in which order.
 */
export function manifestOf(images: readonly StoredImage[]): string {
  const rows = images
    .filter(({ label }) => label !== null)
    .sort((a, b) => (a.hash < b.hash ? -1 : 1))
    .map((image) => {
      const mask = image.mask === null ? '' : maskFile(image.mask);
      return [imageFile(image), mask, cell(image.className!), cell(image.partGroup)].join();
    });
  return `${[header, ...rows].join('\n')}\n`;
}

export const hashOfManifest = (images: readonly StoredImage[]): string => sha256(manifestOf(images));
