/** Inspections that become images of a data set. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { activeRecipe, partPng, smallBundle, startStation, type TestStation } from '../../../test/support/station.ts';
import type { DataSet, DataSetDetail, InspectionsAdded } from '../contract/datasets.ts';
import type { Inspection } from '../contract/inspections.ts';

const folder = temporaryFolders();
let data: string;
let own: TestStation;

beforeAll(async () => {
  data = await folder();
  own = await startStation(data);
});
afterAll(() => own.close());

const call = (method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE', url: string, payload?: object) =>
  own.app.inject({ method, url, ...(payload && { payload }) });
const create = async (name: string): Promise<DataSet> => (await call('POST', '/api/datasets', { name })).json();
const detail = async (id: string): Promise<DataSetDetail> => (await call('GET', `/api/datasets/${id}`)).json();

describe('inspections', () => {
  it('become images whose label is what a person said, once each, and those not kept say so', async () => {
    const recipe = await activeRecipe(own, await smallBundle(join(await folder(), 'bundle'), 1e-6));
    expect(recipe).toBeTruthy();
    const inspect = async (seed: number, part: string): Promise<Inspection> =>
      (
        await own.app.inject({
          method: 'POST',
          url: `/api/inspections?part=${part}`,
          payload: await partPng(seed),
          headers: { 'content-type': 'image/png' },
        })
      ).json();
    const found = await Promise.all([41, 42, 43].map((seed) => inspect(seed, `part-${seed}`)));
    const say = (i: Inspection, verdict: string) => call('PUT', `/api/inspections/${i.id}/feedback`, { verdict });
    await say(found[0]!, 'false-alarm');
    await say(found[1]!, 'agree');
    const set = await create('from the line');
    const ask = async (body: object): Promise<InspectionsAdded> =>
      (await call('POST', `/api/datasets/${set.id}/inspections`, body)).json();
    const ids = [found[2]!.id, 'no-such-one'];
    const chosen = await ask({ inspections: ids });
    expect(chosen).toMatchObject({ added: 1, known: 0, refused: [{ inspection: 'no-such-one', code: 'NOT_FOUND' }] });
    expect(await ask({})).toMatchObject({ added: 2, labelled: 0, known: 0, refused: [] });
    await say(found[2]!, 'agree');
    expect(await ask({})).toMatchObject({ added: 0, labelled: 1, known: 2 });
    const { images } = await detail(set.id);
    expect(new Map(images.map((i) => [i.partGroup, i.label]))).toEqual(
      new Map([
        ['part-41', 'good'],
        ['part-42', 'defective'],
        ['part-43', 'defective'],
      ]),
    );
  });
});
