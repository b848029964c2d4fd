/** Data sets through the station's HTTP interface, and as `felfri train` reads them. */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { form, partPng, startStation, type TestStation } from '../../../test/support/station.ts';
import { dataSetHash, recogniseDataSet } from '../../data/dataset.ts';
import { readMask } from '../../data/masks/read.ts';
import type { AuditTrail } from '../contract/audit.ts';
import type { DataSet, DataSetDetail, ImageChange } from '../contract/datasets.ts';

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
const add = (id: string, bytes: Uint8Array, query = '') =>
  own.app.inject({
    method: 'POST',
    url: `/api/datasets/${id}/images${query}`,
    payload: Buffer.from(bytes),
    headers: { 'content-type': 'image/png' },
  });
const putMask = (id: string, hash: string, png: Uint8Array) =>
  own.app.inject({
    method: 'PUT',
    url: `/api/datasets/${id}/images/${hash}/mask?by=Kim`,
    payload: Buffer.from(png),
    headers: { 'content-type': 'image/png' },
  });
const grey = (width: number, height: number, value: (i: number) => number): Promise<Buffer> =>
  sharp(Buffer.from(Uint8Array.from({ length: width * height }, (_, i) => value(i))), {
    raw: { width, height, channels: 1 },
  })
    .png()
    .toBuffer();

