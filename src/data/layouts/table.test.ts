/** Every layout on a small tree made like the published one. */
import { mkdir, rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { plainPng, temporaryFolders, writeTree } from '../../../test/support/folder.ts';
import { type DataSet, type DataSetOptions, recogniseDataSet } from '../dataset.ts';
import { readMask, readTrustedMask } from '../masks/read.ts';
import { type FolderLayoutName, folderLayouts } from './table.ts';

const newFolder = temporaryFolders();
type Tree = Readonly<Record<string, number | string | Uint8Array>>;

/** A mask of 8 x 6 pixels; `value` on the first `n` pixels. */
const marks = (n: number, value = 255): Promise<Uint8Array> =>
  sharp(
    Uint8Array.from({ length: 48 }, (_, i) => (i < n ? value : 0)),
    { raw: { width: 8, height: 6, channels: 1 } },
  )
    .toColourspace('b-w')
    .png()
    .toBuffer();

async function recognise(files: Tree, options: DataSetOptions = {}): Promise<DataSet> {
  const folder = await newFolder();
  await writeTree(folder, files);
  return recogniseDataSet(folder, options);
}

/** Label and class, mask, side of each image. */
const summary = ({ images, root }: DataSet): Record<string, string> =>
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

describe('manifests of JSON lines', () => {
  const colours = {
    '0': { 'class-name': 'BACKGROUND', 'hex-color': '#ffffff' },
    '1': { 'class-name': 'scratch', 'hex-color': '#2ca02c' },
  };
  const line = (image: string, name: string, more: object = {}): string =>
    JSON.stringify({
      'source-ref': `s3://bucket/project/${image}`,
      'anomaly-label': name === 'anomaly' ? 1 : 0,
      'anomaly-label-metadata': { 'class-name': name, type: 'groundtruth/image-classification', confidence: 1 },
      ...more,
    });

  it('give labels, sides, and masks whose background is white', async () => {
    const mask = await sharp(
      Buffer.from(Array.from({ length: 48 }, (_, i) => (i < 7 ? [44, 160, 44] : [255, 255, 255])).flat()),
      {
        raw: { width: 8, height: 6, channels: 3 },
      },
    )
      .png()
      .toBuffer();
    const stated = {
      'anomaly-mask-ref': 's3://bucket/project/masks/b.png',
      'anomaly-mask-ref-metadata': { 'internal-color-map': colours },
    };
    const dataSet = await recognise({
      'images/a.png': 1,
      'images/b.png': 2,
      'images/c.png': 3,
      'masks/b.png': mask,
      'train.manifest': `${line('images/a.png', 'normal')}\n`,
      'test.manifest': `${line('images/b.png', 'anomaly', stated)}\r\n${line('images/c.png', 'normal')}\n{"source-ref": 3}\nnothing\n${line('images/z.png', 'normal')}\n`,
    });
    expect(dataSet.layout).toBe('json-lines');
    expect(summary(dataSet)).toEqual({
      'images/a.png': 'good train',
      'images/b.png': 'scratch masks/b.png test',
      'images/c.png': 'good test',
    });
    expect(dataSet.problems.map(({ message }) => message)).toEqual([
      expect.stringContaining("line 3: has no 'source-ref'"),
      expect.stringContaining('line 4: not JSON'),
      expect.stringContaining('images/z.png is not below the folder'),
    ]);
    const image = dataSet.images[1]!;
    expect((await readMask({ ...image, mask: image.mask! }, { width: 8, height: 6 })).count).toBe(7);
  });
});
