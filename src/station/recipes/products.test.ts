/** Products: each is judged by the recipe that is set for it, and no part by that of another. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
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
import type { InspectionFields } from '../contract/inspections.ts';
import type { StationEvent } from '../contract/station.ts';
import { sealOf } from '../records/seals.ts';

const folder = temporaryFolders();
const by = { by: 'Kim', at: new Date() };
let place: string;
let own: TestStation;
let active: string;
let strict: string;
let png: Buffer;

beforeAll(async () => {
  const bundle = await smallBundle(join(await folder(), 'bundle'), 1e9);
  place = await folder();
  own = await startStation(place);
  active = await activeRecipe(own, bundle, 'lenient');
  const { recipes } = own.station;
  strict = (await recipes.add(await recipes.bundles.copyOf(bundle, await readManifest(bundle)), 'strict', by)).id;
  await recipes.setThresholds(strict, { ng: -1e9 }, by);
  png = await partPng(7);
});
afterAll(() => own.close());
afterEach(async () => {
  for (const { code } of own.station.products.all) await set(code, null);
});

const set = (code: string, recipe: string | null) =>
  own.app.inject({ method: 'PUT', url: '/api/products', payload: { code, recipe, by: 'Kim', note: 'a new part' } });
const decide = async (fields: InspectionFields) => (await inspectImage(own.station, png, fields)).inspection;
const get = async (url: string) => (await own.app.inject({ url })).json();
const ask = (query: string) =>
  own.app.inject({
    method: 'POST',
    url: `/api/inspections?${query}`,
    headers: { 'content-type': 'image/png' },
    payload: png,
  });
const unknown = { code: 'PRODUCT_UNKNOWN' };

describe('with recipes set by product', () => {
  it('judges each part by the recipe of its product, which the record and /ready say', async () => {
    await set('4711', strict);
    expect((await set('4712/b', active)).json().products).toMatchObject([
      { code: '4711', recipe: strict, by: 'Kim' },
      { code: '4712/b', recipe: active },
    ]);
    expect(await decide({ product: '4711' })).toMatchObject({ decision: 'NG', recipe: strict, product: '4711' });
    expect(await decide({ product: '4712/b' })).toMatchObject({ decision: 'OK', recipe: active, product: '4712/b' });
    expect((await ask('product=4711')).json()).toMatchObject({ decision: 'NG', product: '4711', recipe: strict });
    expect((await get('/api/inspections?limit=1')).inspections[0]).toMatchObject({ product: '4711' });
    expect((await get('/ready')).recipes).toEqual([
      { product: '4711', recipe: strict, name: 'strict', revision: 2, reason: null },
      { product: '4712/b', recipe: active, name: 'lenient', revision: 2, reason: null },
    ]);
  });

  it('never judges a part of a product that is not known, or that nobody names', async () => {
    await expect(decide({ product: '4711' })).rejects.toMatchObject(unknown);
    await set('4711', strict);
    for (const fields of [{}, { part: 'P-1' }, { product: '4712' }, { product: '4711 ' }])
      await expect(decide(fields), JSON.stringify(fields)).rejects.toMatchObject(unknown);
    await expect(decide({ product: '4711', recipe: active })).rejects.toMatchObject({ code: 'OPTION_INVALID' });
    expect(await decide({ recipe: active })).toMatchObject({ recipe: active, product: null });
    expect((await ask('product=4712&part=P-9')).statusCode).toBe(422);
    expect((await get('/api/inspections?limit=1')).inspections[0]).toMatchObject({
      decision: 'NOT_INSPECTED',
      cause: 'refused',
      code: 'PRODUCT_UNKNOWN',
      part: 'P-9',
      product: '4712',
      recipe: null,
    });
    await set('4711', null);
    expect(await decide({})).toMatchObject({ recipe: active });
  });

  it('gives no record of one product for another', async () => {
    await set('4711', strict);
    await set('4712', strict);
    await decide({ product: '4711', resultId: 'twice' });
    await expect(decide({ product: '4712', resultId: 'twice' })).rejects.toMatchObject({ code: 'CONFLICT' });
    expect((await decide({ product: '4711', resultId: 'twice' })).product).toBe('4711');
  });

  it('tells it, and writes it into the audit log', async () => {
    const { events, records } = own.station;
    const heard: StationEvent[] = [];
    const end = events.listen((event) => heard.push(event));
    await set('4711', strict);
    await set('4711', active);
    await set('4711', null);
    end();
    expect(heard.map((event) => event.type === 'products' && event.products.map(({ recipe }) => recipe))).toEqual([
      [strict],
      [active],
      [],
    ]);
    expect((await get('/api/audit?limit=3')).entries.map(({ summary }: { summary: string }) => summary)).toEqual([
      'Kim took the product code "4711" away, for which "lenient" was set, noting "a new part".',
      'Kim set the recipe "lenient" for the product code "4711", in place of "strict", noting "a new part".',
      'Kim set the recipe "strict" for the product code "4711", noting "a new part".',
    ]);
    expect((await set('4711', null)).statusCode).toBe(404);
    expect((await set('4711', 'none')).statusCode).toBe(404);
    await records.verifyRecords();
  });

  it('knows them after a restart, and what holds where the answer to a change was lost', async () => {
    const { records } = own.station;
    const { setProduct } = records;
    Object.assign(records, {
      setProduct: async (...given: Parameters<typeof setProduct>) => {
        Object.assign(records, { setProduct });
        await setProduct(...given);
        throw new FelfriError('RECORDS_UNAVAILABLE', 'the answer to the commit was lost');
      },
    });
    expect((await set('4711', strict)).statusCode).toBe(503);
    expect(await decide({ product: '4711' })).toMatchObject({ decision: 'NG', recipe: strict });
    await expect(decide({})).rejects.toMatchObject(unknown);
    await own.close();
    // its bundle is damaged: its own parts are not judged, and /ready says why
    const model = join(place, 'recipes', strict, 'model.onnx');
    const whole = await readFile(model);
    await writeFile(model, whole.subarray(100));
    own = await startStation(place);
    await expect(decide({ product: '4711' })).rejects.toMatchObject({ code: 'BUNDLE_INVALID' });
    expect(await get('/ready')).toMatchObject({ ready: false, reason: expect.stringContaining(strict) });
    await set('4712', active);
    expect(await get('/ready')).toMatchObject({
      ready: true,
      recipes: [
        { product: '4711', reason: expect.any(String) },
        { product: '4712', reason: null },
      ],
    });
    expect(await decide({ product: '4712' })).toMatchObject({ decision: 'OK', recipe: active });
    await own.close();
    await writeFile(model, whole);
    own = await startStation(place);
    expect(await decide({ product: '4711' })).toMatchObject({ decision: 'NG', recipe: strict });
    await expect(decide({})).rejects.toMatchObject(unknown);
  });
});

it('seals the product of a record, and keeps the seals of records from before there were any', () => {
  const row = { id: 'i', resultId: 'r', part: null, lot: null, recipe: 'x', revision: 1, decision: 'OK' } as never;
  const seal = (product?: string | null) =>
    sealOf('inspections', { ...(row as object), ...(product !== undefined && { product }) } as never, 1, '0');
  expect(seal(null)).toBe(seal());
  expect(new Set([seal(), seal('4711'), seal('4712')]).size).toBe(3);
});
