/** The fields of a form count wherever they stand, each once; one image a form. */
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
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

type Parts = [name: string, value: string | Uint8Array][];

const folder = temporaryFolders();
let own: TestStation;
let png: Buffer;
let other: Buffer;

beforeAll(async () => {
  own = await startStation(await folder(), { store: 'none' });
  await activeRecipe(own, await smallBundle(join(await folder(), 'bundle'), 0.5));
  png = await partPng(7);
  other = await partPng(8);
});
afterAll(() => own.close());

async function post(parts: Parts, url = '/api/inspections') {
  const { payload, headers } = await form(parts);
  const answer = await own.app.inject({ method: 'POST', url, payload, headers });
  return { status: answer.statusCode, body: answer.json() };
}

describe('a form', () => {
  it.each<[string, (n: string) => Parts]>([
    ['before', (n) => [['part', n], ['lot', 'L'], ['resultId', n], ['image', png]]], // biome-ignore format: a form a line
    ['behind', (n) => [['image', png], ['part', n], ['lot', 'L'], ['resultId', n]]], // biome-ignore format: a form a line
    ['on both sides of', (n) => [['part', n], ['image', png], ['lot', 'L'], ['resultId', n]]], // biome-ignore format: a form a line
  ])('has its fields %s the image', async (where, parts) => {
    const name = where.replaceAll(' ', '-');
    const { status, body } = await post(parts(name));
    expect([status, body]).toEqual([201, expect.objectContaining({ part: name, lot: 'L', resultId: name })]);
    expect(await post(parts(name))).toMatchObject({ status: 200, body: { id: body.id } });
  });

  it('may have fields in the query', async () => {
    expect(await post([['image', png], ['lot', 'L']], '/api/inspections?part=q')).toMatchObject({ status: 201, body: { part: 'q', lot: 'L' } }); // biome-ignore format: a form a line
  });

  it.each<[string, () => Parts, string]>([
    [
      'of two images',
      () => [
        ['part', 'two'],
        ['image', png],
        ['image', other],
      ],
      'second file',
    ],
    [
      'of an image and another file',
      () => [
        ['image', png],
        ['mask', other],
      ],
      'second file',
    ],
    [
      'of a file that is no image and an image',
      () => [
        ['mask', other],
        ['image', png],
      ],
      'mask',
    ],
    [
      'of two parts',
      () => [
        ['part', 'a'],
        ['image', png],
        ['part', 'b'],
      ],
      '"part" twice',
    ],
    [
      'of a part given in the query too',
      () => [
        ['image', png],
        ['recipe', 'b'],
      ],
      '"recipe" twice',
    ],
    [
      'of an unknown field behind the image',
      () => [
        ['image', png],
        ['colour', 'red'],
      ],
      'field colour: nothing of that name is known; legal are ',
    ],
    [
      'of a field that is no name',
      () => [
        ['image', png],
        ['__proto__', 'red'],
      ],
      'field name',
    ],
    ['of no image', () => [['part', 'a']], 'no file called image'],
    ['of an image as text', () => [['image', 'a']], 'no file called image'],
  ])('%s is refused', async (what, parts, said) => {
    const { status, body } = await post(parts(), `/api/inspections${what.includes('query') ? '?recipe=b' : ''}`);
    expect([status, body.code]).toEqual([400, 'REQUEST_INVALID']);
    expect(body.message).toContain(said);
  });

  it('that breaks off behind its image is refused, wherever it does, as is one that something follows', async () => {
    const { payload, headers } = await form([['image', png], ['part', 'a']]); // biome-ignore format: a form a line
    const value = payload.lastIndexOf('a\r\n--');
    const last = payload.length - payload.toString('latin1').trimEnd().length;
    const wrong = [
      // in the field's head, at its value, behind it, and in the boundary that ends all
      ...[value - 4, value, value + 1, value + 3, payload.length - 20, payload.length - last - 1].map((at) =>
        payload.subarray(0, at),
      ),
      Buffer.concat([payload, payload]),
      Buffer.concat([payload, Buffer.from('more')]),
    ];
    for (const [i, body] of wrong.entries()) {
      const answer = await own.app.inject({ method: 'POST', url: '/api/inspections', payload: body, headers });
      expect([i, answer.statusCode, answer.json().code]).toEqual([i, 400, 'REQUEST_INVALID']);
    }
    const blank = Buffer.concat([payload, Buffer.from('\r\n')]);
    const whole = await own.app.inject({ method: 'POST', url: '/api/inspections', payload: blank, headers });
    expect([whole.statusCode, whole.json().part]).toEqual([201, 'a']);
  });

  it('leaves nothing on record where it is refused', async () => {
    const { inspections } = (await own.app.inject({ url: '/api/inspections?decision=OK' })).json();
    expect(inspections).toHaveLength(5);
    expect(own.station.queue.length).toBe(0);
  });
});

describe('a body of other bytes than one plain image', () => {
  const send = async (payload: Buffer, headers: Record<string, string>, url = '/api/inspections') => {
    const answer = await own.app.inject({ method: 'POST', url, payload, headers });
    return [answer.statusCode, answer.json().code ?? answer.json().decision, answer.json().subject];
  };

  it('is refused where it says that it is packed, whether it is or not, and the part is not inspected', async () => {
    const type = { 'content-type': 'image/png' };
    for (const encoding of ['gzip', 'deflate', 'br', 'gzip, identity', 'x-none'])
      for (const body of [png, gzipSync(png)])
        expect(await send(body, { ...type, 'content-encoding': encoding }, '/api/inspections?part=packed')).toEqual([
          400,
          'REQUEST_INVALID',
          'content-encoding',
        ]);
    expect((await send(png, { ...type, 'content-encoding': 'identity' }))[0]).toBe(201);
    const list = (await own.app.inject('/api/inspections?part=packed')).json();
    expect(JSON.stringify(list)).toContain('content-encoding');
    const json = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    expect((await send(Buffer.from('{}'), json, '/api/datasets'))[0]).toBe(400);
  });

  it('is refused where a second image follows the first in it', async () => {
    const both = Buffer.concat([png, other]);
    expect((await send(both, { 'content-type': 'image/png' })).slice(0, 2)).toEqual([422, 'IMAGE_ANIMATED']);
    expect((await post([['image', both]])).body).toMatchObject({ code: 'IMAGE_ANIMATED' });
    expect((await post([['image', Buffer.concat([png, Buffer.alloc(64)])]])).status).toBe(201);
  });
});
