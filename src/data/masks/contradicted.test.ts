import sharp from 'sharp';
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

it('names those whose mask has a stated background, white, and marks something beside it', async () => {
  const root = await newFolder();
  const mask = (marked: number): Promise<Buffer> => {
    const pixels = Array.from({ length: 48 }, (_, i) => (i < marked ? [44, 160, 44] : [255, 255, 255])).flat();
    return sharp(Buffer.from(pixels), { raw: { width: 8, height: 6, channels: 3 } })
      .png()
      .toBuffer();
  };
  const colours = { 0: { 'class-name': 'BACKGROUND', 'hex-color': '#ffffff' } };
  const line = (name: string): string =>
    JSON.stringify({
      'source-ref': `s3://b/${name}.png`,
      c: 0,
      'c-metadata': { 'class-name': 'normal' },
      'm-ref': `s3://b/masks/${name}.png`,
      'm-ref-metadata': { 'internal-color-map': colours },
    });
  const files = { 'a.png': 1, 'b.png': 2, 'masks/a.png': await mask(5), 'masks/b.png': await mask(0) };
  await writeTree(root, { ...files, 'train.manifest': `${line('a')}\n${line('b')}\n` });
  const { images } = await recogniseDataSet(root);
  expect(images.map(({ label }) => label)).toEqual(['good', 'good']);
  expect((await contradictedByMasks(images)).map(({ name }) => name)).toEqual(['a.png']);
});

it('names those that the user calls good and an annotation does not', async () => {
  const root = await newFolder();
  const shape = {
    label: 'dent',
    shape_type: 'rectangle',
    points: [
      [1, 1],
      [5, 4],
    ],
  };
  const drawn = JSON.stringify({ imagePath: 'b.png', imageWidth: 8, imageHeight: 6, shapes: [shape] });
  await writeTree(root, { 'a.png': 1, 'b.png': 2, 'b.json': drawn, 'SegmentationClass/a.png': 0 });
  const { images } = await recogniseDataSet(root, { good: '.' });
  expect(images.map(({ name, label }) => [name, label])).toEqual([
    ['a.png', 'good'],
    ['b.png', 'good'],
  ]);
  expect((await contradictedByMasks(images)).map(({ name }) => name)).toEqual(['b.png']);
});
