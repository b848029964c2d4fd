import { describe, expect, it } from 'vitest';
import { type Files, faults, labels, marked, recogniseFiles } from '../../../../test/support/annotated.ts';
import { temporaryFolders } from '../../../../test/support/folder.ts';
import type { DataSetOptions } from '../../layouts/asked.ts';

const newFolder = temporaryFolders();
const recognise = async (files: Files, options: DataSetOptions = {}) =>
  recogniseFiles(await newFolder(), files, options);

const twoPhotographs = { 'images/a.png': 1, 'images/b.png': 2 };

describe('XML', () => {
  const cvat = (image: string) =>
    `<?xml version="1.0"?><annotations><version>1.1</version>${image}<image id="1" name="b.png" width="8" height="6"/></annotations>`;
  const a = (shapes: string) => cvat(`<image id="0" name="a.png" width="8" height="6">${shapes}</image>`);

  it('of CVAT gives every shape by its rule', async () => {
    const shapes: readonly [string, number][] = [
      ['<polygon label="pore" points="2,2;6,2;6,6;2,6" z_order="1"/>', 16],
      ['<box label="pore" xtl="2" ytl="2" xbr="6" ybr="4"/>', 8],
      ['<mask label="pore" rle="1, 2, 1" left="3" top="2" width="2" height="2"/>', 2],
      ['<polyline label="pore" points="1.5,1.5;5.5,1.5"/>', 5],
      ['<points label="pore" points="1.5,1.5;5.5,1.5"/>', 2],
      ['<ellipse label="pore" cx="4" cy="3" rx="1" ry="1"/>', 5],
    ];
    for (const [text, pixels] of shapes) {
      const dataSet = await recognise({ ...twoPhotographs, 'annotations.xml': a(text) });
      expect(labels(dataSet)).toEqual({ 'images/a.png': 'pore*', 'images/b.png': 'good' });
      expect([text, await marked(dataSet, 'images/a.png')]).toEqual([text, pixels]);
    }
  });

  it.each([
    ['an unknown shape', '<cuboid label="pore" xtl1="1"/>'],
    ['no label', '<box xtl="2" ytl="2" xbr="6" ybr="4"/>'],
    ['counts that do not add up', '<mask label="pore" rle="1, 2" left="3" top="2" width="2" height="2"/>'],
    ['a coordinate that is none', '<box label="pore" xtl="two" ytl="2" xbr="6" ybr="4"/>'],
  ])('leaves out the one image with %s', async (_what, text) => {
    const dataSet = await recognise({ ...twoPhotographs, 'annotations.xml': a(text) });
    expect(labels(dataSet)).toEqual({ 'images/b.png': 'good' });
    expect(faults(dataSet)).toEqual([['images/a.png', 'ANNOTATION_INVALID']]);
  });

  it('of CVAT is refused where tracks stand beside images, which may be what they mark', async () => {
    const track = '<track id="0" label="pore"><box frame="1" xtl="1" ytl="1" xbr="4" ybr="4"/></track>';
    const reason = recognise({ ...twoPhotographs, 'annotations.xml': cvat(track) });
    await expect(reason).rejects.toMatchObject({ message: expect.stringContaining('tracks of a video beside images') });
  });

  it.each([
    [
      'entities',
      '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><annotations><image name="a.png">&b;</image></annotations>',
      /document type/,
    ],
    ['an external entity', '<!DOCTYPE x SYSTEM "file:///etc/hostname"><annotations/>', /document type/],
    ['depth', '<annotations>'.repeat(200), /deep/],
    ['an end too early', '<annotations><image>', /well-formed/],
  ])('is refused for %s', async (_what, text, message) => {
    const reason = recognise({ ...twoPhotographs, 'annotations.xml': text });
    await expect(reason).rejects.toMatchObject({ code: 'DATASET_LAYOUT', message: expect.stringMatching(message) });
  });

  it('of Pascal VOC counts pixels from 1, and takes masks by class number before boxes', async () => {
    const voc = (objects: string) =>
      `<annotation><filename>a.png</filename><size><width>8</width><height>6</height></size>${objects}</annotation>`;
    const box =
      '<object><name>dent</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>3</xmax><ymax>2</ymax></bndbox></object>';
    const dataSet = await recognise({ 'JPEGImages/a.png': 1, 'Annotations/a.xml': voc(box) });
    expect(labels(dataSet)).toEqual({ 'JPEGImages/a.png': 'dent*' });
    expect(await marked(dataSet, 'JPEGImages/a.png')).toBe(6);
    expect(labels(await recognise({ 'JPEGImages/a.png': 1, 'Annotations/a.xml': voc('') }))).toEqual({
      'JPEGImages/a.png': 'good',
    });
  });
});
