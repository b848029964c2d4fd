/** Data sets handed out whole, and deleted, through the station's HTTP interface. */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { partPng, startStation, type TestStation } from '../../../test/support/station.ts';
import { unpackTar } from '../../../test/support/tar.ts';
import { recogniseDataSet } from '../../data/dataset.ts';
import type { AuditTrail } from '../contract/audit.ts';
import type { DataSet, ImageChange } from '../contract/datasets.ts';

const folder = temporaryFolders();
let data: string;
let own: TestStation;

beforeAll(async () => {
  data = await folder();
  own = await startStation(data);
});
afterAll(() => own.close());

const call = (method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object) =>
  own.app.inject({ method, url, ...(payload && { payload }) });
const create = async (name: string): Promise<DataSet> => (await call('POST', '/api/datasets', { name })).json();
const send = (method: 'POST' | 'PUT', url: string, png: Uint8Array) =>
  own.app.inject({ method, url, payload: Buffer.from(png), headers: { 'content-type': 'image/png' } });
const add = (id: string, png: Uint8Array, query = '') => send('POST', `/api/datasets/${id}/images${query}`, png);

describe('a data set as a whole', () => {
  it('is handed out as an archive that felfri reads, and that is the same data', async () => {
    const { id } = await create('Handed out');
    const png = await partPng(70);
    const { image } = (await add(id, png, '?name=a.png&label=defective')).json() as ImageChange;
    await add(id, await partPng(71), '?name=b.png&label=good');
    await add(id, await partPng(72), '?name=c.png');
    const { width, height, hash } = image!;
    const mask = Buffer.from(Uint8Array.from({ length: width * height }, (_, i) => (i < 900 ? 255 : 0)));
    const maskPng = await sharp(mask, { raw: { width, height, channels: 1 } })
      .png()
      .toBuffer();
    expect((await send('PUT', `/api/datasets/${id}/images/${hash}/mask`, maskPng)).statusCode).toBe(200);
    const answer = await call('GET', `/api/datasets/${id}/archive`);
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'application/x-tar']);
    expect(answer.headers['content-disposition']).toBe(`attachment; filename="${id}-version-5.tar"`);
    const unpacked = await folder();
    await unpackTar(answer.rawPayload, unpacked);
    expect(await readFile(join(unpacked, id, 'images', `${hash}.png`))).toEqual(Buffer.from(png));
    const found = await recogniseDataSet(join(unpacked, id, 'manifest.csv'));
    expect(found.images.length).toBe(2);
    expect(await readdir(join(unpacked, id, 'masks'))).toHaveLength(1);
  });

  it('breaks the archive off where a file is gone, so that half is never taken for all', async () => {
    const { id } = await create('Half');
    const { image } = (await add(id, await partPng(73), '?label=good')).json() as ImageChange;
    await rm(join(data, 'datasets', id, 'images', `${image!.hash}.png`));
    await expect(call('GET', `/api/datasets/${id}/archive`)).rejects.toThrow();
  });

  it('is deleted with its images by whoever says so, and its id is never another one', async () => {
    const { id } = await create('Passing');
    await add(id, await partPng(74), '?label=good');
    expect((await call('DELETE', `/api/datasets/${id}?by=Kim`)).statusCode).toBe(204);
    expect((await call('GET', `/api/datasets/${id}`)).json()).toMatchObject({ code: 'NOT_FOUND' });
    expect(await readdir(join(data, 'datasets', id))).toEqual(['deleted.json']);
    expect((await create('Passing')).id).toBe(`${id}-2`);
    const { entries } = (await call('GET', '/api/audit?limit=5')).json() as AuditTrail;
    const entry = entries.find(({ action }) => action === 'dataset.deleted');
    expect(entry).toMatchObject({ by: 'Kim', subject: id });
    expect(entry!.summary).toContain('Kim deleted the data set "Passing" (version 2: 1 good');
  });

  it('is not deleted while a training on it begins', async () => {
    const { id } = await create('Beginning');
    await add(id, await partPng(76), '?label=good');
    const { trainings, dataSets } = own.station;
    const change = { by: null, at: new Date() };
    const settings = { detector: 'flow', epochs: 1, size: 64 } as const;
    const beginning = trainings.start({ name: 'begins', dataSet: id, settings }, change);
    const deleted = dataSets.delete(id, () => trainings.isRead(id), change);
    await expect(deleted).rejects.toMatchObject({ code: 'CONFLICT' });
    await trainings.cancel((await beginning).id, change);
  });

  it('that was deleted stays so after a restart, also where a kill left files of it', async () => {
    const { id } = await create('Killed');
    await add(id, await partPng(75), '?label=good');
    const path = join(data, 'datasets', id);
    await writeFile(join(path, 'deleted.json'), '{}');
    await own.close();
    own = await startStation(data);
    expect(await readdir(path)).toEqual(['deleted.json']);
    expect((await call('GET', `/api/datasets/${id}`)).statusCode).toBe(404);
    expect((await create('Killed')).id).toBe(`${id}-2`);
  });
});
