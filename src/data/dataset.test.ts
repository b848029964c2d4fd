import { execFileSync } from 'node:child_process';
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { plainPng, temporaryFolders, writeTree } from '../../test/support/folder.ts';
import { type DataSet, dataSetHash, recogniseDataSet } from './dataset.ts';
import type { DataSetOptions } from './layouts/asked.ts';

const newFolder = temporaryFolders();

async function recognise(
  files: Readonly<Record<string, number | string | Uint8Array>>,
  options: DataSetOptions = {},
): Promise<DataSet> {
  const folder = await newFolder();
  await writeTree(folder, files);
  return recogniseDataSet(folder, options);
}

/** Class and mask (relative to the folder) by image. */
function summary(dataSet: DataSet): Record<string, string> {
  return Object.fromEntries(
    dataSet.images.map(({ name, label, className, mask }) => [
      name,
      [label, className, mask?.slice(dataSet.root.length + 1)].filter(Boolean).join(' '),
    ]),
  );
}

describe('an MVTec-style folder', () => {
  const files = {
    'train/good/000.png': 10,
    'test/good/000.png': 11,
    'test/dent/000.png': 12,
    'test/dent/001.png': 13,
    'ground_truth/dent/000_mask.png': 255,
    'ground_truth/dent/001.png': 255,
    'ground_truth/dent/002_mask.png': 255,
    'licence.txt': 'free',
  };

  it('gives labels, classes, masks and the published split', async () => {
    const dataSet = await recognise(files);
    expect(dataSet.layout).toBe('mvtec');
    expect(summary(dataSet)).toEqual({
      'test/dent/000.png': 'defective dent ground_truth/dent/000_mask.png',
      'test/dent/001.png': 'defective dent ground_truth/dent/001.png',
      'test/good/000.png': 'good good',
      'train/good/000.png': 'good good',
    });
    expect(dataSet.images.map((image) => image.publishedSplit)).toEqual(['test', 'test', 'test', 'train']);
    expect(dataSet.notes.join(' ')).toContain('4 images, 2 good and 2 defective (dent 2, good 2)');
    expect(dataSet.notes.join(' ')).toContain('1 mask of no image');
    expect(dataSet.notes.join(' ')).toContain('1 .txt');
  });

  it('never gives a training image the mask of a test image of the same number', async () => {
    const dataSet = await recognise({ ...files, 'train/dent/000.png': 14 });
    expect(summary(dataSet)['train/dent/000.png']).toBe('defective dent');
    expect(dataSet.notes.join(' ')).toContain('train/ also holds defective images (dent)');
  });
});

describe('good and defective folders', () => {
  it.each([
    ['good', 'defective'],
    ['OK', 'NG'],
    ['good', 'bad'],
    ['Normal', 'Anomaly'],
  ])('are recognised as %s and %s', async (good, defective) => {
    const dataSet = await recognise({ [`${good}/a.png`]: 1, [`${defective}/b.png`]: 2 });
    expect(dataSet.layout).toBe('good-defective');
    expect(summary(dataSet)).toEqual({ [`${good}/a.png`]: 'good good', [`${defective}/b.png`]: 'defective defective' });
  });

  it('take sub-folders as classes and find masks in every place', async () => {
    const dataSet = await recognise({
      'good/1.png': 1,
      'defective/1.png': 2,
      'defective/2.jpg': await plainPng(3),
      'defective/dent/3.png': 4,
      'defective/dent/4.png': 5,
      'defective/dent/5.png': 6,
      'defective/scratch/5.png': 7,
      'defective/6.png': 8,
      'masks/1.png': 255,
      'masks/defective/2_mask.png': 255,
      'masks/dent/3.png': 255,
      'masks/defective/dent/4.png': 255,
      'masks/5.png': 255,
    });
    expect(summary(dataSet)).toEqual({
      'defective/1.png': 'defective defective masks/1.png',
      'defective/2.jpg': 'defective defective masks/defective/2_mask.png',
      'defective/6.png': 'defective defective',
      'defective/dent/3.png': 'defective dent masks/dent/3.png',
      'defective/dent/4.png': 'defective dent masks/defective/dent/4.png',
      'defective/dent/5.png': 'defective dent',
      'defective/scratch/5.png': 'defective scratch',
      'good/1.png': 'good good',
    });
    expect(dataSet.notes.join(' ')).toContain('1 mask of no image: masks/5.png');
  });

  it('may be good alone', async () => {
    const dataSet = await recognise({ 'good/a.png': 1, 'stray.png': 2 });
    expect(dataSet.images).toHaveLength(1);
    expect(dataSet.notes.join(' ')).toContain('no defective images');
    expect(dataSet.problems).toMatchObject([{ name: 'stray.png', code: 'DATASET_WORD' }]);
  });

  it('collect bad names and formats as problems, and the rest goes on', async () => {
    const folder = await newFolder();
    await writeTree(folder, { 'good/a.png': 1, 'good/old.heic': 'x', 'good/.hidden.png': 2 });
    await mkdir(join(folder, 'good/folder.jpg'));
    await writeFile(Buffer.concat([Buffer.from(`${folder}/good/m`), Buffer.from([0xe4]), Buffer.from('.png')]), 'x');
    await symlink('nowhere.png', join(folder, 'good/dangling.png'));
    await symlink('..', join(folder, 'good/loop'));
    await symlink('/', join(folder, 'good/machine'));
    execFileSync('mkfifo', [join(folder, 'good/pipe.png')]);
    const dataSet = await recogniseDataSet(folder);
    expect(dataSet.images.map((image) => image.name)).toEqual(['good/a.png', 'good/dangling.png']);
    expect(dataSet.problems.map(({ name, code }) => [name, code])).toEqual([
      ['good/folder.jpg', 'IMAGE_IS_DIRECTORY'],
      ['good/loop', 'DATASET_LINK'],
      ['good/m\\xe4.png', 'IMAGE_NAME'],
      ['good/machine', 'DATASET_LINK'],
      ['good/old.heic', 'IMAGE_FORMAT'],
      ['good/pipe.png', 'IMAGE_FORMAT'],
    ]);
  });
});

