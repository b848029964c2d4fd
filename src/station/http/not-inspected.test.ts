/** A part that was not inspected is an event, a record and a count, and never a decision. */
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import {
  activeRecipe,
  fillQueue,
  form,
  partPng,
  smallBundle,
  startStation,
  type TestStation,
} from '../../../test/support/station.ts';
import { FelfriError } from '../../core/errors.ts';
import { sha256 } from '../../core/files.ts';
import type { NotInspected, PartRecord } from '../contract/not-inspected.ts';
import type { StationEvent } from '../contract/station.ts';
import { isDecided } from '../inspections/decided.ts';

type Settings = NonNullable<Parameters<typeof startStation>[1]>;

const folder = temporaryFolders();
const opened: TestStation[] = [];
let bundle: string;
let png: Buffer;
let cut: Buffer;

beforeAll(async () => {
  bundle = await smallBundle(join(await folder(), 'bundle'), 0.5);
  png = await partPng(7);
  cut = png.subarray(0, png.length - 200);
});
afterAll(async () => {
  for (const own of opened) await own.close();
});

let own: TestStation;
let heard: PartRecord[];

async function start(settings: Settings = {}): Promise<string> {
  own = await startStation(await folder(), { store: 'none', ...settings });
  opened.push(own);
  heard = [];
  own.station.events.listen((event: StationEvent) => {
    if (event.type === 'inspection' && event.change === 'new') heard.push(event.inspection);
  });
  return activeRecipe(own, bundle);
}

const get = async (url: string) => (await own.app.inject({ url })).json();
const records = async (query = ''): Promise<PartRecord[]> => (await get(`/api/inspections${query}`)).inspections;
const missed = async (query = ''): Promise<NotInspected[]> =>
  (await records(`?decision=NOT_INSPECTED${query}`)) as NotInspected[];

async function post(image: Uint8Array, query = '') {
  const headers = { 'content-type': 'image/png' };
  const answer = await own.app.inject({ method: 'POST', url: `/api/inspections${query}`, payload: Buffer.from(image), headers }); // biome-ignore format: one line
  return { status: answer.statusCode, body: answer.json() };
}

