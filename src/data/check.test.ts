import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { plainPng, temporaryFolders, writeTree } from '../../test/support/folder.ts';
import { checkDataSet, leavesOut } from './check.ts';
import { formatDataCheck } from './check-text.ts';
import { recogniseDataSet } from './dataset.ts';
import { encodePng } from './image/encode.ts';

const newFolder = temporaryFolders();

describe('checkDataSet', () => {
  it('finds what is odd in a folder, and the rest goes on', async () => {
    const folder = await newFolder();
    const marks = (...values: number[]): Promise<Uint8Array> =>
      encodePng({ width: 8, height: 6, channels: 1, data: Uint8Array.from({ length: 48 }, (_, i) => values[i] ?? 0) });
    await writeTree(folder, {
      'good/1.png': 100,
      'good/2.png': await plainPng(120, 10, 20),
      'good/3.png': 60,
      'good/broken.png': (await plainPng(90)).subarray(0, 60),
      'good/empty.png': '',
      'defective/copy.png': 100,
      'defective/dent.png': 50,
      'defective/faint.png': 40,
      'defective/bare.png': 30,
      'defective/sized.png': 20,
      'defective/black.png': 10,
      'masks/copy.png': await marks(255, 255),
      'masks/dent.png': await marks(20, 90, 200),
      'masks/faint.png': await marks(1),
      'masks/black.png': 0,
      'masks/sized.png': await plainPng(255, 9, 9),
      'masks/good/3.png': await marks(255),
      'masks/nobody.png': 255,
      'good/deep.png': await sharp(await plainPng(50))
        .toColourspace('grey16')
        .png()
        .toBuffer(),
    });
    const progress: number[] = [];
    const dataSet = await recogniseDataSet(folder);
    const check = await checkDataSet(dataSet, { onProgress: (done, total) => progress.push(done / total) });

    expect(check.classes).toEqual({ defective: 6, good: 6 });
    expect(check).toMatchObject({ images: 12, partGroups: 12, differentSizes: 2, published: null });
    expect(check.width).toEqual({ min: 8, median: 8, max: 10 });
    expect(check.height).toEqual({ min: 6, median: 6, max: 20 });
    expect(check.channels).toEqual({ '1 x 16 bit': 1, '1 x 8 bit': 9 });
    expect(check.problems.map(({ name, code }) => [name, code])).toEqual([
      ['defective/sized.png', 'MASK_MISMATCH'],
      ['good/broken.png', 'IMAGE_CORRUPT'],
      ['good/empty.png', 'IMAGE_EMPTY'],
    ]);
    expect(check.emptyMasks).toEqual(['defective/black.png']);
    const fine = { ...check, problems: [], emptyMasks: [], goodWithDefect: [] };
    expect(leavesOut(fine)).toBe(false);
    for (const part of ['problems', 'emptyMasks', 'goodWithDefect'] as const)
      expect(leavesOut({ ...fine, [part]: check[part] }), part).toBe(true);
    expect(check.softMasks).toBe(1);
    expect(check.defectiveWithoutMask).toEqual(['defective/bare.png']);
    expect(check.goodWithDefect).toEqual(['good/3.png']);
    expect(check.unusedMasks).toEqual(['masks/nobody.png']);
    expect(check.otherBitDepths).toEqual(['good/deep.png']);
    expect(check.nearCopies).toMatchObject({ pairs: 1, acrossGroups: 1, acrossLabels: 1 });
    expect(check.duplicates).toEqual([
      { names: ['defective/copy.png', 'good/1.png'], acrossLabels: true, acrossGroups: true },
    ]);
    // 100 50 40 30 20 10 against 100 120 60: 16.5 of 18 pairs have the defective one darker
    expect(check.brightness).toEqual({ auroc: expect.closeTo(16.5 / 18, 10), defectiveAre: 'darker' });
    expect(progress.length).toBeGreaterThanOrEqual(12);
    expect(progress.at(-1)).toBe(1);
    expect(JSON.parse(JSON.stringify(check))).toEqual(check);

    const text = formatDataCheck(check);
    expect(text).toContain('Brightness baseline: AUROC 0.917 (defective images are darker)');
    expect(text).toContain('IMAGE_CORRUPT');
    expect(text).toContain('defective/copy.png = good/1.png (good and defective at once, several part groups)');
  });

  it('tells what a published split leaks', async () => {
    const folder = await newFolder();
    const manifest = 'image,class,part_group,published_split\na.png,ok,g,train\nb.png,ok,g,test\nc.png,dent,h,test\n';
    await writeTree(folder, { 'a.png': 1, 'b.png': 2, 'c.png': 3, 'manifest.csv': manifest });
    const check = await checkDataSet(await recogniseDataSet(folder));
    expect(check.published?.leakingGroups).toBe(1);
    expect(check.brightness).toEqual({ auroc: 1, defectiveAre: 'brighter' });
    const text = formatDataCheck(check);
    expect(text).toContain('1 of 1 good and 0 of 1 defective test images');
    expect(text).toContain('Size: 8 x 6 pixels, all images');
  });

  it('counts what lies beside the images before it names it', async () => {
    const folder = await newFolder();
    const notes = { 'good/a.txt': 'x', 'good/b.txt': 'x', 'good/LIESMICH': 'x' };
    await writeTree(folder, { 'good/a.png': 1, 'defective/b.png': 2, ...notes });
    expect((await recogniseDataSet(folder)).notes).toContain(
      'Files that are not images were left out (1 without an ending, 2 .txt).',
    );
  });

  it('has no baseline without defective images, and stands a folder with nothing readable', async () => {
    const folder = await newFolder();
    await writeTree(folder, { 'good/a.png': 'text', 'good/b.jpg': '' });
    const check = await checkDataSet(await recogniseDataSet(folder));
    expect(check).toMatchObject({ width: null, height: null, brightness: null });
    expect(check.problems.map((problem) => problem.code)).toEqual(['IMAGE_FORMAT', 'IMAGE_EMPTY']);
    expect(formatDataCheck(check)).toContain('Brightness baseline: needs good and defective images');
  });
});
