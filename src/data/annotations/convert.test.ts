import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { plainPng, temporaryFolders, writeTree } from '../../../test/support/folder.ts';
import { Random } from '../../core/random.ts';
import { type DataSet, recogniseDataSet } from '../dataset.ts';
import { encodePng } from '../image/encode.ts';
import { conversionTargets, convertDataSet } from './convert.ts';

const newFolder = temporaryFolders();
const [width, height] = [23, 17];

/** Speckle, a ring with a hole, hairlines and single pixels; never all of the image. */
function drawnMask(seed: number): Uint8Array {
  const random = Random.of(seed, 'mask');
  const data = new Uint8Array(width * height);
  const set = (x: number, y: number): void => {
    data[y * width + x] = 255;
  };
  for (let y = 3; y < 9; y++) for (let x = 4; x < 11; x++) if (x < 6 || x > 8 || y < 5 || y > 6) set(x, y);
  for (let x = 13; x < 22; x++) set(x, 2 + ((x + seed) % 2));
  for (let i = 0; i < 14; i++) set(random.integer(width), 10 + random.integer(7));
  return data;
}

const maskPng = (seed: number): Promise<Uint8Array> => encodePng({ width, height, channels: 1, data: drawnMask(seed) });

let source: DataSet;
beforeAll(async () => {
  const folder = await newFolder();
  const image = (grey: number) => plainPng(grey, width, height);
  await writeTree(folder, {
    'good/a.png': await image(90),
    'good/b.png': await image(91),
    'defective/dent/c.png': await image(92),
    'defective/dent/d.png': await image(93),
    'defective/pore & <hole>/e.png': await image(94),
    'masks/dent/c.png': await maskPng(1),
    'masks/dent/d.png': await maskPng(2),
    'masks/pore & <hole>/e.png': await maskPng(3),
  });
  source = await recogniseDataSet(folder);
});

const cases = conversionTargets.flatMap((format) => [
  [format, false] as const,
  ...(['coco', 'cvat', 'label-studio'].includes(format) ? [[format, true] as const] : []),
]);

describe('a conversion', () => {
  it('names images whose class would be read as no defect, and writes the others', async () => {
    const folder = await newFolder();
    const image = await plainPng(90, width, height);
    const kinds = ['void', 'background', '7', '#2'];
    const files = kinds.flatMap((kind, i) => [
      [`defective/${kind}/${i}.png`, image] as const,
      [`masks/${kind}/${i}.png`, maskPng(i)] as const,
    ]);
    const made = await Promise.all(files.map(async ([path, bytes]) => [path, await bytes] as const));
    await writeTree(folder, { 'good/a.png': image, ...Object.fromEntries(made) });
    const dataSet = await recogniseDataSet(folder);
    for (const [format, odd] of [
      ['coco', 'background'],
      ['png', 'background'],
      ['manifest', '7'],
    ] as const) {
      const output = join(await newFolder(), 'out');
      const { changed, lost, problems } = await convertDataSet(dataSet, output, format);
      expect([format, changed, lost]).toEqual([format, [], 0]);
      expect(problems.map(({ message }) => message)).toEqual([
        expect.stringContaining(`its class '${odd}' would be read`),
      ]);
    }
  });

  it.each(cases)('to %s (polygons: %s) reads back to the same pixels, classes and labels', async (format, polygons) => {
    const output = join(await newFolder(), 'out');
    const conversion = await convertDataSet(source, output, format, { polygons });
    expect(conversion).toMatchObject({ images: 5, defective: 3, lost: 0, added: 0, changed: [], problems: [] });
    expect(conversion.pixels).toBeGreaterThan(100);
    const back = await recogniseDataSet(output);
    expect(back.problems).toEqual([]);
    expect(back.images.map(({ label, className }) => [label, className]).sort()).toEqual(
      source.images.map(({ label, className }) => [label, className]).sort(),
    );
    // and on to another format, from there
    const further = await convertDataSet(back, join(await newFolder(), 'further'), 'coco');
    expect(further).toMatchObject({ images: 5, defective: 3, pixels: conversion.pixels, changed: [], problems: [] });
  });

  it('writes over nothing, and not into the data set', async () => {
    const output = await newFolder();
    await writeTree(output, { 'kept.txt': 'mine' });
    await expect(convertDataSet(source, output, 'coco')).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
    expect(await readdir(output)).toEqual(['kept.txt']);
    expect(await readFile(join(output, 'kept.txt'), 'utf8')).toBe('mine');
    const within = convertDataSet(source, join(source.root, 'out'), 'coco');
    await expect(within).rejects.toMatchObject({ code: 'OUTPUT_EXISTS', message: expect.stringContaining('within') });
  });

  it('never writes a defective image without a mask as a good one, nor one whose mask cannot be believed', async () => {
    const folder = await newFolder();
    await writeTree(folder, {
      'good/a.png': 1,
      'good/marked.png': await plainPng(9, width, height),
      'defective/bare.png': 2,
      'defective/empty.png': await plainPng(3, width, height),
      'masks/empty.png': await plainPng(0, width, height),
      'masks/good/marked.png': await maskPng(1),
    });
    const conversion = await convertDataSet(await recogniseDataSet(folder), join(await newFolder(), 'out'), 'yolo');
    expect(conversion.images).toBe(1);
    expect(conversion.problems.map(({ name, code }) => [name, code])).toEqual([
      ['defective/bare.png', 'ANNOTATION_MISSING'],
      ['defective/empty.png', 'MASK_EMPTY'],
      ['good/marked.png', 'MASK_UNCLEAR'],
    ]);
  });

  it('keeps a defective image without a mask in a manifest, and leaves out two images of one name', async () => {
    const folder = await newFolder();
    await writeTree(folder, { 'good/a.png': 1, 'good/a.bmp': 1, 'good/b.png': 1, 'defective/bare.png': 2 });
    const output = join(await newFolder(), 'out');
    const conversion = await convertDataSet(await recogniseDataSet(folder), output, 'manifest');
    expect(conversion).toMatchObject({ images: 2, defective: 1, changed: [] });
    expect(conversion.problems.map(({ name }) => name)).toEqual(['good/a.bmp', 'good/a.png']);
    expect((await recogniseDataSet(output)).images.map(({ label }) => label)).toEqual(['defective', 'good']);
  });
});
