/** Folders that people make by hand: words, links, masks beside images, and what --good tells. */
import { mkdir, rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolders, writeTree } from '../../../test/support/folder.ts';
import { marks, recogniseTree, summary } from '../../../test/support/layouts.ts';
import { heatMapPng } from '../../inspect/heat-map-png.ts';
import { checkDataSet } from '../check.ts';
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
    ['In Ordnung', 'Ausschuß'],
    ['i.O.', 'n.i.O.'],
    ['fehlerfreie Teile', 'Schlechtbilder'],
    ['Bra', 'Dåliga delar'],
    ['godkända', 'underkända'],
    ['01_OK', '02_NOK'],
    ['Good Parts', 'Bad Parts'],
    ['合格品', '不合格品'],
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

  it('takes the mask that is called as a good image alone for its own, so that what it marks there is told of', async () => {
    const dataSet = await recognise({
      'good/0.png': 1,
      'good/1.png': 1,
      'good/2.png': 1,
      'defective/1.png': 1,
      'masks/0.png': await marks(4),
      'masks/1.png': await marks(5),
      'masks/9.png': await marks(6),
    });
    expect(summary(dataSet)).toEqual({
      'defective/1.png': 'defective masks/1.png',
      'good/0.png': 'good masks/0.png',
      'good/1.png': 'good',
      'good/2.png': 'good',
    });
    expect(dataSet.unusedMasks).toEqual(['masks/9.png']);
    expect(dataSet.notes.join()).toContain('1 mask of no image: masks/9.png');
    const check = await checkDataSet(dataSet);
    expect(check.goodWithDefect).toEqual(['good/0.png']);
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

  it('never take what felfri wrote for parts: heat maps, and golden images of a bundle, which may be defective ones', async () => {
    const grey = { width: 8, height: 8, channels: 3, data: new Uint8Array(192).fill(90) } as const;
    const map = { shape: [1, 1, 8, 8], data: new Float32Array(64).fill(0.5) };
    const dataSet = await recognise({
      'good/1.png': 1,
      'good/maps/1.png': Buffer.from(await heatMapPng(grey, map, { low: 0, high: 1 })),
      'good/bundle.json': '{}',
      'good/model.onnx': 'x',
      'good/golden/0.png': 2,
      'good/golden/1.png': 3,
      'defective/golden/2.png': 4,
    });
    expect(summary(dataSet)).toEqual({ 'good/1.png': 'good', 'defective/golden/2.png': 'golden' });
    expect(dataSet.notes.join(' ')).toContain('felfri wrote are no parts and were left out (2)');
  });

  it('name masks that are called by the whole name of their photograph', async () => {
    const dataSet = await recognise({
      'good/1.png': 1,
      'defective/2.jpg': 1,
      'masks/2.jpg.png': await marks(2),
    });
    expect(summary(dataSet)).toEqual({ 'good/1.png': 'good', 'defective/2.jpg': 'defective masks/2.jpg.png' });
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

  it.each([
    ['masks/D1.png', 'defective/d1.png'],
    ['masks/d1_MASK.PNG', 'defective/D1.jfif'],
    ['Masks/Defective/d1.png', 'defective/D1.png'],
    ['defective/D1_gt.bmp', 'defective/d1.png'],
    ['ground_truth/scratch/d 1.png', 'scratch/D 1.png'],
    ['masks/scratch/d1.png', 'images/scratch/d1.png'],
    ['scratch_mask/d1.png', 'scratch/d1.png'],
    ['Defective_GT/d1.png', 'defective/d1.png'],
    ['defective/d1_mask_01.png', 'defective/d1.png'],
    ['masks/Rändelung.png'.normalize('NFD'), 'defective/rändelung.png'.normalize('NFC')],
  ])('have %s for the mask of %s', async (mask, image) => {
    const good = image.startsWith('images/') ? 'images/good/1.png' : 'good/1.png';
    const dataSet = await recognise({ [good]: 1, [image]: 1, [mask]: await marks(2) });
    expect(dataSet.images.find(({ name }) => name === image)?.mask).toBe(join(dataSet.root, mask));
    expect([dataSet.problems, dataSet.unusedMasks]).toEqual([[], []]);
  });
});