describe('a part whose image is refused', () => {
  let recipe: string;
  beforeAll(async () => {
    recipe = await start();
  });

  it('is on record with what is known of it, told and counted', async () => {
    const { status, body } = await post(cut, '?part=P-1002&lot=L-7&resultId=r-1002');
    expect([status, body.code]).toEqual([422, 'IMAGE_CORRUPT']);
    const [record] = await missed();
    expect(record).toEqual({
      id: expect.any(String),
      decision: 'NOT_INSPECTED',
      cause: 'refused',
      code: 'IMAGE_CORRUPT',
      message: body.message,
      resultId: 'r-1002',
      part: 'P-1002',
      lot: 'L-7',
      product: null,
      recipe,
      imageHash: sha256(cut),
      count: 1,
      millis: expect.any(Number),
      createdAt: expect.any(String),
      decidedAs: null,
    });
    expect(heard).toEqual([record]);
    expect(await get(`/api/inspections/${record!.id}`)).toEqual(record);
    const { counts, lastNotInspected } = await get('/api/station');
    expect(counts).toMatchObject({ ok: 0, refused: 1, shed: 0, late: 0, lost: 0, failed: 0 });
    expect(lastNotInspected).toEqual(record);
    const metrics = (await own.app.inject({ url: '/metrics' })).body;
    expect(metrics).toContain('felfri_images_total{outcome="refused"} 1');
  });

  it('is inspected anew when it is sent again, and the record says so', async () => {
    const { status, body } = await post(png, '?part=P-1002&resultId=r-1002');
    expect(status).toBe(201);
    expect((await missed())[0]!.decidedAs).toBe(body.id);
    expect((await post(png, '?part=P-1002&resultId=r-1002')).status).toBe(200);
    expect((await post(png, '?resultId=r-1002')).status).toBe(200);
    expect((await records('?part=P-1002')).map(({ decision }) => decision)).toEqual(['OK', 'NOT_INSPECTED']);
  });

  it('is no decision: not for review, verdicts, pictures, replays, data sets or the tuner', async () => {
    const [record] = await missed();
    await own.station.records.setThresholds(recipe, { threshold: -1, review: null, rule: null }, { by: 'test', at: new Date() }); // biome-ignore format: one line
    const { waiting, inspections } = await get('/api/review');
    expect([waiting, inspections]).toEqual([0, []]);
    for (const request of [
      { method: 'PUT', url: `/api/inspections/${record!.id}/feedback`, payload: { verdict: 'agree' } },
      { method: 'GET', url: `/api/inspections/${record!.id}/image` },
      { method: 'GET', url: `/api/inspections/${record!.id}/map` },
    ] as const) {
      const answer = await own.app.inject(request);
      expect([answer.statusCode, answer.json().code]).toEqual([409, 'CONFLICT']);
    }
    const decided = (await own.station.records.inspections({ limit: 500 })).inspections;
    expect(decided.every(isDecided)).toBe(true);
    expect(await own.station.records.judgedInspections(recipe, 10)).toEqual([]);
  });

  it.each([
    ['no recipe of that id', '?part=a&recipe=none', 404, 'NOT_FOUND', 'a'],
    ['an illegal field', '?part=b&resultId=%2F', 400, 'REQUEST_INVALID', 'b'],
    ['a part that is none', `?part=${'x'.repeat(101)}`, 400, 'REQUEST_INVALID', null],
    ['a resultId of another image', '?part=c&resultId=r-1002', 409, 'CONFLICT', 'c'],
  ])('because of %s is on record', async (_, query, status, code, part) => {
    const before = heard.length;
    const answer = await post(await partPng(9), query);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    const [record] = await missed();
    expect(record).toMatchObject({ cause: 'refused', code, part, recipe: query.includes('none') ? 'none' : recipe });
    expect(heard.slice(before)).toEqual([record]);
  });

  it.each(['part=Q-2', 'lot=L-9'])('because its resultId is of another part or lot: %s', async (query) => {
    const { status, body } = await post(png, `?${query}&resultId=r-1002`);
    expect([status, body.code]).toEqual([409, 'CONFLICT']);
    expect((await missed())[0]).toMatchObject({ cause: 'refused', code: 'CONFLICT' });
  });

  it('keeps what a form said before and behind the image', async () => {
    const { payload, headers } = await form([['part', 'f'], ['image', cut], ['lot', 'g'], ['image', png]]); // biome-ignore format: one line
    const answer = await own.app.inject({ method: 'POST', url: '/api/inspections', payload, headers });
    expect(answer.statusCode).toBe(400);
    expect((await missed())[0]).toMatchObject({ part: 'f', lot: 'g', code: 'REQUEST_INVALID' });
  });

  it('is found by part, lot, time and page, and not among scores, verdicts and other decisions', async () => {
    expect((await missed('&part=P-*')).map(({ part }) => part)).toEqual(['P-1002']);
    expect((await missed('&lot=L-7')).length).toBe(1);
    for (const query of ['?minScore=-1e9', '?maxScore=1e9', '?feedback=none', '?decision=OK'])
      expect((await records(query)).every(isDecided), query).toBe(true);
    expect(await missed('&from=2100-01-01T00:00:00Z')).toEqual([]);
    const all = await records('?limit=500');
    const paged: PartRecord[] = [];
    for (let next: string | null = ''; next !== null; ) {
      const page: { inspections: PartRecord[]; next: string | null } = await get(
        `/api/inspections?limit=2${next && `&before=${next}`}`,
      );
      paged.push(...page.inspections);
      next = page.next;
    }
    expect(paged).toEqual(all);
    expect(all.map(({ id }) => id)).toEqual(all.map(({ id }) => id).sort().reverse()); // biome-ignore format: one line
    expect(new Set(all.map(isDecided))).toEqual(new Set([true, false]));
  });
});

