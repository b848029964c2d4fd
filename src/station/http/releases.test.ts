/** Releases through HTTP: who signs, and that nothing unreleased decides on a part, whatever way a recipe or a change of it comes. */
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { inspectImage, partPng, smallBundle, startStation, type TestStation } from '../../../test/support/station.ts';
import { addUser } from '../../../test/support/users.ts';
import { formerHash, readManifest } from '../../bundle/content.ts';
import type { RecipeLife } from '../contract/life.ts';
import type { RecipeRelease, ReleaseList, ReleasePolicy, SignRequest } from '../contract/releases.ts';
import { newId } from '../ids.ts';
import { LineRecipes } from '../line/recipes.ts';

const folder = temporaryFolders();
const host = '127.0.0.1:7350';
const by = { by: 'test', at: new Date() };
let template: string;
let png: Buffer;
let place: string;
let own: TestStation;
let recipe: string;
let other: string;
let token: string;
const cookies = new Map<string, string>();

const add = async (bundle: string, name: string): Promise<string> => {
  const { recipes } = own.station;
  return (await recipes.add(await recipes.bundles.copyOf(bundle, await readManifest(bundle)), name, by)).id;
};

async function open(release: ReleasePolicy): Promise<void> {
  own = await startStation(place, { release });
  cookies.clear();
}

// a folder that each test gets a copy of, since checking a bundle takes its time
beforeAll(async () => {
  png = await partPng(7);
  template = place = await folder();
  await open('none');
  await addUser(own, 'ada', 'admin');
  for (const name of ['kim', 'eve']) await addUser(own, name, 'engineer');
  token = await addUser(own, 'robot', 'engineer');
  const bundle = await smallBundle(join(await folder(), 'bundle'), 1e9);
  recipe = await add(bundle, 'rings');
  other = await add(bundle, 'caps');
  await own.close();
});

async function begin(release: ReleasePolicy): Promise<void> {
  place = await folder();
  await cp(template, place, { recursive: true });
  await open(release);
}
afterEach(() => own.close());

const ask = (url: string, method: 'GET' | 'POST' | 'PATCH' = 'GET', payload?: object, headers = {}, from = 1) =>
  own.app.inject({
    url,
    method,
    headers: { host, ...headers },
    remoteAddress: `192.0.2.${from}`,
    ...(payload && { payload }),
  });

async function as(name: string): Promise<Record<string, string>> {
  const origin = `http://${host}`;
  if (!cookies.has(name)) {
    const answer = await ask('/api/session', 'POST', { name, password: `password of ${name}` }, { origin });
    cookies.set(name, String(answer.headers['set-cookie']).split(';')[0]!);
  }
  return { origin, cookie: cookies.get(name)! };
}

const releases = async (): Promise<ReleaseList> =>
  (await ask('/api/releases', 'GET', undefined, await as('ada'))).json();
const stateOf = async (id = recipe): Promise<RecipeRelease> =>
  (await releases()).releases.find((one) => one.recipe === id)!;

async function sign(name: string, said: Partial<SignRequest> = {}, id = recipe, from = 1) {
  const { contentHash } = await stateOf(id);
  const body = { password: `password of ${name}`, meaning: 'released', reason: 'tried on 50 parts', contentHash };
  return ask(`/api/recipes/${id}/release`, 'POST', { ...body, ...said }, await as(name), from);
}

const limits = (ng: number, name = 'eve') =>
  as(name).then((headers) => ask(`/api/recipes/${recipe}`, 'PATCH', { ng }, headers));
const activate = async (id = recipe) => ask(`/api/recipes/${id}/activate`, 'POST', {}, await as('eve'));
const decide = async (fields = {}): Promise<string> =>
  inspectImage(own.station, png, fields).then(
    ({ inspection: { decision, threshold, revision } }) => `${decision} at ${threshold} of revision ${revision}`,
    ({ code }) => code,
  );
const actions = async (): Promise<string[]> =>
  (await own.station.records.auditEntries({ limit: 6 })).map(({ action }) => action);

