/** Folders made by hand whose masks or names leave a doubt: what is named, and what is taken. */
import { describe, expect, it } from 'vitest';
import { plainPng, temporaryFolders } from '../../../test/support/folder.ts';
import { marks, recogniseTree, summary } from '../../../test/support/layouts.ts';
import { encodeNpy } from '../image/npy.ts';

const newFolder = temporaryFolders();
const recognise = async (...tree: [Parameters<typeof recogniseTree>[1], Parameters<typeof recogniseTree>[2]?]) =>
  recogniseTree(await newFolder(), ...tree);

describe('folders made by hand, in doubt,', () => {
  it('name masks that capital letters or a word alone tell apart, and give the image none', async () => {
    const dataSet = await recognise({
      'good/1.png': 1,
      'defective/d1.png': 1,
      'masks/D1.png': await marks(2),
      'masks/d1.PNG': await marks(3),
      'defective/d2.png': 1,
      'masks/d2.png': await marks(2),
      'masks/d2_mask.png': await marks(3),
      'defective/Two.png': 1,
      'defective/TWO.png': 1,
      'masks/two.png': await marks(2),
    });
    expect(summary(dataSet)).toEqual({
      'defective/TWO.png': 'defective',
      'defective/Two.png': 'defective',
      'defective/d1.png': 'defective masks/d1.PNG',
      'defective/d2.png': 'defective',
      'good/1.png': 'good',
    });
    expect(dataSet.unusedMasks).toEqual(['masks/D1.png', 'masks/d2.png', 'masks/d2_mask.png', 'masks/two.png']);
    const says = (name: string) => dataSet.problems.find((problem) => problem.name === name);
    expect(says('defective/d2.png')).toMatchObject({
      code: 'MASK_UNCLEAR',
      pixelsOnly: true,
      message: expect.stringMatching(/masks\/d2\.png and masks\/d2_mask\.png/),
    });
    for (const name of ['defective/Two.png', 'defective/TWO.png'])
      expect(says(name)?.message).toMatch(/masks\/two\.png may be the mask of any of/);
  });

  it('never take a PNG beside a JPEG of its name for a part, also where --good says what is good', async () => {
    const files = {
      'good/1.jpg': await plainPng(1),
      'good/1.PNG': await plainPng(0),
      'bad/2.jpeg': await plainPng(2),
      'bad/2.png': await marks(3),
    };
    for (const dataSet of [await recognise(files), await recognise(files, { good: 'good' })]) {
      expect(dataSet.images.map(({ name }) => name)).toEqual(['bad/2.jpeg', 'good/1.jpg']);
      expect(dataSet.problems).toMatchObject([{ code: 'DATASET_WORD', images: ['bad/2.png', 'good/1.PNG'] }]);
    }
  });

  it('may have sides within, which are no classes, and folders within good ones are told', async () => {
    const dataSet = await recognise({ 'good/train/1.png': 1, 'good/put aside/2.png': 1, '2_bad/test/3.png': 1 });
    expect(summary(dataSet)).toEqual({
      '2_bad/test/3.png': 'defective',
      'good/put aside/2.png': 'good',
      'good/train/1.png': 'good',
    });
    expect(dataSet.notes.join(' ')).toContain('Good images in folders within: put aside 1, train 1.');
  });

  it.each([
    { 'color images/1.png': 1, 'good/2.png': 1 },
    { 'solder_mask/1.png': 1, 'good/2.png': 1 },
    { 'bad_label/1.png': 1, 'good/2.png': 1 },
  ])('leave out, and name, what no word tells: %j', async (files) => {
    const { images, problems } = await recognise(files);
    expect(images.map(({ name }) => name)).toEqual(['good/2.png']);
    expect(problems).toMatchObject([{ code: 'DATASET_WORD' }]);
  });

  it('with masks alone: an image without one is named, not good', async () => {
    const dataSet = await recognise({
      'kos01/Part5.jpg': await plainPng(1),
      'kos01/Part5_label.png': await marks(2, 1),
      'kos02/Part1.jpg': await plainPng(1),
      'kos02/Part1_label.png': await marks(0),
      'kos02/Part2.jpg': await plainPng(1),
    });
    expect(summary(dataSet)).toEqual({
      'kos01/Part5.jpg': 'defective kos01/Part5_label.png',
      'kos02/Part1.jpg': 'good kos02/Part1_label.png',
    });
    expect(dataSet.problems).toMatchObject([{ name: 'kos02/Part2.jpg', code: 'ANNOTATION_MISSING' }]);
  });

  it('are told by masks in a folder beside them, never good by one that cannot be believed', async () => {
    const files = {
      'images/1.png': 1,
      'images/2.png': 1,
      'images/3.png': 1,
      'images/4.png': 1,
      'masks/1.png': await marks(0),
      'masks/2_mask.png': await marks(3),
      'masks/3.png': await marks(48),
      'masks/4.npy': encodeNpy(new Float32Array(48).fill(Number.NaN), [6, 8]),
    };
    const dataSet = await recognise(files);
    expect(summary(dataSet)).toEqual({
      'images/1.png': 'good masks/1.png',
      'images/2.png': 'defective masks/2_mask.png',
    });
    expect(dataSet.problems.map(({ name, code }) => [name, code])).toEqual([
      ['images/3.png', 'MASK_UNCLEAR'],
      ['images/4.png', 'MASK_UNCLEAR'],
    ]);
  });
});
