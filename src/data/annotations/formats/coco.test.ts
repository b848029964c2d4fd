import { describe, expect, it } from 'vitest';
import { type Files, faults, labels, marked, recogniseFiles, size } from '../../../../test/support/annotated.ts';
import { temporaryFolders } from '../../../../test/support/folder.ts';
import type { DataSetOptions } from '../../layouts/asked.ts';
import { readMask } from '../../masks/read.ts';

const newFolder = temporaryFolders();
const recognise = async (files: Files, options: DataSetOptions = {}) =>
  recogniseFiles(await newFolder(), files, options);

const coco = (annotations: readonly object[], more: object = {}) => ({
  images: [
    { id: 1, file_name: 'a.png', ...size },
    { id: 2, file_name: 'b.png', ...size },
  ],
  categories: [{ id: 7, name: 'pore' }],
  annotations,
  ...more,
});
const inCoco = (annotation: object) => ({
  id: 1,
  image_id: 1,
  category_id: 7,
  iscrowd: 0,
  bbox: [1, 1, 2, 2],
  ...annotation,
});
const twoPhotographs = { 'images/a.png': 1, 'images/b.png': 2 };

describe('COCO', () => {
  it('reads polygons, run lengths in both forms, crowds and boxes, and takes a listed image without any as good', async () => {
    const forms: readonly [object, number][] = [
      [{ segmentation: [[2, 2, 6, 2, 6, 6, 2, 6]] }, 16],
      [{ segmentation: { size: [6, 8], counts: [6, 3, 39] }, iscrowd: 1 }, 3],
      [{ segmentation: { size: [6, 8], counts: '63W1' } }, 3],
      [{ segmentation: [] }, 4],
    ];
    for (const [form, pixels] of forms) {
      const dataSet = await recognise({ ...twoPhotographs, 'annotations/x.json': coco([inCoco(form)]) });
      expect(labels(dataSet)).toEqual({ 'images/a.png': 'pore*', 'images/b.png': 'good' });
      expect(await marked(dataSet, 'images/a.png')).toBe(pixels);
    }
  });

  it.each([
    ['a count too many', { segmentation: { size: [6, 8], counts: [6, 3, 40] } }],
    ['a huge count', { segmentation: { size: [6, 8], counts: [0, 1e15] } }],
    ['a negative count', { segmentation: { size: [6, 8], counts: [-1, 49] } }],
    ['a broken string', { segmentation: { size: [6, 8], counts: 'é~~' } }],
    ['a string that never ends', { segmentation: { size: [6, 8], counts: 'oooooooooooo' } }],
    ['another size', { segmentation: { size: [8, 6], counts: [6, 3, 39] } }],
    ['two points', { segmentation: [[1, 1, 2, 2]] }],
    ['an odd coordinate', { segmentation: [[1, 1, 2, 2, 3, 3, 4]] }],
    ['text for a coordinate', { segmentation: [['x', 1, 2, 2, 3, 3]] }],
    ['a coordinate beyond reason', { segmentation: [[1e9, 1, 2, 2, 3, 3]] }],
    ['no shape at all', { bbox: undefined, caption: 'a pore' }],
    ['an unknown category', { category_id: 9, segmentation: [[2, 2, 6, 2, 6, 6]] }],
  ])('leaves out the one image whose annotation has %s, never as good', async (_what, annotation) => {
    const dataSet = await recognise({ ...twoPhotographs, 'x.json': coco([inCoco(annotation)]) });
    expect(labels(dataSet)).toEqual({ 'images/b.png': 'good' });
    expect(faults(dataSet)).toEqual([['images/a.png', 'ANNOTATION_INVALID']]);
    expect(dataSet.problems[0]!.message).toMatch(/^x\.json: annotation 1 of a\.png/);
  });

  it.each([
    ['one id for two images', { images: [1, 1].map((id, i) => ({ id, file_name: `${'ab'[i]}.png`, ...size })) }],
    ['two names for one category', { categories: ['pore', 'good'].map((name) => ({ id: 7, name })) }],
  ])('counts nothing of a file with %s: a defect would be taken for good', async (_what, more) => {
    const dataSet = recognise({ ...twoPhotographs, 'x.json': coco([inCoco({ segmentation: [] })], more) });
    await expect(dataSet).rejects.toMatchObject({ code: 'DATASET_LAYOUT', message: expect.stringContaining('x.json') });
  });

  it('counts nothing of a file whose annotations belong to no image of it', async () => {
    const stray = recognise({ ...twoPhotographs, 'x.json': coco([inCoco({ image_id: 99 })]) });
    await expect(stray).rejects.toMatchObject({
      code: 'DATASET_LAYOUT',
      message: expect.stringContaining('1 annotations are of images'),
    });
  });

  it('says of an image in two files the same or nothing', async () => {
    const one = coco([inCoco({ segmentation: [[2, 2, 6, 2, 6, 6]] })]);
    expect(labels(await recognise({ ...twoPhotographs, 'x.json': one, 'y.json': one }))).toEqual({
      'images/a.png': 'pore*',
      'images/b.png': 'good',
    });
    const differing = await recognise({ ...twoPhotographs, 'x.json': one, 'y.json': coco([]) });
    expect(labels(differing)).toEqual({ 'images/b.png': 'good' });
    expect(differing.problems[0]).toMatchObject({ name: 'images/a.png', code: 'ANNOTATION_INVALID' });
  });

  it('finds images in the folder that the file is called by, where several have their name', async () => {
    const a = { images: [{ id: 1, file_name: 'a.png', ...size }] };
    const dataSet = await recognise({
      'train2017/a.png': 1,
      'val2017/a.png': 2,
      'annotations/instances_train2017.json': coco([inCoco({ segmentation: [] })], a),
      'annotations/instances_val2017.json': coco([], a),
    });
    expect(labels(dataSet)).toEqual({ 'train2017/a.png': 'pore*', 'val2017/a.png': 'good' });
  });

  it('labels nothing by a list of images without annotations', async () => {
    const dataSet = recognise({ ...twoPhotographs, 'x.json': coco([], { annotations: undefined }) });
    await expect(dataSet).rejects.toMatchObject({ code: 'DATASET_LAYOUT' });
  });

  it('names a shape that no pixel is set by, and one that an image of another size has', async () => {
    const thin = await recognise({
      ...twoPhotographs,
      'x.json': coco([inCoco({ segmentation: [[2, 2, 6, 2, 6, 2.05]] })]),
    });
    const [image] = thin.images;
    await expect(readMask({ ...image!, mask: image!.mask! }, size)).rejects.toMatchObject({
      code: 'ANNOTATION_INVALID',
    });
    await expect(readMask({ ...image!, mask: image!.mask! }, { width: 6, height: 8 })).rejects.toMatchObject({
      code: 'MASK_MISMATCH',
    });
  });

  it('cuts shapes at the border and says so', async () => {
    const dataSet = await recognise({
      ...twoPhotographs,
      'x.json': coco([inCoco({ segmentation: [[-4, -4, 3, -4, 3, 3, -4, 3]] })]),
    });
    expect(await marked(dataSet, 'images/a.png')).toBe(9);
    expect(dataSet.notes.join(' ')).toContain('reach outside of them and are cut at the border (images/a.png)');
  });
});
