/** Every layout on a small tree made like the published one. */
import { describe, expect, it } from 'vitest';
import { plainPng, temporaryFolders } from '../../../test/support/folder.ts';
import { marks, recogniseTree, summary } from '../../../test/support/layouts.ts';
import { readMask, readTrustedMask } from '../masks/read.ts';
import { type FolderLayoutName, folderLayouts } from './table.ts';

const newFolder = temporaryFolders();
const recognise = async (...tree: [Parameters<typeof recogniseTree>[1], Parameters<typeof recogniseTree>[2]?]) =>
  recogniseTree(await newFolder(), ...tree);

const isMaskPath = (path: string): boolean =>
  /ground_truth|\/gt\/|masks\/|label|_mask|_GT|\/NG\/.*\.png|NG.*\.png/i.test(path);

describe.each(Object.keys(folderLayouts) as FolderLayoutName[])('the layout %s', (name) => {
  it('recognises its own example and takes in every file of it', async () => {
    const { example } = folderLayouts[name];
    const files: Record<string, Uint8Array> = {};
    for (const path of example) {
      const good = name === 'masks-beside' && path === example[1];
      files[path] = isMaskPath(path) ? await marks(good ? 0 : 5) : await plainPng(90);
    }
    const dataSet = await recognise(files);
    expect(dataSet.layout).toBe(name);
    expect(dataSet.problems).toEqual([]);
    const used = dataSet.images.flatMap(({ name: image, mask }) => [
      image,
      ...(mask ? [mask.slice(dataSet.root.length + 1)] : []),
    ]);
    for (const path of example)
      expect(
        used.some((one) => path === one || path.startsWith(`${one}/`)),
        path,
      ).toBe(true);
    expect(new Set(dataSet.images.map(({ label }) => label))).toEqual(new Set(['good', 'defective']));
    for (const image of dataSet.images.filter(({ mask }) => mask)) {
      const pixels = await readTrustedMask({ ...image, mask: image.mask! }, { width: 8, height: 6 });
      expect(pixels.reduce((a, b) => a + b, 0)).toBe(image.label === 'good' ? 0 : 5);
    }
  });
});

