/** The station through its HTTP interface, with a real bundle. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import {
  activeRecipe,
  form,
  partPng,
  smallBundle,
  startStation,
  type TestStation,
} from '../../../test/support/station.ts';
import type { Inspection } from '../contract/inspections.ts';

const folder = temporaryFolders();
let own: TestStation;
let bundle: string;
let recipe: string;
let png: Buffer;
/** What it logs. */
const lines: string[] = [];

beforeAll(async () => {
  bundle = await smallBundle(join(await folder(), 'bundle'), 1e9);
  const stream = { write: (line: string) => void lines.push(line) };
  own = await startStation(await folder(), { logger: { level: 'info', stream } });
  recipe = await activeRecipe(own, bundle);
  png = await partPng(7);
});
afterAll(() => own.close());

const raw = (payload: Uint8Array, query = '', headers: Record<string, string> = {}) =>
  own.app.inject({
    method: 'POST',
    url: `/api/inspections${query}`,
    payload: Buffer.from(payload),
    headers: { 'content-type': 'image/png', ...headers },
  });

const get = (url: string) => own.app.inject({ url });

describe('inspecting', () => {
  it('takes a form, decides, records, and gives image and map back', async () => {
    const { payload, headers } = await form([
      ['part', 'ring-1'],
      ['lot', 'L1'],
      ['image', png],
    ]);
    const answer = await own.app.inject({ method: 'POST', url: '/api/inspections', payload, headers });
    expect(answer.statusCode).toBe(201);
    const inspection = answer.json<Inspection>();
    expect(inspection).toMatchObject({
      part: 'ring-1',
      lot: 'L1',
      recipe,
      decision: 'OK',
      threshold: 1e9,
      width: 96,
      height: 64,
      imageStored: true,
      imageHash: createHash('sha256').update(png).digest('hex'),
      feedback: null,
    });
    expect((await get(`/api/inspections/${inspection.id}`)).json()).toEqual(inspection);
    const image = await get(`/api/inspections/${inspection.id}/image`);
    expect(image.headers['content-type']).toBe('image/png');
    expect(image.rawPayload.equals(png)).toBe(true);
    const map = await get(`/api/inspections/${inspection.id}/map?longest=48`);
    expect(await sharp(map.rawPayload).metadata()).toMatchObject({ format: 'png', width: 48, height: 32 });
    const preview = await get(`/api/inspections/${inspection.id}/image?longest=48`);
    expect(await sharp(preview.rawPayload).metadata()).toMatchObject({ format: 'webp', width: 48 });
  });

  it('takes the image as the body, and gives the score that the library gives', async () => {
    const { Inspector } = await import('../../inspect/inspector.ts');
    const { decodeImage } = await import('../../data/image/decode.ts');
    const inspector = await Inspector.open(bundle, { threads: 1 });
    const { score } = await inspector.inspectImage(await decodeImage(png, 'it'), 'it');
    await inspector.close();
    const answer = await raw(png, '?part=ring-2');
    expect(answer.json()).toMatchObject({ part: 'ring-2', score });
  });

  it('takes a raw frame after the line that says what it is', async () => {
    const { data, info } = await sharp(png)
      .removeAlpha()
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    const line = Buffer.from(`FELFRI-FRAME ${info.width}x${info.height}:RGB8\n`);
    const answer = await raw(Buffer.concat([line, data]), '', { 'content-type': 'application/octet-stream' });
    expect(answer.json()).toMatchObject({ width: 96, height: 64, score: (await raw(png)).json().score });
    const preview = await get(`/api/inspections/${answer.json<Inspection>().id}/image?longest=48`);
    expect(await sharp(preview.rawPayload).metadata()).toMatchObject({ format: 'webp', width: 48 });
    expect((await raw(Buffer.concat([line, data.subarray(1)]))).json()).toMatchObject({ code: 'IMAGE_FRAME' });
    // nothing but that line says it: neither the length nor the content type
    const bare = await raw(data, '', { 'content-type': 'application/octet-stream' });
    expect([bare.statusCode, bare.json().code]).toEqual([415, 'IMAGE_FORMAT']);
    const other = Buffer.from(`FELFRI-FRAME ${info.width}x${info.height}:Mono12p\n`);
    const packed = Buffer.alloc((info.width * info.height * 12) / 8, 7);
    expect((await raw(Buffer.concat([other, packed]))).json()).toMatchObject({ code: 'IMAGE_DEPTH' });
  });

  it('is idempotent by resultId, also when it is sent many times at once', async () => {
    const before = (await get('/api/station')).json().counts.ok;
    const answers = await Promise.all(Array.from({ length: 5 }, () => raw(png, '?resultId=r-1')));
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 200, 200, 200, 201]);
    expect(new Set(answers.map((a) => a.json<Inspection>().id)).size).toBe(1);
    expect((await get('/api/station')).json().counts.ok).toBe(before + 1);
    const other = await raw(await partPng(8), '?resultId=r-1');
    expect([other.statusCode, other.json().code]).toEqual([409, 'CONFLICT']);
  });

  it('refuses what is no image that it reads, from the header where that says enough', async () => {
    const bomb = await sharp({ create: { width: 4000, height: 4000, channels: 3, background: '#000' } })
      .png({ compressionLevel: 9 })
      .toBuffer();
    const deep = await sharp(new Uint16Array(64), { raw: { width: 8, height: 8, channels: 1 } })
      .toColourspace('grey16')
      .png()
      .toBuffer();
    const cases: [Uint8Array, number, string][] = [
      [new Uint8Array(), 400, 'IMAGE_EMPTY'],
      [Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 415, 'IMAGE_FORMAT'],
      [bomb, 413, 'IMAGE_TOO_LARGE'],
      [deep, 422, 'IMAGE_DEPTH'],
      [png.subarray(0, png.length - 200), 422, 'IMAGE_CORRUPT'],
      [new Uint8Array(1_000_001), 413, 'REQUEST_TOO_LARGE'],
    ];
    for (const [payload, status, code] of cases) {
      const answer = await raw(payload);
      expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
    }
    expect((await get('/api/station')).json().queue.length).toBe(0);
  });

  it('refuses requests that the contract does not allow', async () => {
    const post = async (parts: [string, string | Uint8Array][]) => {
      const { payload, headers } = await form(parts);
      return own.app.inject({ method: 'POST', url: '/api/inspections', payload, headers });
    };
    const refused = [
      await post([['part', 'p']]),
      await post([['picture', png]]),
      await post([['colour', 'red'], ['image', png]]), // biome-ignore format: a form a line
      await post([['resultId', '../../etc'], ['image', png]]), // biome-ignore format: a form a line
      await raw(png, '?resultId=a%2Fb'),
      await raw(png, '?recipe='),
      await own.app.inject({ method: 'POST', url: '/api/inspections' }),
      await get('/api/inspections?limit=0'),
      await get('/api/inspections?decision=MAYBE'),
      await get('/api/inspections?from=yesterday'),
      await get('/api/inspections?minScore=much'),
    ];
    for (const answer of refused) expect([answer.statusCode, answer.json().code]).toEqual([400, 'REQUEST_INVALID']);
    expect((await raw(png, '?recipe=none')).statusCode).toBe(404);
    expect((await post([['part', 'x'.repeat(2000)], ['image', png]])).statusCode).toBe(413); // biome-ignore format: a form a line
  });

  it('keeps images by the policy, and says so', async () => {
    const data = await folder();
    const lean = await startStation(data, { store: 'ng' });
    const id = await activeRecipe(lean, bundle);
    const inspect = () =>
      lean.app.inject({
        method: 'POST',
        url: '/api/inspections',
        payload: png,
        headers: { 'content-type': 'image/png' },
      });
    const good = (await inspect()).json<Inspection>();
    expect(good).toMatchObject({ decision: 'OK', imageStored: false });
    // the newest have pictures as long as the station runs
    for (const what of ['image', 'map'])
      expect((await lean.app.inject({ url: `/api/inspections/${good.id}/${what}` })).statusCode).toBe(200);
    await lean.app.inject({ method: 'PATCH', url: `/api/recipes/${id}`, payload: { ng: -1e9 } });
    expect((await inspect()).json()).toMatchObject({ decision: 'NG', imageStored: true, revision: 3 });
    await lean.close();
    const again = await startStation(data, { store: 'ng' });
    const gone = await again.app.inject({ url: `/api/inspections/${good.id}/image` });
    expect([gone.statusCode, gone.json().code]).toEqual([404, 'NOT_FOUND']);
    await again.close();
  });

  it('says when there is no recipe', async () => {
    const empty = await startStation(await folder());
    const answer = await empty.app.inject({
      method: 'POST',
      url: '/api/inspections',
      payload: png,
      headers: { 'content-type': 'image/png' },
    });
    expect([answer.statusCode, answer.json().code]).toEqual([409, 'NO_RECIPE']);
    expect((await empty.app.inject({ url: '/ready' })).statusCode).toBe(503);
    await empty.close();
  });
});
