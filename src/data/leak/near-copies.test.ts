import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { photographPng, type Shot } from '../../../test/textures.ts';
import type { PartImage } from '../part-image.ts';
import { findNearCopies, NearCopySearch } from './near-copies.ts';

const newFolder = temporaryFolders();
let folder: string;

function imageOf(name: string): PartImage {
  return { path: join(folder, name), name, label: 'good', className: 'good', partGroup: name };
}

async function shoot(name: string, seed: number, shot: Shot = {}): Promise<PartImage> {
  await writeFile(join(folder, name), await photographPng(seed, shot));
  return imageOf(name);
}

let parts: PartImage[];

beforeAll(async () => {
  folder = await newFolder();
  parts = [];
  for (let seed = 0; seed < 14; seed++) parts.push(await shoot(`part${seed}.png`, seed));
});

describe('findNearCopies', () => {
  it('finds no pair among different parts of one shape', async () => {
    expect(await findNearCopies(parts)).toEqual([]);
  });

  it.each<[string, Shot]>([
    ['half the light', { exposure: 0.5 }],
    ['twice the light, partly too bright', { exposure: 2 }],
    ['a displaced camera', { dx: 7, dy: -5 }],
    ['a crop', { crop: 12 }],
    ['noise', { noise: 6 }],
    ['all at once', { exposure: 0.7, dx: -4, dy: 3, crop: 5, noise: 4 }],
  ])('finds one part again under %s', async (what, shot) => {
    const again = await shoot(`${what.replaceAll(/\W/g, '')}.png`, 3, shot);
    const found = await findNearCopies([...parts, again]);
    expect(found.map(({ one, other }) => [one.name, other.name].sort())).toEqual([[again.name, 'part3.png'].sort()]);
    expect(found[0]!.similarity).toBeLessThanOrEqual(1);
    // across a split, and whichever side is asked for
    const search = await NearCopySearch.open([...parts, again]);
    expect(await search.across([again], parts)).toMatchObject([{ one: again, other: { name: 'part3.png' } }]);
    expect(await search.across(parts, [again])).toMatchObject([{ one: { name: 'part3.png' }, other: again }]);
  });

  it('finds equal files even where they show nothing, and goes on past files that cannot be read', async () => {
    const plain = await Promise.all(
      ['plain1.png', 'plain2.png'].map((name) => shoot(name, 99, { exposure: 0, noise: 0 })),
    );
    await writeFile(join(folder, 'broken.png'), 'no image');
    const found = await findNearCopies([...plain, imageOf('broken.png'), imageOf('absent.png'), parts[0]!]);
    expect(found).toEqual([{ one: plain[0], other: plain[1], similarity: 1 }]);
  });

  it('answers for no, one and two images', async () => {
    expect(await findNearCopies([])).toEqual([]);
    expect(await findNearCopies([parts[0]!])).toEqual([]);
    expect(await findNearCopies([parts[0]!, parts[1]!])).toEqual([]);
    const search = await NearCopySearch.open(parts);
    expect(await search.across([], parts)).toEqual([]);
    expect(await search.across([parts[0]!], [])).toEqual([]);
    expect(() => search.across([imageOf('elsewhere.png')], parts)).toThrow('elsewhere.png');
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    stop.abort();
    await expect(findNearCopies(parts, { signal: stop.signal })).rejects.toMatchObject({
      code: 'INTERRUPTED',
    });
  });
});
