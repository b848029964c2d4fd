/** Parts of one design under a fixed camera are no copies of each other; planted copies among them are found. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { photographPart, type RepeatableDesign, repeatableDesigns } from '../../../test/repeatable-parts.ts';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { encodePng } from '../image/encode.ts';
import type { PartImage } from '../part-image.ts';
import { closest, NearCopySearch } from './near-copies.ts';

const newFolder = temporaryFolders();
const SIDE = 128;
const PARTS = 20;

async function put(folder: string, name: string, bytes: Uint8Array): Promise<PartImage> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return { path, name, label: 'good', className: 'good', partGroup: name };
}

/** Files made from a photograph, as they come into a data set a second time. */
const copies: Readonly<Record<string, (png: Uint8Array) => Sharp>> = {
  'p2-again.jpg': (png) => sharp(png).jpeg({ quality: 75 }),
  'p5-brighter.jpg': (png) => sharp(png).linear(0.85, 12).jpeg({ quality: 80 }),
  'p7-cropped.png': (png) =>
    sharp(png)
      .extract({ left: 4, top: 6, width: SIDE - 8, height: SIDE - 10 })
      .png(),
  'p9-mirrored.png': (png) => sharp(png).flop().png(),
  'p11-turned.jpg': (png) => sharp(png).rotate(90).jpeg({ quality: 85 }),
};

async function shoot(folder: string, design: RepeatableDesign, from: number, count = PARTS): Promise<PartImage[]> {
  const pictures = Array.from({ length: count }, (_, n) => photographPart(design, from + n, {}, SIDE));
  return Promise.all(pictures.map(async (picture, n) => put(folder, `p${n}.png`, await encodePng(picture))));
}

async function plant(folder: string, parts: readonly PartImage[]): Promise<PartImage[]> {
  return Promise.all(
    Object.entries(copies).map(async ([name, change]) => {
      const { path } = parts.find((part) => part.name === `${name.split('-')[0]}.png`)!;
      return put(folder, name, await change(await sharp(path).png().toBuffer()).toBuffer());
    }),
  );
}

const namesOf = (pairs: readonly { one: PartImage; other: PartImage }[]): string[] =>
  pairs.map(({ one, other }) => [one.name, other.name].sort().join(' = ')).sort();

describe('repeatable parts', () => {
  it.each(repeatableDesigns)('of the design %s are not near copies, their copies are', async (design) => {
    const folder = await newFolder();
    const parts = await shoot(folder, design, 100);
    const planted = await plant(folder, parts);
    const search = await NearCopySearch.open([...parts, ...planted]);
    const found = await search.within();
    const names = Object.keys(copies).map((name) => `${name} = ${name.split('-')[0]}.png`);
    expect(namesOf(found)).toEqual(names.sort());
    expect(namesOf(await search.across(planted, parts))).toEqual(namesOf(found));
  });

  it('of two designs in one set are not near copies either', async () => {
    const folder = await newFolder();
    const parts = await shoot(folder, 'disc', 300, 12);
    const others = Array.from({ length: 12 }, (_, n) => photographPart('board', 300 + n, {}, SIDE));
    const boards = await Promise.all(others.map(async (o, n) => put(folder, `board${n}.png`, await encodePng(o))));
    const copy = await put(folder, 'copy.jpg', await sharp(boards[3]!.path).jpeg({ quality: 80 }).toBuffer());
    const search = await NearCopySearch.open([...parts, ...boards, copy]);
    expect(namesOf(await search.within())).toEqual(['board3.png = copy.jpg']);
  });

  it('photographed again under other light are found by their own surface', async () => {
    const folder = await newFolder();
    const parts = await shoot(folder, 'brushed', 500);
    const again = photographPart('brushed', 504, { take: 1, exposure: 0.8, turn: 0.5 }, SIDE);
    const search = await NearCopySearch.open([...parts, await put(folder, 'again.png', await encodePng(again))]);
    expect(namesOf(await search.within())).toEqual(['again.png = p4.png']);
  });

  it('cost a bounded number of comparisons each, and give the same answer twice', async () => {
    const folder = await newFolder();
    const parts = await shoot(folder, 'mesh', 700, 40);
    const search = await NearCopySearch.open(parts);
    const found = await search.within();
    expect(search.counts.pictures).toBeLessThanOrEqual(parts.length * closest.within);
    expect(search.counts.codes).toBe(parts.length * (parts.length - 1));
    expect(await search.within()).toEqual(found);
    const across = await NearCopySearch.open(parts);
    expect(across.limit).toBe(search.limit);
    await across.across(parts.slice(0, 10), parts.slice(10));
    expect(across.counts.pictures).toBeLessThanOrEqual(10 * closest.across);
  });
});