describe('a station whose recipes one person releases', () => {
  beforeEach(() => begin('one'));

  it('takes a signature from a signed-in person with the password alone, and puts a wrong one on record', async () => {
    const { contentHash } = await stateOf();
    const body = { password: 'password of ada', meaning: 'released', reason: 'tried', contentHash };
    const byToken = await ask(`/api/recipes/${recipe}/release`, 'POST', body, { authorization: `Bearer ${token}` });
    expect([byToken.statusCode, byToken.json()]).toMatchObject([403, { code: 'SIGNATURE_REFUSED', subject: 'token' }]);
    const wrong = await sign('ada', { password: 'password of kim' });
    expect([wrong.statusCode, wrong.json()]).toMatchObject([403, { code: 'SIGNATURE_REFUSED', subject: 'password' }]);
    expect((await own.station.records.auditEntries({ limit: 1 }))[0]).toMatchObject({
      action: 'user.signature refused',
      subject: 'ada',
      detail: { recipe, address: '192.0.2.1' },
    });
    expect((await sign('ada', { contentHash: '0'.repeat(64) })).json()).toMatchObject({ code: 'CONFLICT' });
    expect((await sign('ada', { reason: '' })).json()).toMatchObject({ code: 'REQUEST_INVALID' });
    expect((await stateOf()).state).toBe('unreleased');
    expect((await sign('ada')).json()).toMatchObject({ state: 'released', inForce: { by: 'ada', proposal: null } });
    // wrong passwords count with those of signing in, and then not even the right one is looked at
    await as('eve');
    for (let i = 0; i < 10; i++) await sign('eve', { password: 'guessed' }, recipe, 10 + i);
    expect((await sign('eve', {}, recipe, 30)).json()).toMatchObject({
      code: 'RATE_EXCEEDED',
      message: expect.stringContaining('by this name'),
    });
  });

  it('takes no signature that would not cover regions and sizes, as the hashes of an early felfri do not', async () => {
    const { records, recipes } = own.station;
    const { bundles } = recipes;
    const manifest = await readManifest(bundles.directory(recipe));
    const early = { ...(await records.recipe(recipe))!, id: newId(), name: 'early', bundleHash: formerHash(manifest) };
    await bundles.keep(await bundles.copyOf(bundles.directory(recipe), manifest), early.id);
    await records.addRecipe(early, by);
    expect((await sign('ada', {}, early.id)).json()).toMatchObject({ code: 'CONFLICT', subject: early.id });
    expect((await stateOf(early.id)).state).toBe('unreleased');
  });

  it('activates none that is not released, by any way', async () => {
    expect((await activate()).json()).toMatchObject({ code: 'RECIPE_UNRELEASED', subject: recipe });
    const line = new LineRecipes(own.station, 'line modbus');
    await expect(line.activate('rings')).rejects.toMatchObject({ code: 'RECIPE_UNRELEASED' });
    expect([await decide(), await decide({ recipe })]).toEqual(['NO_RECIPE', 'RECIPE_UNRELEASED']);
    await sign('ada');
    expect(await decide({ recipe })).toBe('OK at 1000000000 of revision 1');
    expect((await activate()).statusCode).toBe(200);
    expect(await decide()).toBe('OK at 1000000000 of revision 2');
    await limits(-1e9);
    expect((await activate()).json()).toMatchObject({ code: 'RECIPE_UNRELEASED' });
  });

  it('goes on by what was released, until what was changed since is released', async () => {
    await sign('ada');
    await activate();
    expect((await limits(-1e9)).statusCode).toBe(200);
    expect(await stateOf()).toMatchObject({ state: 'changed', inForce: { revision: 1 } });
    expect(await decide()).toBe('OK at 1000000000 of revision 1');
    expect(await decide({ recipe })).toBe('OK at 1000000000 of revision 1');
    expect((await ask('/api/station', 'GET', undefined, await as('eve'))).json()).toMatchObject({
      release: 'one',
      recipe: { threshold: 1e9, revision: 1 },
    });
    await own.close();
    await open('one');
    expect(await decide()).toBe('OK at 1000000000 of revision 1');
    await ask(`/api/recipes/${recipe}/rollback`, 'POST', {}, await as('eve'));
    expect([(await stateOf()).state, await decide()]).toEqual(['released', 'OK at 1000000000 of revision 4']);
    await limits(-1e9);
    await sign('ada');
    expect(await decide()).toBe('NG at -1000000000 of revision 5');
  });

  it('judges a product by the recipe that was released for it', async () => {
    await sign('ada');
    await activate();
    const { products, recipes } = own.station;
    await recipes.setThresholds(other, { ng: -1e9 }, by);
    await products.set({ code: '4711', recipe: other }, by);
    // nothing was told apart, and nothing is before a release says so
    expect([await decide(), await decide({ product: '4711' })]).toEqual([
      'OK at 1000000000 of revision 2',
      'RECIPE_UNRELEASED',
    ]);
    await sign('ada', {}, other);
    expect([await decide(), await decide({ product: '4711' })]).toEqual([
      'PRODUCT_UNKNOWN',
      'NG at -1000000000 of revision 2',
    ]);
    await products.set({ code: '4711', recipe }, by);
    expect(await decide({ product: '4711' })).toBe('NG at -1000000000 of revision 2');
    await own.close();
    await open('one');
    expect(await decide({ product: '4711' })).toBe('NG at -1000000000 of revision 2');
    await sign('ada');
    expect(await decide({ product: '4711' })).toBe('OK at 1000000000 of revision 2');
    expect(own.station.products.all).toMatchObject([{ code: '4711', recipe, by: 'ada' }]);
  });
});

