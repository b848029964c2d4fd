/** Files that the tools themselves wrote, read as the tools read them (test/golden/make-annotation-files.py). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { plainPng, temporaryFolders, writeTree } from '../../../test/support/folder.ts';
import { recogniseDataSet } from '../dataset.ts';
import { readMask } from '../masks/read.ts';

interface ToolSet {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly files: Readonly<Record<string, string | { readonly base64: string }>>;
  readonly photographs: readonly string[];
  /** Row-major run lengths by photograph, the first of unset pixels. */
  readonly masks: Readonly<Record<string, readonly number[]>>;
}

const file = new URL('../../../test/golden/annotation_files.json', import.meta.url);
const sets = JSON.parse(readFileSync(file, 'utf8')) as ToolSet[];
const newFolder = temporaryFolders();

function runsOf(pixels: Uint8Array): number[] {
  const runs: number[] = [];
  let [value, length] = [0, 0];
  for (const pixel of pixels) {
    if (pixel !== value) {
      runs.push(length);
      [value, length] = [pixel, 0];
    }
    length++;
  }
  return [...runs, length];
}

const maskOf = (runs: readonly number[]): number[] =>
  runs.flatMap((length, i) => new Array<number>(length).fill(i % 2));

describe('files written by the tools', () => {
  it.each(sets.map((set) => [set.name, set] as const))('%s read as there, pixel for pixel', async (_name, set) => {
    const folder = await newFolder();
    await writeTree(
      folder,
      Object.fromEntries([
        ...Object.entries(set.files).map(([path, content]) => [
          path,
          typeof content === 'string' ? content : Buffer.from(content.base64, 'base64'),
        ]),
        ...(await Promise.all(set.photographs.map(async (path) => [path, await plainPng(90, set.width, set.height)]))),
      ]),
    );
    const { images, problems, layout } = await recogniseDataSet(folder);
    expect(layout).toBe('annotated');
    // datumaro writes nothing for an image without annotations in VOC, so nobody says that it was looked at
    const unseen = set.name.startsWith('voc') ? ['JPEGImages/good.png'] : [];
    expect(problems.map(({ name, code }) => [name, code])).toEqual(unseen.map((name) => [name, 'ANNOTATION_MISSING']));
    const named = Object.keys(set.masks).filter((name) => !unseen.includes(name));
    expect(images.map(({ name }) => name)).toEqual(named.sort());
    for (const image of images) {
      const good = image.name.endsWith('good.png');
      expect(image.label).toBe(good ? 'good' : 'defective');
      if (good) continue;
      const { pixels, count } = await readMask({ ...image, mask: image.mask! }, set);
      if (set.name === 'voc boxes') {
        // datumaro counts from 0, Pascal VOC from 1: by VOC's rule its boxes of 6 x 5 and 1 x 7 hold one column and row more
        expect(count).toBe(7 * 6 + 2 * 8);
        expect(maskOf(set.masks[image.name]!).every((value, i) => value <= pixels[i]!)).toBe(true);
        continue;
      }
      expect({ name: image.name, runs: runsOf(pixels) }).toEqual({ name: image.name, runs: set.masks[image.name] });
    }
  });
});
