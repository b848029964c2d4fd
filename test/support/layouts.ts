/** What the tests of layouts share: small trees, and what was recognised in them. */
import sharp from 'sharp';
import { type DataSet, recogniseDataSet } from '../../src/data/dataset.ts';
import type { DataSetOptions } from '../../src/data/layouts/asked.ts';
import { writeTree } from './folder.ts';

type Tree = Readonly<Record<string, number | string | Uint8Array>>;

/** A mask of 8 x 6 pixels; `value` on the first `n` pixels. */
export const marks = (n: number, value = 255): Promise<Uint8Array> =>
  sharp(
    Uint8Array.from({ length: 48 }, (_, i) => (i < n ? value : 0)),
    { raw: { width: 8, height: 6, channels: 1 } },
  )
    .toColourspace('b-w')
    .png()
    .toBuffer();

/** Writes a tree into `folder` and recognises it. */
export async function recogniseTree(folder: string, files: Tree, options: DataSetOptions = {}): Promise<DataSet> {
  await writeTree(folder, files);
  return recogniseDataSet(folder, options);
}

/** Label and class, mask, side of each image. */
export const summary = ({ images, root }: DataSet): Record<string, string> =>
  Object.fromEntries(
    images.map(({ name, label, className, mask, publishedSplit, partGroup }) => [
      name,
      [
        label === 'good' ? 'good' : className,
        mask?.slice(root.length + 1),
        publishedSplit,
        partGroup === name ? undefined : `part ${partGroup}`,
      ]
        .filter(Boolean)
        .join(' '),
    ]),
  );
