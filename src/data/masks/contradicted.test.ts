import { expect, it } from 'vitest';
import { plainPng, temporaryFolders, writeTree } from '../../../test/support/folder.ts';
import { marks } from '../../../test/support/layouts.ts';
import { recogniseDataSet } from '../dataset.ts';
import { contradictedByMasks } from './contradicted.ts';

const newFolder = temporaryFolders();

it('names good images whose mask or annotation marks a defect, and no other', async () => {
  const root = await newFolder();
  const labelme = (shapes: readonly object[]) =>
    JSON.stringify({ imagePath: 'drawn.png', imageWidth: 8, imageHeight: 6, shapes });
  const shape = {
    label: 'dent',
    shape_type: 'polygon',
    points: [
      [1, 1],
      [5, 1],
      [5, 4],
    ],
  };
  await writeTree(root, {
    'good/black.png': 1,
    'good/bare.png': 2,
    'good/marked.png': 3,
    'good/drawn.png': 4,
    'good/drawn.json': labelme([shape]),
    'good/damaged.png': 5,
    'defective/dent.png': 6,
    'masks/black.png': await plainPng(0),
    'masks/marked.png': await marks(3),
    'masks/damaged.png': 'no image',
    'masks/dent.png': await marks(4),
  });
  const { images } = await recogniseDataSet(root);
  const found = await contradictedByMasks(images);
  expect(found.map(({ name, code }) => [name, code]).sort()).toEqual([
    ['good/drawn.png', 'MASK_UNCLEAR'],
    ['good/marked.png', 'MASK_UNCLEAR'],
  ]);
  expect(found[0]!.message).toContain('not learned as good; correct one of the two');
});