describe('a station whose recipes two people release', () => {
  beforeEach(() => begin('four-eyes'));

  it('asks for another than who proposed it, and than who changed it', async () => {
    expect((await sign('ada')).json()).toMatchObject({ code: 'CONFLICT' });
    expect((await sign('ada', { meaning: 'proposed' })).json()).toMatchObject({
      state: 'unreleased',
      proposal: { by: 'ada' },
    });
    expect((await activate()).json()).toMatchObject({ code: 'RECIPE_UNRELEASED' });
    expect((await sign('ada')).json()).toMatchObject({ code: 'SIGNATURE_REFUSED', subject: 'person' });
    expect((await sign('kim')).json()).toMatchObject({ state: 'released', inForce: { by: 'kim', proposal: 1 } });
    await activate();
    await limits(-1e9, 'eve');
    await sign('ada', { meaning: 'proposed' });
    expect((await sign('eve')).json()).toMatchObject({ code: 'SIGNATURE_REFUSED', subject: 'person' });
    expect(await decide()).toBe('OK at 1000000000 of revision 1');
    await sign('kim');
    expect(await decide()).toBe('NG at -1000000000 of revision 3');
    expect(await actions()).toEqual(
      expect.arrayContaining(['recipe.released', 'recipe.proposed', 'recipe.thresholds', 'recipe.activated']),
    );
  });
});

describe('a station that asks for releases from now on', () => {
  beforeEach(() => begin('none'));

  it('lets what nobody released judge no more, says so, and goes on once it is released', async () => {
    await activate();
    await own.station.products.set({ code: '4711', recipe: other }, by);
    await own.close();
    await open('one');
    const [alarm] = own.station.alarms.all;
    expect(alarm).toMatchObject({ kind: 'recipe', code: 'RECIPE_UNRELEASED' });
    expect(alarm!.message).not.toContain('damaged');
    // parts were told apart by their products before
    expect([await decide(), await decide({ product: '4711' }), await decide({ recipe })]).toEqual([
      'PRODUCT_UNKNOWN',
      'RECIPE_UNRELEASED',
      'RECIPE_UNRELEASED',
    ]);
    expect((await ask('/ready')).json()).toMatchObject({ ready: false });
    await sign('ada');
    expect(own.station.alarms.all).toEqual([]);
    expect([await decide(), await decide({ recipe })]).toEqual(['PRODUCT_UNKNOWN', 'OK at 1000000000 of revision 2']);
    await sign('ada', {}, other);
    expect(await decide({ product: '4711' })).toBe('OK at 1000000000 of revision 1');
    const [entry] = await own.station.records.auditEntries({ limit: 1, action: 'station.release policy' });
    expect(entry!.detail).toEqual({ before: 'none', after: 'one', products: true });
    await own.close();
    await open('four-eyes');
    expect(await decide({ product: '4711' })).toBe('RECIPE_UNRELEASED');
  });

  it('keeps a release where none is asked for, and tells the whole life of a recipe', async () => {
    await sign('ada', { reason: 'tried <b>well</b>' });
    await activate();
    await decide();
    await limits(-1e9);
    expect((await stateOf()).state).toBe('changed');
    expect(await decide()).toBe('NG at -1000000000 of revision 3');
    const headers = await as('eve');
    const life = (await ask(`/api/recipes/${recipe}/life`, 'GET', undefined, headers)).json<RecipeLife>();
    const { head } = await own.station.records.auditState();
    expect(life).toMatchObject({
      recipe: { id: recipe, revision: 3 },
      policy: 'none',
      release: { state: 'changed', signatures: [{ by: 'ada' }] },
      problem: null,
      periods: [{ product: null, to: null }],
      counts: [
        { revision: 2, ok: 1, ng: 0 },
        { revision: 3, ok: 0, ng: 1 },
      ],
      audit: { head },
    });
    expect(life.events.map(({ action }) => action)).toEqual([
      'recipe.created',
      'recipe.released',
      'recipe.activated',
      'recipe.thresholds',
    ]);
    expect(life.card.map(({ title }) => title)).toContain('Data');
    const page = await ask(`/api/recipes/${recipe}/life/report`, 'GET', undefined, headers);
    expect(page.headers['content-security-policy']).toContain('sandbox');
    expect(page.body).toContain('tried &lt;b&gt;well&lt;/b&gt;');
    for (const told of [head, life.release.signatures[0]!.contentHash, recipe]) expect(page.body).toContain(told);
    expect(page.body).not.toMatch(/(src|href)="?http/);
    expect((await ask('/api/recipes/nothing/life', 'GET', undefined, headers)).statusCode).toBe(404);
  });
});