describe('a data set', () => {
  it('is a folder that felfri reads, whose hash is of its content, with a version for every change', async () => {
    const set = await create('Ring faces, ÜBER');
    expect(set).toMatchObject({ id: 'ring-faces-uber', version: 1, counts: { good: 0, defective: 0, unlabelled: 0 } });
    const [a, b, c] = await Promise.all([1, 2, 3].map((seed) => partPng(seed)));
    const first = await add(set.id, a!, '?label=good&name=..%2F..%2Fevil%2F%22a%22.png&partGroup=%22x%22%2C1');
    expect(first.statusCode).toBe(201);
    expect(first.json<ImageChange>()).toMatchObject({
      dataSet: { version: 2, counts: { good: 1 } },
      image: { label: 'good', className: 'good', partGroup: '"x",1', mask: null, width: 96, height: 64 },
    });
    const again = await add(set.id, a!, '?label=defective');
    expect([again.statusCode, again.json<ImageChange>().dataSet.version]).toEqual([200, 2]);

    const { payload, headers } = await form([
      ['label', 'defective'],
      ['className', 'dent'],
      ['image', b!],
    ]);
    await own.app.inject({ method: 'POST', url: `/api/datasets/${set.id}/images`, payload, headers });
    await add(set.id, c!);
    const { dataSet, images } = await detail(set.id);
    expect(dataSet).toMatchObject({
      version: 4,
      counts: { good: 1, defective: 1, unlabelled: 1, masks: 0 },
      classes: ['dent'],
    });

    const folderOf = join(data, 'datasets', set.id);
    const read = await recogniseDataSet(folderOf);
    expect(read.layout).toBe('manifest');
    expect(read.problems).toEqual([]);
    expect(new Set(read.images.map((i) => [i.label, i.className, i.partGroup].join()))).toEqual(
      new Set(['good,good,"x",1', `defective,dent,${images[1]!.hash}`]),
    );
    expect(dataSet.hash).toBe(
      createHash('sha256')
        .update(await readFile(join(folderOf, 'manifest.csv')))
        .digest('hex'),
    );

    // the same content by another way
    const other = await create('Ring faces, ÜBER');
    expect(other.id).toBe('ring-faces-uber-2');
    await add(other.id, b!, '?label=defective&className=scratch');
    await add(other.id, a!, '?label=good&partGroup=%22x%22%2C1');
    const relabelled = await call('PATCH', `/api/datasets/${other.id}/images/${images[1]!.hash}`, {
      className: 'dent',
    });
    expect(relabelled.json<ImageChange>().dataSet.hash).toBe(dataSet.hash);
  });

  it('takes labels and masks, keeps masks as 0 and 255, and writes each change into the audit log', async () => {
    const set = await create('masks');
    const { image } = (await add(set.id, await partPng(5))).json<ImageChange>();
    const { hash } = image!;
    const drawn = (await putMask(set.id, hash, await grey(96, 64, (i) => (i < 200 ? 129 : 0)))).json<ImageChange>();
    expect(drawn).toMatchObject({
      dataSet: { counts: { masks: 1 } },
      image: { label: 'defective', className: 'defective' },
    });
    const stored = await call('GET', `/api/datasets/${set.id}/images/${hash}/mask`);
    const meta = await sharp(stored.rawPayload).metadata();
    expect([meta.format, meta.width, meta.height, meta.channels, meta.depth]).toEqual(['png', 96, 64, 1, 'uchar']);
    const [found] = (await recogniseDataSet(join(data, 'datasets', set.id))).images;
    const { pixels: mask } = await readMask({ path: found!.path, mask: found!.mask! }, { width: 96, height: 64 });
    expect([mask.slice(0, 200).every((v) => v === 1), mask.slice(200).every((v) => v === 0)]).toEqual([true, true]);

    expect((await putMask(set.id, hash, await grey(95, 64, () => 255))).json()).toMatchObject({
      code: 'MASK_MISMATCH',
    });
    expect((await putMask(set.id, hash, Buffer.from('no image'))).statusCode).toBe(415);
    for (const [code, value] of [
      ['MASK_EMPTY', () => 0],
      ['MASK_UNCLEAR', () => 255],
      ['MASK_UNCLEAR', (i: number) => (i === 2000 ? 0 : 255)],
    ] as const) {
      const refused = await putMask(set.id, hash, await grey(96, 64, value));
      expect([refused.statusCode, refused.json<{ code: string }>().code]).toEqual([422, code]);
    }
    expect((await detail(set.id)).images[0]!.mask).toBe(drawn.image!.mask);

    const faint = (await putMask(set.id, hash, await grey(96, 64, (i) => (i < 9 ? 1 : 0)))).json<ImageChange>();
    expect(faint.image!.mask).not.toBe(drawn.image!.mask);
    const away = (await call('DELETE', `/api/datasets/${set.id}/images/${hash}/mask?by=Kim`)).json<ImageChange>();
    expect(away.image).toMatchObject({ label: 'defective', mask: null });
    expect((await call('DELETE', `/api/datasets/${set.id}/images/${hash}/mask`)).statusCode).toBe(404);
    await putMask(set.id, hash, await grey(96, 64, (i) => (i < 200 ? 129 : 0)));

    const good = (
      await call('PATCH', `/api/datasets/${set.id}/images/${hash}`, { label: 'good', by: 'Ada' })
    ).json<ImageChange>();
    expect(good.image).toMatchObject({ label: 'good', className: 'good', mask: null });
    const { entries } = (await call('GET', '/api/audit?limit=1')).json<AuditTrail>();
    expect(entries[0]).toMatchObject({
      by: 'Ada',
      action: 'dataset.label',
      subject: set.id,
      detail: {
        image: hash,
        version: good.dataSet.version,
        hash: good.dataSet.hash,
        before: { label: 'defective', mask: drawn.image!.mask },
        after: { label: 'good', mask: null },
      },
    });
    const removed = await call('DELETE', `/api/datasets/${set.id}/images/${hash}?by=Ada`);
    expect(removed.json<ImageChange>()).toMatchObject({ image: null, dataSet: { counts: { good: 0 } } });
    expect((await call('GET', `/api/datasets/${set.id}/images/${hash}/file`)).statusCode).toBe(404);
    await own.station.records.verifyAudit();
  });

  it('refuses what is no image, too large an image before it is decoded, classes that mean good, and paths', async () => {
    const set = await create('refusals');
    expect((await add(set.id, Buffer.from('no image'))).json()).toMatchObject({ code: 'IMAGE_FORMAT' });
    // a header that promises 30,000 x 30,000 pixels, and nothing behind it
    const bomb = Buffer.from(await grey(1, 1, () => 0));
    bomb.writeUInt32BE(30_000, 16);
    bomb.writeUInt32BE(30_000, 20);
    const answer = await add(set.id, bomb);
    expect(answer.statusCode).toBeGreaterThanOrEqual(413);
    expect(answer.statusCode).toBeLessThan(500);
    for (const className of ['OK', 'good ', 'a/b', '../x', ' ']) {
      const said = await add(set.id, await partPng(8), `?label=defective&className=${encodeURIComponent(className)}`);
      expect(said.statusCode, className).toBe(400);
    }
    expect((await detail(set.id)).images).toEqual([]);
    for (const path of ['..%2f..', '.', '%00'])
      expect((await call('GET', `/api/datasets/${path}`)).statusCode, path).toBeGreaterThanOrEqual(400);
    expect((await call('GET', `/api/datasets/${set.id}/images/..%2f..%2frecords.sqlite/file`)).statusCode).toBe(400);
    expect((await call('GET', '/api/datasets/none')).statusCode).toBe(404);
    expect((await add('none', await partPng(8))).statusCode).toBe(404);
  });

  it('is there after a restart, and a folder without a data set does not stop the station', async () => {
    const folderOf = await folder();
    const before = await startStation(folderOf);
    const made = await before.app.inject({ method: 'POST', url: '/api/datasets', payload: { name: 'kept' } });
    const { id } = made.json<DataSet>();
    await before.app.inject({
      method: 'POST',
      url: `/api/datasets/${id}/images?label=good`,
      payload: await partPng(3),
      headers: { 'content-type': 'image/png' },
    });
    const facts = before.station.dataSets.list();
    await before.close();
    await writeFile(join(folderOf, 'datasets', 'stray.txt'), '');
    const after = await startStation(folderOf);
    expect(after.station.dataSets.list()).toEqual(facts);
    await after.close();
  });

  it('keeps the manifest of a version, which names the same data whatever happens later', async () => {
    const set = await create('frozen');
    const { image } = (await add(set.id, await partPng(11), '?label=good')).json<ImageChange>();
    await putMask(set.id, image!.hash, await grey(96, 64, (i) => (i < 9 ? 255 : 0)));
    const path = await own.station.dataSets.require(set.id).freeze();
    const hash = await dataSetHash(await recogniseDataSet(path));
    await putMask(set.id, image!.hash, await grey(96, 64, (i) => (i < 99 ? 255 : 0)));
    await call('DELETE', `/api/datasets/${set.id}/images/${image!.hash}`);
    expect(await dataSetHash(await recogniseDataSet(path))).toBe(hash);
  });
});
