/** `felfri station` on the folder of a station that is stopped: what is damaged is said and set aside, and another recipe is chosen. */
import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { activate, deactivate, listRecipes, type Repaired, repair } from '../../src/cli/station-folder.ts';
import { temporaryFolders } from '../support/folder.ts';
import { activeRecipe, smallBundle, startStation } from '../support/station.ts';
import { felfri } from './felfri.ts';

const folder = temporaryFolders();

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

it('says what is damaged, sets it aside, and activates and deactivates recipes', async () => {
  const data = join(await folder(), 'data');
  const bundle = await smallBundle(join(await folder(), 'bundle'), 0.5);
  const own = await startStation(data);
  const spare = await activeRecipe(own, bundle, 'spare');
  const active = await activeRecipe(own, bundle, 'rings');
  await own.station.dataSets.create('whole', { by: 'e', at: new Date() });

  await expect(repair(data, false)).rejects.toMatchObject({ code: 'FOLDER_IN_USE' });
  await own.close();
  expect(await repair(data, false)).toEqual([]);

  const model = join(data, 'recipes', active, 'model.onnx');
  const bytes = await readFile(model);
  bytes[bytes.length >> 1]! ^= 1;
  await writeFile(model, bytes);
  const damaged = {
    [`recipes/${active}`]: ['recipe', active, 'BUNDLE_INVALID'],
    'recipes/nobodys': ['recipe', 'nobodys', 'BUNDLE_INVALID'],
    'datasets/lost': ['data set', 'lost', 'DATASET_MANIFEST'],
    'trainings/t1': ['training', 't1', 'CHECKPOINT_INVALID'],
    'replays/r1.json': ['replay', 'r1', 'CHECKPOINT_INVALID'],
  };
  for (const name of ['recipes/nobodys/bundle.json', 'datasets/lost/dataset.json', 'trainings/t1/training.json']) {
    await mkdir(join(data, name, '..'), { recursive: true });
    await writeFile(join(data, name), '{');
  }
  await mkdir(join(data, 'replays'), { recursive: true });
  await writeFile(join(data, 'replays/r1.json'), '');
  const expected = Object.entries(damaged).map(([path, [kind, id, code]]) => ({ path, kind, id, code }));

  const dry = await repair(data, true);
  expect(dry).toMatchObject(expected.map((one) => ({ ...one, movedTo: null })));
  expect(JSON.stringify(dry)).not.toContain(data);
  for (const path of Object.keys(damaged)) expect(await isThere(join(data, path))).toBe(true);

  expect(await listRecipes(data)).toMatchObject([
    { id: active, name: 'rings', active: true, damage: expect.stringContaining('model.onnx') },
    { id: spare, name: 'spare', active: false, damage: null },
  ]);
  const { code, stdout } = await felfri(['station', 'repair', '--data', data, '--json']);
  expect(code).toBe(0);
  const mended = (JSON.parse(stdout) as { damaged: Repaired[] }).damaged;
  expect(mended).toMatchObject(expected);
  for (const { path, movedTo } of mended) {
    expect(await isThere(join(data, path))).toBe(false);
    expect(await isThere(join(data, movedTo!))).toBe(true);
  }
  expect(await isThere(join(data, 'datasets/whole/dataset.json'))).toBe(true);

  await expect(activate(data, 'rings')).rejects.toMatchObject({ code: 'BUNDLE_INVALID' });
  await expect(activate(data, 'none')).rejects.toMatchObject({ code: 'OPTION_INVALID' });
  await activate(data, 'spare');
  const listed = await felfri(['station', 'recipes', '--data', data]);
  expect(listed.code).toBe(3);
  expect(listed.stdout).toMatch(new RegExp(`^  ${active} .* rings\\n    damaged: .*\\n\\* ${spare} .* spare\\n$`));
  await deactivate(data);
  expect((await listRecipes(data)).some((recipe) => recipe.active)).toBe(false);
  await expect(deactivate(data)).rejects.toMatchObject({ code: 'NOT_FOUND' });

  const again = await startStation(data);
  expect((await again.app.inject({ url: '/api/station' })).json()).toMatchObject({ recipe: null, alarms: [] });
  const { entries } = (await again.app.inject({ url: '/api/audit?limit=2' })).json();
  expect(entries[0].summary).toMatch(/ at the command line took "spare" off; no recipe is active\.$/);
  await again.close();
});

it('leaves damaged records where they are, and says so', async () => {
  const data = await folder();
  await (await startStation(data)).close();
  const file = join(data, 'records.sqlite');
  const bytes = await readFile(file);
  bytes.fill(7, 4096, 8192);
  await writeFile(file, bytes);
  const { code, stdout } = await felfri(['station', 'repair', '--data', data]);
  expect(code).toBe(3);
  expect(stdout).toContain('records records.sqlite: RECORDS_UNAVAILABLE: ');
  expect(await readFile(file)).toEqual(bytes);
});
