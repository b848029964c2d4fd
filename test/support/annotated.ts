/** Folders of small images with annotation files, for tests. */
import { type DataSet, recogniseDataSet } from '../../src/data/dataset.ts';
import type { DataSetOptions } from '../../src/data/layouts/asked.ts';
import { readMask } from '../../src/data/masks/read.ts';
import { writeTree } from './folder.ts';

/** Every image that a number makes is of this size. */
export const size = { width: 8, height: 6 };

/** Text and bytes as they are, a number as a plain PNG, anything else as JSON. */
export type Files = Readonly<Record<string, number | string | Uint8Array | object>>;

export async function recogniseFiles(folder: string, files: Files, options: DataSetOptions = {}): Promise<DataSet> {
  const contents = Object.entries(files).map(([path, content]) => [
    path,
    typeof content === 'object' && !(content instanceof Uint8Array) ? JSON.stringify(content) : content,
  ]);
  await writeTree(folder, Object.fromEntries(contents) as Record<string, number | string | Uint8Array>);
  return recogniseDataSet(folder, options);
}

/** Class by image; a star says that there is a mask. */
export const labels = ({ images }: DataSet): Record<string, string> =>
  Object.fromEntries(images.map(({ name, className, mask }) => [name, mask ? `${className}*` : className]));

export const faults = ({ problems }: DataSet): (readonly [string, string])[] =>
  problems.map(({ name, code }) => [name, code]);

/** The mask of an image by name. */
async function maskOf(dataSet: DataSet, name: string, shownSize = size): Promise<Uint8Array> {
  const image = dataSet.images.find((one) => one.name === name);
  if (image?.mask === undefined) throw new Error(`${name} has no mask`);
  return (await readMask({ ...image, mask: image.mask }, shownSize)).pixels;
}

/** How many pixels of an image are marked. */
export async function marked(dataSet: DataSet, name: string): Promise<number> {
  return (await maskOf(dataSet, name)).reduce((sum, pixel) => sum + pixel, 0);
}
