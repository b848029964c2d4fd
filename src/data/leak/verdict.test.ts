import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { photographPng, type Shot } from '../../../test/textures.ts';
import type { PartImage } from '../part-image.ts';
import type { Split } from '../split.ts';
import { checkLeaks, unjudgedVerdict } from './verdict.ts';

const newFolder = temporaryFolders();
let folder: string;

async function shoot(seed: number, shot: Shot = {}, partGroup = `part${seed}`): Promise<PartImage> {
  const name = `${seed}-${Object.values(shot).join('-')}.png`;
  await writeFile(join(folder, name), await photographPng(seed, shot));
  return { path: join(folder, name), name, label: 'good', className: 'good', partGroup };
}

let split: Split;

beforeAll(async () => {
  folder = await newFolder();
  const parts = await Promise.all(Array.from({ length: 18 }, (_, seed) => shoot(seed)));
  const side = (from: number, to: number): PartImage[] => parts.slice(from, to);
  split = {
    name: 'made',
    protocol: 'honest',
    train: side(0, 10),
    calibration: side(10, 14),
    test: side(14, 18),
    notes: [],
  };
});

describe('checkLeaks', () => {
  it('calls a split of whole parts clean', async () => {
    const verdict = await checkLeaks(split);
    expect(verdict).toMatchObject({
      split: 'made',
      rate: 0,
      limit: 0.05,
      flagged: false,
      overridden: false,
      worst: [],
    });
    expect(verdict.test).toEqual({ images: 4, nearCopies: 0, partGroups: 0, leaking: 0, doubted: 0 });
    expect(verdict.statement).toBe(
      'Leak check of made: 0 of 4 test images (0 %) show what was trained on (0 a near copy by their pixels); limit 5 %: clean.',
    );
  });

  it('flags unknown copies and known part groups, and names the pair', async () => {
    const copy = await shoot(2, { exposure: 0.6, dx: 3 }, 'unknown');
    const sister = await shoot(40, {}, 'part5');
    const verdict = await checkLeaks({ ...split, test: [...split.test, copy, sister] });
    expect(verdict.test).toEqual({ images: 6, nearCopies: 1, partGroups: 1, leaking: 2, doubted: 0 });
    expect(verdict).toMatchObject({ rate: 2 / 6, flagged: true });
    expect(verdict.worst).toMatchObject([{ side: 'test', image: copy.name, trainedOn: split.train[2]!.name }]);
    expect(verdict.statement).toContain('2 of 6 test images (33.3 %)');
    expect(JSON.parse(JSON.stringify(verdict))).toEqual(verdict);
    expect(await checkLeaks({ ...split, test: [...split.test, copy, sister] }, { limit: 0.5 })).toMatchObject({
      flagged: false,
    });
  });

  it('believes stated part groups, with a word of doubt where the pixels say otherwise', async () => {
    const state = (images: readonly PartImage[]): PartImage[] => images.map((i) => ({ ...i, groupStated: true }));
    const copy = await shoot(2, { exposure: 0.7, dx: 2 }, 'another');
    const stated = { ...split, train: state(split.train), test: [...state(split.test), ...state([copy])] };
    const verdict = await checkLeaks(stated);
    expect(verdict).toMatchObject({ flagged: false, worst: [], test: { nearCopies: 0, leaking: 0, doubted: 1 } });
    expect(verdict.doubtful).toMatchObject([{ image: copy.name, trainedOn: split.train[2]!.name }]);
    expect(verdict.doubt).toMatch(/^1 of 5 test images .*stated part groups are believed/);
    // where one of the two says nothing, the pixels speak
    const half = await checkLeaks({ ...stated, train: split.train });
    expect(half).toMatchObject({ flagged: true, test: { nearCopies: 1, leaking: 1, doubted: 0 }, doubtful: [] });
    expect(half).not.toHaveProperty('doubt');
  });

  it('says of few images that only equal files could be looked for', async () => {
    const few = { ...split, train: split.train.slice(0, 3), calibration: [], test: split.test.slice(0, 2) };
    expect(await checkLeaks(few)).toMatchObject({
      likenessFrom: null,
      statement: expect.stringContaining('only equal files'),
    });
    const equal = { ...few, test: [{ ...few.train[0]!, name: 'copy.png', partGroup: 'copy.png' }] };
    expect(await checkLeaks(equal)).toMatchObject({ flagged: true, test: { nearCopies: 1 } });
  });

  it('counts copies among calibration images without flagging, and none within one side', async () => {
    const [a, b, c] = [await shoot(7, { dy: 2 }, 'x'), await shoot(50, {}), await shoot(50, { exposure: 0.8 })];
    const verdict = await checkLeaks({ ...split, calibration: [a], test: [b, c] });
    expect(verdict.calibration).toMatchObject({ images: 1, nearCopies: 1, leaking: 1 });
    expect(verdict).toMatchObject({ flagged: false, test: { leaking: 0 }, worst: [{ side: 'calibration' }] });
  });
});

it('says of a split that nothing is judged on that nothing was looked for', () => {
  const verdict = unjudgedVerdict(split);
  expect(verdict).toMatchObject({ split: 'made', rate: 0, flagged: false, overridden: false, worst: [] });
  expect(verdict.test).toEqual({ images: 4, nearCopies: 0, partGroups: 0, leaking: 0, doubted: 0 });
  expect(verdict.statement).toContain('not made, as no test image is defective');
});