describe('a part', () => {
  beforeEach(() => {
    heard = [];
  });
  afterEach(async () => {
    await opened.pop()!.close();
  });

  it('that is turned away is recorded a few a second, the others in one record; its form is still read', async () => {
    await start({ queue: { limit: 1, workers: 1, threads: 1 } });
    const release = fillQueue(own);
    const { payload, headers } = await form([['part', 'S-0'], ['image', png]]); // biome-ignore format: one line
    const shed = await own.app.inject({ method: 'POST', url: '/api/inspections', payload, headers });
    expect([shed.statusCode, shed.json().code]).toEqual([503, 'TOO_BUSY']);
    for (let i = 1; i < 30; i++) expect((await post(png, `?part=S-${i}`)).status).toBe(503);
    release();
    const sum = (all: readonly PartRecord[]) => all.reduce((n, one) => n + (isDecided(one) ? 0 : one.count), 0);
    while (sum(await missed()) < 30) await sleep(50);
    const found = await missed();
    expect(found.every(({ cause, code }) => cause === 'shed' && code === 'TOO_BUSY')).toBe(true);
    expect(found.map(({ part }) => part)).toContain('S-0');
    expect(found.length).toBeLessThan(30);
    expect(found.find(({ count }) => count > 1)).toMatchObject({ part: null, message: expect.stringContaining('more within a second') }); // biome-ignore format: one line
    expect(sum(heard)).toBe(30);
    expect((await get('/api/station')).counts.shed).toBe(30);
  });

  it('beyond the rate of an address is on record', async () => {
    await start({ requestsPerMinute: 3 });
    for (let i = 0; i < 3; i++) await own.app.inject({ url: '/api/station' });
    expect((await post(png, '?part=R')).status).toBe(429);
    while (heard.length === 0) await sleep(10);
    expect(heard).toMatchObject([{ cause: 'shed', code: 'RATE_EXCEEDED', part: 'R' }]);
  });

  it('that takes too long is refused in time, and its decision does not count when it comes after all', async () => {
    await start({ decideSeconds: 0.5 });
    const { queue } = own.station;
    const inspect = queue.inspect.bind(queue);
    queue.inspect = async (...asked) => {
      const found = await inspect(...asked);
      await sleep(1000);
      return found;
    };
    const { status, body } = await post(png, '?part=late&resultId=late-1');
    expect([status, body.code]).toEqual([504, 'TOO_LATE']);
    expect(await missed()).toMatchObject([{ cause: 'late', part: 'late', resultId: 'late-1', imageHash: sha256(png) }]);
    while (own.station.queue.length > 0) await sleep(5);
    expect((await records()).every((one) => !isDecided(one))).toBe(true);
    expect(heard).toHaveLength(1);
  });

  it('whose sender goes away is lost, in its image or while it waits', async () => {
    await start();
    await own.app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = own.app.server.address() as { port: number };
    const head = (name: string) =>
      `POST /api/inspections?part=${name} HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\nContent-Length: ${png.length}\r\n\r\n`;
    for (const [name, bytes] of [
      ['half', png.subarray(0, 50)],
      ['whole', png],
    ] as const) {
      // biome-ignore format: one line
      const socket = connect(port, '127.0.0.1');
      socket.write(Buffer.concat([Buffer.from(head(name)), bytes]));
      while (own.station.queue.length === 0) await sleep(1);
      socket.destroy();
      while (own.station.queue.length > 0 || heard.length === 0) await sleep(5);
      const record = heard.pop()!;
      // one that was decided before anybody could know is a decision
      if (name === 'half') expect(record).toMatchObject({ cause: 'lost', part: name });
      else if (!isDecided(record)) expect(record).toMatchObject({ cause: 'lost', code: 'TOO_LATE', part: name });
    }
  });

  it('that comes to a station without a recipe is on record', async () => {
    await start();
    const empty = await startStation(await folder());
    opened.unshift(empty);
    const answer = await empty.app.inject({ method: 'POST', url: '/api/inspections?part=E', payload: png, headers: { 'content-type': 'image/png' } }); // biome-ignore format: one line
    expect(answer.json().code).toBe('NO_RECIPE');
    const { inspections } = (await empty.app.inject({ url: '/api/inspections' })).json();
    expect(inspections).toMatchObject([{ code: 'NO_RECIPE', recipe: null, part: 'E' }]);
  });

  it('that no database takes is told at once, and recorded when one does', async () => {
    await start();
    const { records: kept } = own.station;
    const add = kept.addNotInspected;
    kept.addNotInspected = async () => {
      throw new FelfriError('DISK_FULL', 'no space left');
    };
    await post(cut, '?part=full');
    expect(heard).toMatchObject([{ part: 'full' }]);
    expect(await missed()).toEqual([]);
    expect((await get('/api/station')).lastNotInspected).toMatchObject({ part: 'full' });
    kept.addNotInspected = add;
    while ((await missed()).length === 0) await sleep(20);
    expect(await missed()).toMatchObject([{ part: 'full', id: heard[0]!.id }]);
    expect(heard).toHaveLength(1);
  });

  it('of a stranger is nowhere', async () => {
    await start({ token: 'a-token-of-many-letters' });
    expect((await post(png, '?part=X')).status).toBe(401);
    const site = { 'content-type': 'image/png', 'sec-fetch-site': 'cross-site', origin: 'http://evil.example' };
    await own.app.inject({ method: 'POST', url: '/api/inspections', payload: png, headers: site });
    expect([heard, own.station.notInspected.last]).toEqual([[], null]);
  });
});