describe('published layouts', () => {
  it('unite the masks of an image (LOCO), and leave validation on neither side', async () => {
    const dataSet = await recognise({
      'train/good/000.png': 1,
      'validation/good/000.png': 2,
      'test/good/000.png': 3,
      'test/structural_anomalies/000.png': 4,
      'ground_truth/structural_anomalies/000/000.png': await marks(3, 255),
      'ground_truth/structural_anomalies/000/001.png': await marks(6, 254),
    });
    expect(summary(dataSet)).toEqual({
      'test/good/000.png': 'good test',
      'test/structural_anomalies/000.png': 'structural_anomalies ground_truth/structural_anomalies/000 test',
      'train/good/000.png': 'good train',
      'validation/good/000.png': 'good',
    });
    const image = dataSet.images[1]!;
    expect((await readMask({ ...image, mask: image.mask! }, { width: 8, height: 6 })).count).toBe(6);
  });

  it('take a sample of Real-IAD for a part, and its masks for no parts', async () => {
    const dataSet = await recognise({
      'OK/S0001/x_C1.jpg': await plainPng(1),
      'OK/S0001/x_C2.jpg': await plainPng(2),
      'NG/AK/S0001/y_C1.jpg': await plainPng(3),
      'NG/AK/S0001/y_C1.png': await marks(2),
    });
    expect(summary(dataSet)).toEqual({
      'NG/AK/S0001/y_C1.jpg': 'AK NG/AK/S0001/y_C1.png part NG/AK/S0001',
      'OK/S0001/x_C1.jpg': 'good part OK/S0001',
      'OK/S0001/x_C2.jpg': 'good part OK/S0001',
    });
  });

  it.each([
    {
      'train/images/good/0.png': 1,
      'test/images/good/0.png': 1,
      'test/images/dent/0.png': 1,
      'test/masks/dent/0.png': 5,
    },
    {
      'train/good/images/0.png': 1,
      'test/good/images/0.png': 1,
      'test/dent/images/0.png': 1,
      'test/dent/masks/0.png': 5,
    },
    { 'Train/Good/0.png': 1, 'Test/GOOD/0.png': 1, 'Test/Dent/0.jfif': 1, 'Ground_Truth/dent/0_MASK.PNG': 5 },
  ])('may hold the photographs in a folder, and be spelt otherwise: %j', async (files) => {
    const { layout, images, problems, unusedMasks } = await recognise(files);
    expect(layout).toBe('mvtec');
    expect(images.map(({ label, mask }) => [label, mask !== undefined]).sort()).toEqual([
      ['defective', true],
      ['good', false],
      ['good', false],
    ]);
    expect([problems, unusedMasks]).toEqual([[], []]);
  });

  it.each([
    { 'bottle/train/good/0.png': 1, 'bottle/test/dent/0.png': 1, 'bottle/ground_truth/dent/0_mask.png': 5 },
    { 'bottle/Train/0001.PNG': 1, 'bottle/Train/Label/0001_label.PNG': 5, 'bottle/Test/0002.PNG': 1 },
    {
      'bottle/Data/Images/Normal/0.JPG': 1,
      'bottle/Data/Images/Anomaly/1.JPG': 1,
      'bottle/Data/Masks/Anomaly/1.png': 5,
    },
  ])('are meant where their parent is given, masks or not: %j', async (files) => {
    await expect(recognise(files)).rejects.toThrow(/you probably mean one of the data sets in it: .*\/bottle/);
  });

  it('are meant where their parent is given', async () => {
    const files = {
      'plate/train/good/0.png': 1,
      'plate/test/good/0.png': 1,
      'screw/train/good/0.png': 1,
      'licence.txt': '',
    };
    await expect(recognise(files)).rejects.toThrow(
      /you probably mean one of the data sets in it: .*\/plate, .*\/screw/,
    );
  });

  it('are meant where they lie in the folders of their archive', async () => {
    const files = {
      'bottle/bottle/train/good/0.png': 1,
      'bottle/bottle/test/good/0.png': 1,
      'screw/a/train/good/1.png': 1,
    };
    await expect(recognise(files)).rejects.toThrow(/data sets in it: [^/]*\/bottle\/bottle, [^/]*\/screw\/a\./);
  });

  it('of DAGM are refused where a label has no image, which would count as good', async () => {
    const files = { 'Train/0001.PNG': 1, 'Train/0576.PNG': 2, 'Train/Label/0577_label.PNG': await marks(2) };
    await expect(recognise(files)).rejects.toMatchObject({
      code: 'DATASET_LAYOUT',
      subject: expect.stringMatching(/0577/),
    });
  });

  it('of DAGM are defective by the list of their labels, also where the label is missing', async () => {
    const dataSet = await recognise({
      'Train/0001.PNG': 1,
      'Train/0576.PNG': 2,
      'Train/0577.PNG': 3,
      'Train/Label/0576_label.PNG': await marks(2),
      'Train/Label/Labels.txt':
        '1\n1\t0\t0001.PNG\t0\t0\n576\t1\t0576.PNG\t1\t0576_label.PNG\r\n577\t1\t0577.PNG\t1\t0577_label.PNG\n',
    });
    expect(summary(dataSet)).toEqual({
      'Train/0001.PNG': 'good train',
      'Train/0576.PNG': 'defective Train/Label/0576_label.PNG train',
      'Train/0577.PNG': 'defective train',
    });
  });

  it('name what lies outside of them', async () => {
    const dataSet = await recognise({
      'train/good/0.png': 1,
      'test/good/0.png': 1,
      'test_private/0.png': 1,
      'x.png': 1,
    });
    expect(dataSet.problems.map(({ name, code }) => [name, code])).toEqual([
      ['test_private/', 'DATASET_WORD'],
      ['x.png', 'DATASET_WORD'],
    ]);
  });
});
