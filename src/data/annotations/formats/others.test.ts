import { describe, expect, it } from 'vitest';
import { type Files, faults, labels, marked, recogniseFiles, size } from '../../../../test/support/annotated.ts';
import { temporaryFolders } from '../../../../test/support/folder.ts';
import type { DataSetOptions } from '../../layouts/asked.ts';
import { readMask } from '../../masks/read.ts';

const newFolder = temporaryFolders();
const recognise = async (files: Files, options: DataSetOptions = {}) =>
  recogniseFiles(await newFolder(), files, options);

const twoPhotographs = { 'images/a.png': 1, 'images/b.png': 2 };

describe('YOLO', () => {
  it('reads boxes and segments, names of data.yaml, and an empty text as good', async () => {
    const dataSet = await recognise({
      ...twoPhotographs,
      'images/c.png': 3,
      'images/d.png': 4,
      'labels/a.txt': '1 0.5 0.5 0.5 0.5\n',
      'labels/b.txt': '',
      'labels/d.txt': '0 0.25 0.334 0.75 0.334 0.75 0.9 0.25 0.9\n',
      'data.yaml': 'train: images\nnames:\n  0: dent\n  1: pore\n',
    });
    expect(labels(dataSet)).toEqual({ 'images/a.png': 'pore*', 'images/b.png': 'good', 'images/d.png': 'dent*' });
    expect(faults(dataSet)).toEqual([['images/c.png', 'ANNOTATION_MISSING']]);
    expect(await marked(dataSet, 'images/a.png')).toBe(12);
    expect(await marked(dataSet, 'images/d.png')).toBe(5 * 4);
    expect(dataSet.notes.join(' ')).toContain('1 of the shapes are boxes');
  });

  it.each(['0 0.5 0.5 0.5', '0 0.5 0.5 0.5 0.5 0.9', '7 0.5 0.5 0.5 0.5', '0 4 3 4 2', 'dent 0.5 0.5 0.5 0.5'])(
    'leaves out the image of the line %s',
    async (line) => {
      const dataSet = await recognise({
        ...twoPhotographs,
        'labels/a.txt': line,
        'labels/b.txt': '',
        'classes.txt': 'dent\n',
      });
      expect(labels(dataSet)).toEqual({ 'images/b.png': 'good' });
      expect(faults(dataSet)).toEqual([['images/a.png', 'ANNOTATION_INVALID']]);
    },
  );

  it('leaves out images with key points, which look like segments', async () => {
    const dataSet = await recognise({
      ...twoPhotographs,
      'labels/a.txt': '0 0.5 0.5 0.2 0.2 0.4 0.4 1 0.5 0.5 1\n',
      'labels/b.txt': '',
      'data.yaml': 'names: [pore]\nkpt_shape: [2, 3]\n',
    });
    expect(labels(dataSet)).toEqual({ 'images/b.png': 'good' });
    expect(faults(dataSet)).toEqual([['images/a.png', 'ANNOTATION_INVALID']]);
  });

  it('refuses two lists of classes that differ: one may call good what the other calls a defect', async () => {
    const files = { ...twoPhotographs, 'Labels/a.txt': '0 0.5 0.5 0.5 0.5\n', 'data.yaml': 'names: [dent]\n' };
    const before = { 'a-before.yaml': 'names: [good, dent]\n' };
    await expect(recognise({ ...files, ...before })).rejects.toMatchObject({ code: 'ANNOTATION_INVALID' });
    const alike = await recognise({ ...files, 'Labels/classes.txt': 'dent\n', 'predefined_classes.txt': 'dog\ncat\n' });
    expect(labels(alike)).toEqual({ 'images/a.png': 'dent*' });
  });

  it('is not taken from texts that lie beside images for another reason', async () => {
    const reason = recognise({ 'a.png': 1, 'a.txt': 'taken by camera 4', 'b.png': 2, 'b.txt': '' });
    await expect(reason).rejects.toMatchObject({ code: 'DATASET_LAYOUT' });
  });
});

