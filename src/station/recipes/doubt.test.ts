/** Nothing is decided by a recipe or threshold that is none any more, whatever the database did while it was changed. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import {
  activeRecipe,
  inspectImage,
  partPng,
  smallBundle,
  startStation,
  type TestStation,
} from '../../../test/support/station.ts';
import { readManifest } from '../../bundle/content.ts';
import { FelfriError } from '../../core/errors.ts';
import type { Recipe } from '../contract/recipes.ts';
import type { StationEvent } from '../contract/station.ts';

const folder = temporaryFolders();
const by = { by: 'test', at: new Date() };
let own: TestStation;
let bundle: string;
let passing: string;
let other: string;
let png: Buffer;

beforeAll(async () => {
  bundle = await smallBundle(join(await folder(), 'bundle'), 1e9);
  own = await startStation(await folder());
  const { recipes } = own.station;
  other = (await recipes.add(await recipes.bundles.copyOf(bundle, await readManifest(bundle)), 'other', by)).id;
  passing = await activeRecipe(own, bundle);
  png = await partPng(7);
});
afterAll(() => own.close());

const unavailable = (): Error => new FelfriError('RECORDS_UNAVAILABLE', 'the answer to the commit was lost');

/** The next change of recipes is on record, but its answer is lost; so are those of as many questions after it. */
function loseAnswer(change: 'setThresholds' | 'activate' | 'rollBack', questions = 0, of = own): void {
  const { records } = of.station;
  const [work, recipes] = [records[change], records.recipes];
  Object.assign(records, {
    [change]: async (...given: never[]) => {
      Object.assign(records, { [change]: work });
      await (work as (...all: never[]) => Promise<Recipe>).apply(records, given);
      throw unavailable();
    },
    recipes: async () => {
      if (questions-- > 0) throw unavailable();
      Object.assign(records, { recipes });
      return recipes.call(records);
    },
  });
}

const decide = async () => (await inspectImage(own.station, png)).inspection;

describe('a change that is on record though its answer was lost', () => {
  beforeEach(async () => {
    await own.station.recipes.activate(passing, by);
    await own.station.recipes.setThresholds(passing, { ng: 1e9 }, by);
    expect((await decide()).decision).toBe('OK');
  });

  it('of the threshold decides the next image, and is told', async () => {
    const told: StationEvent[] = [];
    const end = own.station.events.listen((event) => void told.push(event));
    loseAnswer('setThresholds');
    await expect(own.station.recipes.setThresholds(passing, { ng: -1e9 }, by)).rejects.toThrow('was lost');
    const { decision, revision } = await decide();
    const [active] = (await own.station.records.recipes()).filter((one) => one.active);
    expect([decision, revision]).toEqual(['NG', active!.revision]);
    expect(told).toContainEqual({ type: 'recipe', change: 'thresholds', recipe: active });
    end();
  });

  it('of the active recipe decides the next image', async () => {
    loseAnswer('activate');
    await expect(own.station.recipes.activate(other, by)).rejects.toThrow('was lost');
    expect((await decide()).recipe).toBe(other);
    expect(own.station.recipes.active?.id).toBe(other);
  });

  it('keeps all from being decided until the records say what holds', async () => {
    loseAnswer('setThresholds', 2);
    await expect(own.station.recipes.setThresholds(passing, { ng: -1e9 }, by)).rejects.toThrow('was lost');
    await expect(decide()).rejects.toMatchObject({ code: 'RECORDS_UNAVAILABLE' });
    expect((await decide()).decision).toBe('NG');
  });
});

it('a bundle that fails takes away its own recipe, not one that became active meanwhile', async () => {
  const { recipes } = own.station;
  const before = await recipes.activate(passing, by);
  await recipes.activate(other, by);
  recipes.refuse(before, new FelfriError('BUNDLE_FAILS', 'it ended its process'));
  expect(recipes.active?.id).toBe(other);
  recipes.refuse(recipes.active!, new FelfriError('BUNDLE_FAILS', 'it ended its process'));
  expect(recipes.active).toBeNull();
  await recipes.activate(passing, by);
});

it('a change whose answer was lost makes no damaged bundle judge', async () => {
  const data = await folder();
  const before = await startStation(data);
  const id = await activeRecipe(before, bundle);
  const path = join(before.station.recipes.bundles.directory(id), 'bundle.json');
  await before.close();
  await writeFile(path, (await readFile(path)).subarray(1));
  // nothing of the bundle was ever open in this one
  const station = await startStation(data);
  const { recipes } = station.station;
  expect(recipes.active).toBeNull();
  loseAnswer('setThresholds', 0, station);
  await expect(recipes.setThresholds(id, { ng: 7 }, by)).rejects.toThrow('was lost');
  await recipes.settle();
  expect(recipes.active).toBeNull();
  await expect(inspectImage(station.station, png)).rejects.toMatchObject({ code: 'NO_RECIPE' });
  await station.close();
});

it('a resultId gives no decision by another recipe than was asked for', async () => {
  const { inspection } = await inspectImage(own.station, png, { resultId: 'r-1', recipe: passing });
  expect((await inspectImage(own.station, png, { resultId: 'r-1' })).inspection).toEqual(inspection);
  await expect(inspectImage(own.station, png, { resultId: 'r-1', recipe: other })).rejects.toMatchObject({
    code: 'CONFLICT',
    message: expect.stringContaining('another recipe'),
  });
});
