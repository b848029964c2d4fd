import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { type Files, faults, labels, marked, recogniseFiles, size } from '../../../test/support/annotated.ts';
import { plainPng, temporaryFolders } from '../../../test/support/folder.ts';
import { checkDataSet } from '../check.ts';
import { dataSetHash, recogniseDataSet } from '../dataset.ts';
import type { DataSetOptions } from '../layouts/asked.ts';
import { readMask, readTrustedMask } from '../masks/read.ts';

const newFolder = temporaryFolders();
const recognise = async (files: Files, options: DataSetOptions = {}) =>
  recogniseFiles(await newFolder(), files, options);

type Point = readonly [number, number];
const shape = (label: string, points: readonly Point[], shape_type = 'polygon') => ({ label, points, shape_type });
const triangle: readonly Point[] = [
  [1, 1],
  [5, 1],
  [1, 4],
];
const labelme = (imagePath: string, shapes: readonly object[], more: object = {}) => ({
  version: '5.4.1',
  flags: {},
  shapes,
  imagePath,
  imageData: null,
  imageHeight: 6,
  imageWidth: 8,
  ...more,
});

describe('LabelMe files beside photographs', () => {
  it('make a data set: shapes are defects, an empty file is good, and what has no file is named', async () => {
    const dataSet = await recognise({
      'a.png': 1,
      'a.json': labelme('a.png', [shape('dent', triangle), shape('dent', [[6, 4]], 'point')]),
      'b.png': 2,
      'b.json': labelme('b.png', []),
      'c.png': 3,
      'sub/d.png': 4,
      'sub/d.json': labelme('..\\sub\\d.png', [shape('_background_', triangle), shape('ok', triangle)]),
    });
    expect(dataSet.layout).toBe('annotated');
    expect(labels(dataSet)).toEqual({ 'a.png': 'dent*', 'b.png': 'good', 'sub/d.png': 'good' });
    expect(faults(dataSet)).toEqual([['c.png', 'ANNOTATION_MISSING']]);
    expect(dataSet.notes.join(' ')).toContain('Annotations: LabelMe, 4 shapes on 3 images.');
  });

  it('count by flags where there are no shapes, and never as good by a word that nobody knows', async () => {
    const flagged = (name: string, flags: object, shapes: object[] = []) => labelme(name, shapes, { flags });
    const dataSet = await recognise({
      ...Object.fromEntries('abcdef'.split('').map((name, i) => [`${name}.png`, i])),
      'a.json': flagged('a.png', { OK: true, defect: false }),
      'b.json': flagged('b.png', { defect: true }),
      'c.json': flagged('c.png', { rust: true }),
      'd.json': flagged('d.png', { rust: false }),
      'e.json': flagged('e.png', { good: true, ng: true }),
      'f.json': flagged('f.png', { good: true }, [shape('dent', triangle)]),
    });
    expect(labels(dataSet)).toEqual({ 'a.png': 'good', 'b.png': 'defect', 'd.png': 'good' });
    expect(faults(dataSet).map(([name]) => name)).toEqual(['c.png', 'e.png', 'f.png']);
  });

  it('may mean good by labels of their own', async () => {
    const files = { 'a.png': 1, 'a.json': labelme('a.png', [shape('Prima', triangle)]) };
    expect(labels(await recognise(files))).toEqual({ 'a.png': 'Prima*' });
    expect(labels(await recognise(files, { goodClasses: ['prima'] }))).toEqual({ 'a.png': 'good' });
    // by the rule of manifests: those alone, and each must be there
    const usual = { 'a.png': 1, 'a.json': labelme('a.png', [shape('ok', triangle)]) };
    expect(
      labels(
        await recognise(
          { ...files, ...usual, 'b.png': 2, 'b.json': labelme('b.png', [shape('Prima', triangle)]) },
          { goodClasses: ['prima'] },
        ),
      ),
    ).toEqual({ 'a.png': 'ok*', 'b.png': 'good' });
    await expect(recognise(files, { goodClasses: ['prima', 'gutt'] })).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      message: expect.stringContaining("'gutt'"),
    });
  });

  it('are found where names differ in capital letters alone, and ask where two photographs do', async () => {
    const file = labelme('PART_1.BMP', [shape('dent', triangle)]);
    const one = await recognise({ 'photos/Part_1.png': 1, 'photos/part_1.JSON': file });
    expect(labels(one)).toEqual({ 'photos/Part_1.png': 'dent*' });
    const two = await recognise({
      'a.png': 1,
      'A.png': 2,
      'x.json': labelme('a.PNG', []),
      'c.png': 3,
      'c.json': labelme('c.png', []),
    });
    expect(faults(two)).toEqual([
      ['A.png', 'ANNOTATION_INVALID'],
      ['a.png', 'ANNOTATION_INVALID'],
    ]);
  });

  it('erase by the background, in their order', async () => {
    const square = (label: string, a: Point, b: Point) => shape(label, [a, b], 'rectangle');
    const dataSet = await recognise({
      'a.png': 1,
      'a.json': labelme('a.png', [square('dent', [1, 1], [4, 4]), square('_background_', [2, 2], [3, 3])]),
    });
    expect(await marked(dataSet, 'a.png')).toBe(12);
  });

  it('are of the photograph as it is shown, its EXIF orientation applied', async () => {
    const turned = await sharp(await plainPng(9, 8, 6))
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const dataSet = await recognise({
      'a.jpg': turned,
      'a.json': labelme('a.jpg', [shape('dent', [[5, 7]], 'points')], { imageWidth: 6, imageHeight: 8 }),
    });
    const [image] = dataSet.images;
    const mask = await readMask({ ...image!, mask: image!.mask! }, { width: 6, height: 8 });
    expect(mask.pixels.indexOf(1)).toBe(7 * 6 + 5);
  });
});