describe('what is no data set', () => {
  it('is missing', async () => {
    const path = join(await newFolder(), 'none');
    await expect(recogniseDataSet(path)).rejects.toMatchObject({ code: 'DATASET_MISSING', subject: path });
  });

  it('matches no layout, and the error lists what is there and what is legal', async () => {
    const reason = recognise({ 'pictures/a.png': 1, 'pictures/b.png': 1 });
    await expect(reason).rejects.toMatchObject({ code: 'DATASET_LAYOUT' });
    await expect(reason).rejects.toThrow(
      /found folders pictures\/ and 2 images.*manifest\.csv.*train\/good.*good\/ and defective\//,
    );
  });

  it('is empty, or a file that is no manifest', async () => {
    await expect(recognise({})).rejects.toMatchObject({ code: 'DATASET_LAYOUT' });
    await expect(recognise({ 'good/readme.txt': 'x' })).rejects.toMatchObject({ code: 'DATASET_LAYOUT' });
    const folder = await newFolder();
    await writeTree(folder, { 'a.png': 1 });
    await expect(recogniseDataSet(join(folder, 'a.png'))).rejects.toMatchObject({ code: 'DATASET_LAYOUT' });
  });
});

describe('part groups of folders', () => {
  const files = { 'good/p1_a.png': 1, 'good/p1_b.png': 2, 'defective/p2_a.png': 3, 'defective/odd.png': 4 };

  it('are the images themselves unless told, and a note says so', async () => {
    const dataSet = await recognise(files);
    expect(dataSet.images.every((image) => image.partGroup === image.name)).toBe(true);
    expect(dataSet.notes.join(' ')).toContain('each image counts as a part of its own');
  });

  it('are the first capture of the pattern', async () => {
    const dataSet = await recognise(files, { groupPattern: '^(p\\d+)_' });
    expect(dataSet.images.map((image) => image.partGroup)).toEqual(['defective/odd.png', 'p2', 'p1', 'p1']);
    expect(dataSet.notes.join(' ')).toContain('1 images do not match it');
  });

  it.each(['p\\d+', '(', '^(nothing)'])('refuse the pattern %s', async (groupPattern) => {
    await expect(recognise(files, { groupPattern })).rejects.toMatchObject({ code: 'OPTION_INVALID' });
  });
});

describe('dataSetHash', () => {
  it('covers every mask of a folder of masks', async () => {
    const files = {
      'train/good/0.png': 1,
      'test/logical_anomalies/0.png': 2,
      'ground_truth/logical_anomalies/0/0.png': 255,
      'ground_truth/logical_anomalies/0/1.png': 255,
    };
    const hashes = [files, { ...files, 'ground_truth/logical_anomalies/0/1.png': 254 }].map(async (tree) =>
      dataSetHash(await recognise(tree)),
    );
    expect(new Set(await Promise.all(hashes)).size).toBe(2);
  });

  it('is the same in another folder, and changes with a label, a name, a mask or a pixel', async () => {
    const files = { 'good/a.png': 1, 'defective/b.png': 2, 'masks/b.png': 255 };
    const first = await recognise(files);
    const copy = await newFolder();
    await cp(first.root, copy, { recursive: true });
    const hash = await dataSetHash(first);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(await dataSetHash(await recogniseDataSet(copy))).toBe(hash);
    const changed = [
      { ...files, 'good/a.png': 9 },
      { ...files, 'masks/b.png': 0 },
      { 'good/a.png': 1, 'good/b.png': 2, 'masks/b.png': 255 },
      { 'good/c.png': 1, 'defective/b.png': 2, 'masks/b.png': 255 },
    ];
    const hashes = await Promise.all(changed.map(async (other) => dataSetHash(await recognise(other))));
    expect(new Set([hash, ...hashes]).size).toBe(5);
  });
});

describe('a set of raw frames', () => {
  const files = { 'good/0.bin': '1234', 'good/1.raw': '1234', 'dent/0.FRAME': '1234', 'dent/1.png': 3 };

  it('takes in files of their endings where they are stated, and images beside them', async () => {
    const { images } = await recognise(files, { raw: '2x2:Mono8' });
    expect(images.map(({ name, raw }) => [name, raw])).toEqual([
      ['dent/0.FRAME', '2x2:Mono8'],
      ['dent/1.png', undefined],
      ['good/0.bin', '2x2:Mono8'],
      ['good/1.raw', '2x2:Mono8'],
    ]);
  });

  it('leaves .bin alone where nothing is stated, since anything may be in it', async () => {
    const { images } = await recognise(files);
    expect(images.map(({ name }) => name)).toEqual(['dent/0.FRAME', 'dent/1.png', 'good/1.raw']);
  });

  it('refuses a statement that is none', async () => {
    await expect(recognise(files, { raw: '2x2' })).rejects.toMatchObject({ code: 'OPTION_INVALID' });
  });
});
