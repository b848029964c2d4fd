/** Folders that people make by hand: words, links, masks beside images, and what --good tells. */
import { mkdir, rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { plainPng, temporaryFolders, writeTree } from '../../../test/support/folder.ts';
import { marks, recogniseTree, summary } from '../../../test/support/layouts.ts';
import { recogniseDataSet } from '../dataset.ts';

const newFolder = temporaryFolders();
const recognise = async (...tree: [Parameters<typeof recogniseTree>[1], Parameters<typeof recogniseTree>[2]?]) =>
  recogniseTree(await newFolder(), ...tree);

describe('folders made by hand', () => {
  it.each([
    ['iO', 'niO'],
    ['Gut', 'Schlecht'],
    ['ok_front', 'def_front'],
    ['GOOD', 'NOK'],
    ['goods', 'defects'],
    ['In Ordnung', 'Ausschuß'.replace('ß', 'ss')],
    ['合格', '不良'],
  ])('are understood as %s and %s', async (good, bad) => {
    expect(summary(await recognise({ [`${good}/1.png`]: 1, [`${bad}/2.png`]: 2 }))).toEqual({
      [`${good}/1.png`]: 'good',
      [`${bad}/2.png`]: 'defective',
    });
  });

  it('may be called by a defect, with masks in mask/ and beside images; what is unknown is named', async () => {
    const dataSet = await recognise({
      'good/1.png': 1,
      'good/2_mask.png': 1,
      'scratch/3.png': 1,
      'scratch/3_GT.png': await marks(2),
      'NOK/dents/4.png': 1,
      'mask/4.png': await marks(3),
      'backup/5.png': 1,
      'backup/6.png': 1,
    });
    expect(summary(dataSet)).toEqual({
      'NOK/dents/4.png': 'dents mask/4.png',
      'good/1.png': 'good',
      'good/2_mask.png': 'good',
      'scratch/3.png': 'scratch scratch/3_GT.png',
    });
    expect(dataSet.problems).toMatchObject([{ name: 'backup/', message: expect.stringContaining('2 images') }]);
  });

  it('may hold their masks themselves, beside the images or beside a folder of them', async () => {
    const dataSet = await recognise({
      'good/1.png': 1,
      'good/masks/1.png': await marks(0),
      'defective/2.png': 1,
      'defective/mask/2.png': await marks(2),
      'defective/dent/3.png': 1,
      'defective/dent/GT/3_mask.png': await marks(2),
      'scratch/images/4.png': 1,
      'scratch/labels/4.png': await marks(2),
      'scratch/labels/5.png': await marks(2),
    });
    expect(summary(dataSet)).toEqual({
      'defective/2.png': 'defective defective/mask/2.png',
      'defective/dent/3.png': 'dent defective/dent/GT/3_mask.png',
      'good/1.png': 'good good/masks/1.png',
      'scratch/images/4.png': 'scratch scratch/labels/4.png',
    });
    expect(dataSet.unusedMasks).toEqual(['scratch/labels/5.png']);
  });

  it.each([
    ['good/1.png', 'good/bad/2.png', 'ng/3.png', 'ng/ok/4.png'],
    ['train/good/1.png', 'train/good/scratch/2.png', 'test/dent/3.png', 'test/dent/fine/4.png'],
  ])('never take for good or defective what says both: %s and %s', async (good, inGood, bad, inBad) => {
    const dataSet = await recognise({ [good]: 1, [inGood]: 2, [bad]: 3, [inBad]: 4 });
    expect(dataSet.images.map(({ name }) => name).sort()).toEqual([good, bad].sort());
    const folderOf = (path: string): string => path.replace(/[^/]*$/, '');
    expect(dataSet.problems.map(({ name, code }) => [name, code]).sort()).toEqual(
      [inGood, inBad].map((path) => [folderOf(path), 'DATASET_WORD']).sort(),
    );
  });

  it('name a link that leads nowhere, since the defective parts may be behind it', async () => {
    const folder = await newFolder();
    await writeTree(folder, { 'good/1.png': 1 });
    await symlink(join(folder, 'gone'), join(folder, 'defective'));
    const { problems } = await recogniseDataSet(folder);
    expect(problems).toMatchObject([{ name: 'defective', code: 'DATASET_LINK' }]);
  });

  it('may be links, but no folder is taken in twice without a word', async () => {
    const folder = await newFolder();
    await writeTree(folder, { 'good/1.png': 1, 'aside/2.png': 2 });
    const elsewhere = await newFolder();
    await mkdir(join(elsewhere, 'pool'));
    await rename(join(folder, 'aside/2.png'), join(elsewhere, 'pool/2.png'));
    await symlink(join(elsewhere, 'pool'), join(folder, 'bad'));
    await symlink(join(folder, 'good'), join(folder, 'normal'));
    const dataSet = await recogniseDataSet(folder);
    expect(summary(dataSet)).toEqual({ 'bad/2.png': 'defective', 'good/1.png': 'good' });
    expect(dataSet.problems).toMatchObject([{ name: 'normal', code: 'DATASET_LINK' }]);
  });

  it('are asked for where names do not tell, and --good tells', async () => {
    const files = { 'a.png': 1, 'b.png': 2, 'fine parts/c.png': 3, 'odd/d.png': 4, 'odd/d_mask.png': await marks(4) };
    await expect(recognise({ 'a.png': 1, 'b.png': 2 })).rejects.toThrow(/--good \. where all of them are/);
    expect(summary(await recognise(files, { good: '.' }))).toMatchObject({
      'a.png': 'good',
      'odd/d.png': 'good odd/d_mask.png',
    });
    expect(summary(await recognise(files, { good: 'fine parts' }))).toEqual({
      'a.png': 'defective',
      'b.png': 'defective',
      'fine parts/c.png': 'good',
      'odd/d.png': 'odd odd/d_mask.png',
    });
    await expect(recognise(files, { good: 'fine' })).rejects.toMatchObject({ code: 'OPTION_INVALID' });
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
    expect(dataSet.problems).toMatchObject([{ name: 'kos02/Part2.jpg', code: 'DATASET_WORD' }]);
  });
});