describe('a folder that has labels of its own', () => {
  it('takes masks from annotations, and keeps its labels', async () => {
    const dataSet = await recognise({
      'good/a.png': 1,
      'good/marked.png': 2,
      'good/marked.json': labelme('marked.png', [shape('dent', triangle)]),
      'good/broken.png': 3,
      'good/broken.json': '{"shapes": [',
      'defective/b.png': 4,
      'defective/b.json': labelme('b.png', [shape('dent', triangle)]),
      'defective/bare.png': 5,
      'defective/bare.json': labelme('bare.png', []),
      'defective/broken.png': 6,
      'defective/broken.json': labelme('broken.png', [shape('dent', [[1, 1]])]),
    });
    expect(dataSet.layout).toBe('good-defective');
    // what was read is not called left out
    expect(dataSet.notes.join()).not.toContain('not images');
    expect(labels(dataSet)).toEqual({
      'good/a.png': 'good',
      'good/marked.png': 'good*',
      'defective/b.png': 'dent*',
      'defective/bare.png': 'defective',
      'defective/broken.png': 'defective',
    });
    expect(dataSet.problems.map(({ name, pixelsOnly }) => [name, pixelsOnly])).toEqual([
      ['defective/broken.png', true],
      ['good/broken.png', undefined],
    ]);
    const check = await checkDataSet(dataSet, { nearCopies: false });
    expect(check.goodWithDefect).toEqual(['good/marked.png']);
    const marked = dataSet.images.find(({ name }) => name === 'good/marked.png')!;
    await expect(readTrustedMask({ ...marked, mask: marked.mask! }, size)).rejects.toMatchObject({
      code: 'MASK_UNCLEAR',
    });
  });
});

describe('a manifest that names annotation files as masks', () => {
  const files = {
    'a.png': 1,
    'a.json': labelme('a.png', [shape('dent', triangle)]),
    'b.png': 2,
    'b.json': labelme('b.png', [shape('dent', [[1, 1]])]),
    'c.png': 3,
    'c.json': labelme('c.png', []),
    'd.png': 4,
  };

  it('takes their shapes, and never learns an image as good whose file says nothing', async () => {
    const rows = [
      'image,mask,class,part_group',
      'a.png,a.json,dent,p1',
      'b.png,b.json,dent,p1',
      'c.png,c.json,dent,p2',
      'd.png,,good,p2',
    ];
    const dataSet = await recognise({ ...files, 'manifest.csv': rows.join('\n') });
    expect(dataSet.layout).toBe('manifest');
    expect(labels(dataSet)).toEqual({ 'a.png': 'dent*', 'b.png': 'dent', 'c.png': 'dent', 'd.png': 'good' });
    expect(await marked(dataSet, 'a.png')).toBeGreaterThan(5);
    expect(dataSet.problems.map(({ name, code, pixelsOnly }) => [name, code, pixelsOnly])).toEqual([
      ['b.png', 'ANNOTATION_INVALID', true],
      ['c.png', 'ANNOTATION_INVALID', true],
    ]);
  });
});

describe('annotations as part of a data set', () => {
  it('change its hash with a coordinate', async () => {
    const of = (x: number) =>
      recognise({ 'a.png': 1, 'a.json': labelme('a.png', [shape('dent', [...triangle, [x, 4]])]) });
    const [one, same, other] = await Promise.all([of(3), of(3), of(2)]);
    expect(await dataSetHash(one)).toBe(await dataSetHash(same));
    expect(await dataSetHash(one)).not.toBe(await dataSetHash(other));
  });

  it('name an image that may be any of several, and one that is not there', async () => {
    const dataSet = await recognise({
      'x/a.png': 1,
      'y/a.png': 2,
      'z.png': 3,
      'notes/all.json': {
        images: [
          { id: 1, file_name: 'a.png', ...size },
          { id: 2, file_name: 'gone.png', ...size },
          { id: 3, file_name: 'z.png', ...size },
        ],
        annotations: [],
        categories: [],
      },
    });
    expect(labels(dataSet)).toEqual({ 'z.png': 'good' });
    expect(faults(dataSet)).toEqual([
      ['x/a.png', 'ANNOTATION_INVALID'],
      ['y/a.png', 'ANNOTATION_INVALID'],
    ]);
    expect(dataSet.notes.join(' ')).toContain('gone.png of notes/all.json');
  });

  it('never leave a part good that they call defective as a whole', async () => {
    const flagged = (flags: object) => ({ imagePath: 'x.png', shapes: [], flags });
    const dataSet = await recognise({
      'good/a.png': 1,
      'good/a.json': flagged({ NG: true }),
      'good/b.png': 2,
      'good/b.json': flagged({ ok: true, checked: true }),
      'good/c.png': 3,
    });
    expect(labels(dataSet)).toEqual({ 'good/b.png': 'good', 'good/c.png': 'good' });
    expect(faults(dataSet)).toEqual([['good/a.png', 'ANNOTATION_INVALID']]);
  });

  it('bear lists a hundred thousand deep', async () => {
    const folder = await newFolder();
    await mkdir(join(folder, 'x'));
    await writeFile(join(folder, 'x/a.png'), await plainPng(1));
    await writeFile(join(folder, 'x/a.json'), `${'['.repeat(100_000)}${']'.repeat(100_000)}`);
    await expect(recogniseDataSet(folder)).rejects.toMatchObject({ code: 'DATASET_LAYOUT' });
  });
});
