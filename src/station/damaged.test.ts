/** A station whose files were damaged or exchanged: what is whole goes on, the rest is said. */
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { alteredBundle } from '../../test/support/altered-bundle.ts';
import { temporaryFolders } from '../../test/support/folder.ts';
import { activeRecipe, partPng, smallBundle, startStation, type TestStation } from '../../test/support/station.ts';

const folder = temporaryFolders();
let bundle: string;
let other: string;
let png: Buffer;

beforeAll(async () => {
  bundle = await smallBundle(join(await folder(), 'bundle'), 0.5);
  const threshold = { value: 1e9, rule: 'f1', statement: 's', chosenOn: 'c' };
  other = await alteredBundle(bundle, join(await folder(), 'other'), { manifest: { threshold } });
  png = await partPng(5);
});

const inspect = ({ app }: TestStation, query = '') =>
  app.inject({ method: 'POST', url: `/api/inspections${query}`, headers: { 'content-type': 'image/png' }, body: png });

const ready = async ({ app }: TestStation) => (await app.inject({ url: '/ready' })).json();
const stateOf = async ({ app }: TestStation) => (await app.inject({ url: '/api/station' })).json();

/** A data folder with two recipes, of which the second is active. */
let filled: { data: string; spare: string; active: string };

beforeAll(async () => {
  const data = await folder();
  const own = await startStation(data);
  const spare = await activeRecipe(own, bundle, 'spare');
  const active = await activeRecipe(own, bundle, 'rings');
  await own.close();
  filled = { data, spare, active };
});

async function dataFolder(): Promise<typeof filled> {
  const data = join(await folder(), 'data');
  await cp(filled.data, data, { recursive: true });
  return { ...filled, data };
}

describe('the bundle of the active recipe', () => {
  it.each<[string, (directory: string) => Promise<void>]>([
    ['exchanged for another sound one', (directory) => cp(other, directory, { recursive: true })],
    [
      'damaged by a byte',
      async (directory) => {
        const model = await readFile(join(directory, 'model.onnx'));
        model[model.length >> 1]! ^= 1;
        await writeFile(join(directory, 'model.onnx'), model);
      },
    ],
    ['gone', (directory) => rm(directory, { recursive: true })],
    ['without JSON', (directory) => writeFile(join(directory, 'bundle.json'), '')],
  ])('%s is not used, and the station starts, says so, and takes another', async (_, damage) => {
    const { data, spare, active } = await dataFolder();
    await damage(join(data, 'recipes', active));
    const own = await startStation(data);
    expect(await ready(own)).toMatchObject({ ready: false, reason: expect.stringContaining('"rings" cannot be used') });
    expect((await ready(own)).reason).not.toContain(data);
    expect(await stateOf(own)).toMatchObject({
      recipe: null,
      alarms: [{ kind: 'recipe', id: active, code: 'BUNDLE_INVALID' }],
    });
    expect((await inspect(own)).json().code).toBe('NO_RECIPE');
    expect((await inspect(own, `?recipe=${active}`)).json().code).toBe('BUNDLE_INVALID');
    const again = await own.app.inject({ method: 'POST', url: `/api/recipes/${active}/activate`, body: { by: 'e' } });
    expect([again.statusCode, again.json().code]).toEqual([422, 'BUNDLE_INVALID']);
    expect(again.body).not.toContain(data);
    expect((await own.app.inject({ url: `/api/recipes/${active}/model` })).statusCode).toBe(422);
    const change = await own.app.inject({ method: 'POST', url: `/api/recipes/${spare}/activate`, body: { by: 'e' } });
    expect(change.statusCode).toBe(200);
    expect((await inspect(own)).statusCode).toBe(201);
    expect(await ready(own)).toMatchObject({ ready: true });
    await own.close();
  });
});

it('a recipe whose bundle is exchanged while the station runs is refused when it is opened anew', async () => {
  const { data, spare, active } = await dataFolder();
  const own = await startStation(data);
  await cp(other, join(data, 'recipes', spare), { recursive: true });
  expect((await inspect(own, `?recipe=${spare}`)).json().code).toBe('BUNDLE_INVALID');
  expect((await stateOf(own)).alarms).toMatchObject([{ kind: 'recipe', id: spare }]);
  // the active one goes on
  expect((await inspect(own)).json().recipe).toBe(active);
  expect(await ready(own)).toMatchObject({ ready: true });
  await cp(bundle, join(data, 'recipes', spare), { recursive: true });
  await own.station.recipes.activate(spare, { by: 'e', at: new Date() });
  expect((await stateOf(own)).alarms).toEqual([]);
  await own.close();
});

describe('a damaged file', () => {
  it.each(['', '{', 'null', '{"name": 1}', '[]'])(
    '%j of a data set, training, replay or study costs that alone',
    async (text) => {
      const data = await folder();
      const first = await startStation(data);
      const change = { by: 'e', at: new Date() };
      const [lost, whole] = [
        await first.station.dataSets.create('lost', change),
        await first.station.dataSets.create('whole', change),
      ];
      await first.close();
      const damaged = {
        [join(data, 'datasets', lost.id, 'dataset.json')]: ['data set', lost.id],
        [join(data, 'trainings', 't1', 'training.json')]: ['training', 't1'],
        [join(data, 'replays', 'r1.json')]: ['replay', 'r1'],
        [join(data, 'studies', 's1', 'study.json')]: ['study', 's1'],
      } as const;
      for (const path of Object.keys(damaged)) {
        await mkdir(join(path, '..'), { recursive: true });
        await writeFile(path, text);
      }
      const own = await startStation(data);
      const { alarms } = await stateOf(own);
      const said = alarms.map(({ kind, id }: { kind: string; id: string }) => `${kind} ${id}`);
      expect(said.sort()).toEqual(
        Object.values(damaged)
          .map((one) => one.join(' '))
          .sort(),
      );
      expect(JSON.stringify(alarms)).not.toContain(data);
      expect(own.station.dataSets.list().map(({ id }) => id)).toEqual([whole.id]);
      expect(own.station.trainings.list()).toEqual([]);
      expect(own.station.studies.names).toEqual([]);
      // no new one goes where the damaged one lies
      expect((await own.station.dataSets.create('lost', change)).id).toBe('lost-2');
      for (const path of Object.keys(damaged)) expect(await readFile(path, 'utf8')).toBe(text);
      await own.close();
    },
  );

  it('that is gone beside the images of its data set raises an alarm', async () => {
    const data = await folder();
    await mkdir(join(data, 'datasets', 'orphan', 'images'), { recursive: true });
    const own = await startStation(data);
    expect((await stateOf(own)).alarms).toMatchObject([{ kind: 'data set', id: 'orphan', code: 'DATASET_MANIFEST' }]);
    await own.close();
  });
});

describe('a file of records', () => {
  it.each(['empty', 'gone'])('that is %s beside recipes is not taken for a new one', async (how) => {
    const { data } = await dataFolder();
    const path = join(data, 'records.sqlite');
    await (how === 'empty' ? writeFile(path, '') : rm(path));
    await expect(startStation(data)).rejects.toMatchObject({
      code: 'RECORDS_UNAVAILABLE',
      message: expect.stringContaining(`is ${how}, though recipes lie in`),
    });
    if (how === 'empty') expect(await readFile(path)).toHaveLength(0);
  });
});
