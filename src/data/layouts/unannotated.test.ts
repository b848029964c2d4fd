/** One rule for images that nothing speaks of, whatever form the annotations of the others have. */
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { plainPng, temporaryFolders, writeTree } from '../../../test/support/folder.ts';
import { marks } from '../../../test/support/layouts.ts';
import { convertDataSet } from '../annotations/convert.ts';
import { type AnnotationFormatName, annotationFormats } from '../annotations/formats/table.ts';
import { recogniseDataSet } from '../dataset.ts';
import { foldSplit } from '../split.ts';
import type { DataSetOptions } from './asked.ts';

const newFolder = temporaryFolders();

/** A folder in which two defective images have annotations of a form, and three others have nothing. */
async function partly(format: AnnotationFormatName): Promise<string> {
  const source = await newFolder();
  await writeTree(source, {
    '0.png': 1,
    '1.png': 1,
    '2.png': 1,
    'masks/0.png': await marks(0),
    'masks/1.png': await marks(3),
    'masks/2.png': await marks(4),
  });
  const output = join(await newFolder(), 'out');
  const { problems } = await convertDataSet(await recogniseDataSet(source), output, format);
  expect(problems).toEqual([]);
  const folder = (await recogniseDataSet(output)).images.find(({ label }) => label === 'good')!.path;
  for (const name of ['x', 'y', 'z'])
    await writeFile(join(folder, '..', `${name}.png`), await plainPng(name.charCodeAt(0)));
  return output;
}

const labelsOf = async (folder: string, options: DataSetOptions = {}): Promise<string[]> =>
  (await recogniseDataSet(folder, options)).images.map(({ label }) => label).sort();

describe('images that no annotation speaks of', () => {
  it.each(Object.keys(annotationFormats) as AnnotationFormatName[])(
    'are asked for at once, beside those of %s, and are what the user says',
    async (format) => {
      const folder = await partly(format);
      const { problems } = await recogniseDataSet(folder);
      expect(problems).toMatchObject([
        { code: 'ANNOTATION_MISSING', message: expect.stringMatching(/3 images .*--unannotated good/) },
      ]);
      expect(problems[0]!.images).toHaveLength(3);
      expect(await labelsOf(folder)).toEqual(['defective', 'defective', 'good']);
      const all = await recogniseDataSet(folder, { unannotated: 'good' });
      expect([all.images.filter(({ label }) => label === 'good').length, all.problems]).toEqual([4, []]);
      const less = await recogniseDataSet(folder, { unannotated: 'leave-out' });
      expect([less.images.length, less.problems]).toEqual([3, []]);
      expect(less.notes.join(' ')).toContain('3 images without annotation: left out, as stated.');
    },
  );

  const labelme = (name: string, shapes: object[]) =>
    JSON.stringify({
      version: '5',
      flags: {},
      shapes,
      imagePath: name,
      imageData: null,
      imageHeight: 6,
      imageWidth: 8,
    });
  const dent = {
    label: 'dent',
    shape_type: 'rectangle',
    points: [
      [1, 1],
      [3, 3],
    ],
  }; // prettier-ignore

  it('stop a split by one error, where no other image is good', async () => {
    const folder = await newFolder();
    await writeTree(folder, { 'd.png': 1, 'd.json': labelme('d.png', [dent]), 'x.png': 2, 'y.png': 3 });
    const dataSet = await recogniseDataSet(folder);
    expect(() => foldSplit(dataSet, 0)).toThrowError(
      expect.objectContaining({
        code: 'ANNOTATION_MISSING',
        message: expect.stringMatching(/2 images \(x\.png, y\.png\): give --unannotated good/),
      }),
    );
  });

  it.each([
    ['a file whose photograph was renamed', { 'e.json': labelme('e.png', [dent]) }, /e\.png of e\.json marks/],
    ['a broken file of its own', { 'e.json': '{"shapes": [' }, /e\.json marks/],
    ['a mask of no image', { 'masks/e.png': 5 }, /masks\/e\.png marks/],
  ])('are not called good beside %s, which may be of one of them', async (_what, more, message) => {
    const folder = await newFolder();
    await writeTree(folder, { 'd.png': 1, 'd.json': labelme('d.png', [dent]), 'x.png': 2, ...more });
    await expect(recogniseDataSet(folder, { unannotated: 'good' })).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      message: expect.stringMatching(message),
    });
    expect(await labelsOf(folder)).toEqual(['defective']);
    // and where nothing is said of them, they are asked for with the marks that may be theirs
    const [missing] = (await recogniseDataSet(folder)).problems.filter(({ code }) => code === 'ANNOTATION_MISSING');
    expect(missing!.message).toMatch(message);
  });

  it('are good beside an image whose annotation is broken or was skipped, which are not', async () => {
    const folder = await newFolder();
    await writeTree(folder, { 'd.png': 1, 'd.json': labelme('d.png', [dent]), 'x.png': 2 });
    await writeTree(folder, { 'b.png': 3, 'b.json': labelme('b.png', [{ ...dent, points: [[1, 1]] }]) });
    const task = (image: string, annotations: object[]) => ({ data: { image }, annotations });
    await writeTree(folder, {
      's.png': 4,
      't.png': 5,
      'tasks.json': JSON.stringify([task('s.png', [{ was_cancelled: true, result: [] }]), task('t.png', [])]),
    });
    const { images, problems } = await recogniseDataSet(folder, { unannotated: 'good' });
    expect(images.map(({ name, label }) => [name, label])).toEqual([
      ['d.png', 'defective'],
      ['t.png', 'good'],
      ['x.png', 'good'],
    ]);
    expect(problems.map(({ name, code }) => [name, code])).toEqual([
      ['b.png', 'ANNOTATION_INVALID'],
      ['s.png', 'ANNOTATION_MISSING'],
    ]);
  });

  it('are asked for in JSON lines and beside masks alone too, and the option is refused where folders tell', async () => {
    const lines = await newFolder();
    const line = { 'source-ref': 's3://b/d.png', c: 1, 'c-metadata': { 'class-name': 'anomaly' } };
    await writeTree(lines, { 'd.png': 1, 'x.png': 2, 'all.manifest': JSON.stringify(line) });
    const masks = await newFolder();
    await writeTree(masks, { 'd.png': 1, 'd_mask.png': await marks(3), 'x.png': 2 });
    for (const folder of [lines, masks]) {
      const { problems } = await recogniseDataSet(folder);
      expect(problems).toMatchObject([{ name: 'x.png', code: 'ANNOTATION_MISSING' }]);
      expect(await labelsOf(folder, { unannotated: 'good' })).toEqual(['defective', 'good']);
    }
    const told = await newFolder();
    await writeTree(told, { 'good/1.png': 1, 'defective/2.png': 2 });
    await expect(recogniseDataSet(told, { unannotated: 'good' })).rejects.toMatchObject({ code: 'OPTION_INVALID' });
    await rm(join(masks, 'x.png'));
    const { notes } = await recogniseDataSet(masks, { unannotated: 'good' });
    expect(notes.join(' ')).toContain('--unannotated good changes nothing');
    expect(await readdir(masks)).toHaveLength(2);
  });
});