describe('Label Studio', () => {
  const region = (type: string, value: object) => ({
    id: 'r',
    type,
    original_width: 8,
    original_height: 6,
    image_rotation: 0,
    value,
  });
  const task = (name: string, annotations: readonly object[]) => ({
    id: 3,
    data: { image: `/data/upload/2/0badcafe-${name}` },
    annotations,
  });
  const polygonRegion = region('polygonlabels', {
    points: [
      [25, 0],
      [75, 0],
      [75, 50],
      [25, 50],
    ],
    polygonlabels: ['dent'],
  });

  it('reads regions, tasks without any as good, and what nobody annotated or was cancelled as not looked at', async () => {
    const dataSet = await recognise({
      ...Object.fromEntries('abcde'.split('').map((name, i) => [`${name}.png`, i])),
      'export.json': [
        task('a.png', [{ result: [polygonRegion] }]),
        task('b.png', [{ result: [] }]),
        task('c.png', []),
        task('d.png', [{ result: [], was_cancelled: true }]),
        task('e.png', [
          { result: [region('ellipselabels', { x: 50, y: 50, radiusX: 25, radiusY: 25, ellipselabels: ['pore'] })] },
        ]),
      ],
    });
    expect(labels(dataSet)).toEqual({ 'a.png': 'dent*', 'b.png': 'good', 'e.png': 'pore*' });
    expect(faults(dataSet)).toEqual([
      ['c.png', 'ANNOTATION_MISSING'],
      ['d.png', 'ANNOTATION_MISSING'],
    ]);
    expect(await marked(dataSet, 'a.png')).toBe(12);
  });

  it('reads JSON-MIN', async () => {
    const dataSet = await recognise({
      'a.png': 1,
      'b.png': 2,
      'min.json': [
        {
          image: '/data/local-files/?d=photos%2Fa.png',
          annotation_id: 1,
          label: [
            {
              x: 0,
              y: 0,
              width: 50,
              height: 50,
              rotation: 0,
              rectanglelabels: ['dent'],
              original_width: 8,
              original_height: 6,
            },
          ],
        },
        { image: 'b.png', annotation_id: 2, verdict: 'OK' },
      ],
    });
    expect(labels(dataSet)).toEqual({ 'a.png': 'dent*', 'b.png': 'good' });
    expect(await marked(dataSet, 'a.png')).toBe(12);
  });

  it.each([
    [{ quality: 'NG' }, 'NG'],
    [{ quality: { choices: ['NG', 'scratched'] } }, 'NG'],
    [{ quality: ['ok', 'scratch'] }, undefined],
    [{ quality: 'B' }, undefined],
    [{ sku: 'A12', verdict: 'ok' }, 'good'],
  ])('takes an entry of JSON-MIN for good by no other word than one for good: %j', async (more, label) => {
    const entry = { image: 'b.png', annotation_id: 2, created_at: '2026-01-01', ...more };
    const dataSet = await recognise({
      'a.png': 1,
      'b.png': 2,
      'min.json': [{ image: 'a.png', annotation_id: 1 }, entry],
    });
    expect(labels(dataSet)).toEqual({ 'a.png': 'good', ...(label && { 'b.png': label }) });
  });

  it('sees the defect among several labels of a region, and takes what is written of an image for a word', async () => {
    const text = { id: 't', type: 'textarea', value: { text: ['scratch on the left'] } };
    const both = { ...polygonRegion, value: { ...polygonRegion.value, polygonlabels: ['good', 'dent'] } };
    const dataSet = await recognise({
      'a.png': 1,
      'b.png': 2,
      'x.json': [task('a.png', [{ result: [both] }]), task('b.png', [{ result: [text] }])],
    });
    expect(labels(dataSet)).toEqual({ 'a.png': 'dent*' });
    expect(faults(dataSet)).toEqual([['b.png', 'ANNOTATION_MISSING']]);
  });

  it('leaves out images that are shown together, and those with a draft behind an empty annotation', async () => {
    const pair = { data: { one: '/x/a.png', two: '/x/b.png' }, annotations: [{ result: [polygonRegion] }] };
    const draft = { ...task('c.png', [{ result: [] }]), drafts: [{ result: [polygonRegion] }] };
    const twice = {
      data: { image: '/x/d.png', full: 's3://bucket/d.png' },
      annotations: [{ result: [polygonRegion] }],
    };
    const images = Object.fromEntries('abcd'.split('').map((name, i) => [`${name}.png`, i]));
    const dataSet = await recognise({ ...images, 'x.json': [pair, draft, twice] });
    expect(labels(dataSet)).toEqual({ 'd.png': 'dent*' });
    expect(faults(dataSet)).toEqual(['a.png', 'b.png', 'c.png'].map((name) => [name, 'ANNOTATION_INVALID']));
  });

  it.each([
    ['two annotations that differ', [{ result: [polygonRegion] }, { result: [] }]],
    [
      'a brush of another size',
      [{ result: [region('brushlabels', { rle: [0, 0, 1, 0, 57, 1, 2, 3], brushlabels: ['dent'] })] }],
    ],
    [
      'a brush that ends too early',
      [{ result: [region('brushlabels', { rle: [0, 0, 0, 192, 57, 0, 0], brushlabels: ['dent'] })] }],
    ],
    ['an unknown region', [{ result: [{ ...region('videorectangle', { sequence: [] }) }] }]],
    ['an image that was turned in the tool', [{ result: [{ ...polygonRegion, image_rotation: 90 }] }]],
  ])('leaves out the image of %s', async (_what, annotations) => {
    const dataSet = await recognise({
      'a.png': 1,
      'b.png': 2,
      'x.json': [task('a.png', annotations), task('b.png', [{ result: [] }])],
    });
    expect(labels(dataSet)).toEqual({ 'b.png': 'good' });
    expect(faults(dataSet)).toEqual([['a.png', 'ANNOTATION_INVALID']]);
  });
});

describe('run lengths in a CSV', () => {
  it('go down the columns from 1, and an image without a row is not labelled', async () => {
    const dataSet = await recognise({
      ...twoPhotographs,
      'images/c.png': 3,
      'train.csv': 'ImageId,ClassId,EncodedPixels\na.png,3,1 2 8 1\na.png,4,20 1\nb.png,1,\n',
    });
    expect(labels(dataSet)).toEqual({ 'images/a.png': 'class 3*', 'images/b.png': 'good' });
    expect(faults(dataSet)).toEqual([['images/c.png', 'ANNOTATION_MISSING']]);
    const image = dataSet.images[0]!;
    const { pixels } = await readMask({ ...image, mask: image.mask! }, size);
    expect([...pixels.keys()].filter((i) => pixels[i])).toEqual([0, 8, 9, 11]);
  });

  it('are refused where they leave the image, or lack a length', async () => {
    const csv = (pixels: string) => `ImageId_ClassId,EncodedPixels\na.png_1,${pixels}\n`;
    const beyond = await recognise({ 'a.png': 1, 'train.csv': csv('48 2') });
    await expect(marked(beyond, 'a.png')).rejects.toMatchObject({ code: 'ANNOTATION_INVALID' });
    await expect(recognise({ 'a.png': 1, 'train.csv': csv('1 2 3') })).rejects.toMatchObject({
      code: 'DATASET_LAYOUT',
    });
  });
});
