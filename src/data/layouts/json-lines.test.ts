import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { recogniseTree, summary } from '../../../test/support/layouts.ts';
import { readMask } from '../masks/read.ts';

const newFolder = temporaryFolders();
const recognise = async (...tree: [Parameters<typeof recogniseTree>[1], Parameters<typeof recogniseTree>[2]?]) =>
  recogniseTree(await newFolder(), ...tree);

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

  it('leave out an image that two jobs call good and defective', async () => {
    const second = { second: 1, 'second-metadata': { 'class-name': 'anomaly' } };
    const dataSet = await recognise({
      'images/a.png': 1,
      'images/b.png': 2,
      'train.manifest': `${line('images/a.png', 'normal', second)}\n${line('images/b.png', 'normal')}\n`,
    });
    expect(summary(dataSet)).toEqual({ 'images/b.png': 'good train' });
    expect(dataSet.problems[0]!.message).toContain('is called normal and anomaly');
  });

  it.each([
    ['null', "should be an object with a 'source-ref'"],
    ['["images/a.png"]', "should be an object with a 'source-ref'"],
    ['{"source-ref": "images/a.png", "c": 1, "c-metadata": {"class-name": 3}}', "its 'c-metadata' should be an object"],
    ['{"source-ref": "images/a.png", "c": 1, "c-metadata": null}', "its 'c-metadata' should be an object"],
    [
      '{"source-ref": "images/a.png", "m-ref": "m.png", "m-ref-metadata": {"internal-color-map": {"0": null}}}',
      "its 'm-ref-metadata' should be an object",
    ],
  ])('says of the line %s what it should be, and reads the others', async (odd, told) => {
    const dataSet = await recognise({
      'images/a.png': 1,
      'images/b.png': 2,
      'train.manifest': `${odd}\n${line('images/b.png', 'normal')}\n`,
    });
    expect(dataSet.problems.map(({ message }) => message)).toContainEqual(expect.stringContaining(`line 1: ${told}`));
    expect(dataSet.images.find(({ name }) => name === 'images/b.png')?.label).toBe('good');
  });
});
