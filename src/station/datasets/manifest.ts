/** The manifest of a station's data set: what `felfri train` reads, and what the data set's hash covers. */
import type { DataSetImage } from '../contract/datasets.ts';

/** An image with the ending of its file. */
export type StoredImage = DataSetImage & { readonly format: string };

export const imageFile = ({ hash, format }: Pick<StoredImage, 'hash' | 'format'>): string => `images/${hash}.${format}`;
export const maskFile = (hash: string): string => `masks/${hash}.png`;

const header = 'image,mask,class,part_group';

/** Quoted, so that it may hold commas; control characters become spaces. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const cell = (text: string): string => `"${text.replace(/[\u0000-\u001f\u007f]/g, ' ').replaceAll('"', '""')}"`;

/** Remembers what is made of an image: of a large data set one changes, and all are written. */
function remembered(make: (image: StoredImage) => string): (image: StoredImage) => string {
  const made = new WeakMap<StoredImage, string>();
  return (image) => {
    const known = made.get(image) ?? make(image);
    made.set(image, known);
    return known;
  };
}

const rowOf = remembered((image) => {
  const mask = image.mask === null ? '' : maskFile(image.mask);
  return [imageFile(image), mask, cell(image.className!), cell(image.partGroup)].join();
});

/**
 * A row for each labelled image, by hash. Images and masks are called by their SHA-256, so equal manifests mean equal content, whatever was
 * done in which order.
 */
export function manifestOf(images: readonly StoredImage[]): string {
  // a row begins with the hash
  const rows = images.filter(({ label }) => label !== null).map(rowOf);
  return `${[header, ...rows.sort()].join('\n')}\n`;
}

const jsonOf = remembered((image) => JSON.stringify(image));

/** A data set as JSON, an image a line. */
export const storedText = ({ images, ...facts }: { readonly images: readonly StoredImage[] }): string =>
  `${JSON.stringify(facts, null, 2).slice(0, -2)},\n  "images": [\n${images.map(jsonOf).join(',\n')}\n]}\n`;
