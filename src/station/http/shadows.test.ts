/** Shadows: what another recipe makes of the parts of the line, and that the line never notices. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { activeRecipe, partPng, smallBundle, startStation, type TestStation } from '../../../test/support/station.ts';
import { until } from '../../../test/support/until.ts';
import type { Inspection } from '../contract/inspections.ts';
import type { Shadow, ShadowList, ShadowReport } from '../contract/shadows.ts';
import type { Station } from '../contract/station.ts';
import { Retention } from '../retention/retention.ts';

const folder = temporaryFolders();
let data: string;
let own: TestStation;
let strict: string;
let mild: string;
let other: string;

const call = (method: 'GET' | 'POST' | 'PUT', url: string, payload?: object) =>
  own.app.inject({ method, url, ...(payload && { payload }) });

beforeAll(async () => {
  data = await folder();
  own = await startStation(data, { store: 'ng' });
  const bundles = await folder();
  other = await activeRecipe(own, await smallBundle(join(bundles, 'other'), 1e9), 'other');
  mild = await activeRecipe(own, await smallBundle(join(bundles, 'mild'), 1e9), 'mild');
  strict = await activeRecipe(own, await smallBundle(join(bundles, 'strict'), 1e-6), 'strict');
});
afterAll(() => own.close());

async function inspect(seed: number, recipe = strict): Promise<Inspection> {
  const url = `/api/inspections?recipe=${recipe}&part=part-${seed}`;
  const headers = { 'content-type': 'image/png' };
  const answer = await own.app.inject({ method: 'POST', url, payload: await partPng(seed), headers });
  expect(answer.statusCode).toBe(201);
  return answer.json();
}

/** What of an inspection its image and recipe say alone. */
const madeOf = async ({ id, resultId: _, createdAt: __, millis: ___, ...rest }: Inspection) => ({
  rest,
  map: (await call('GET', `/api/inspections/${id}/map`)).rawPayload.toString('base64'),
});

async function started(payload: object): Promise<Shadow> {
  const answer = await call('POST', '/api/shadows', payload);
  expect(answer.statusCode, answer.body).toBe(202);
  return answer.json();
}

const report = async (id: string) => (await call('GET', `/api/shadows/${id}`)).json<ShadowReport>();

/** Once it has judged so many and nothing waits. */
async function judged(id: string, parts: number): Promise<ShadowReport> {
  let found = await report(id);
  await until(async () => {
    found = await report(id);
    return found.changed.total >= parts && found.shadow.waiting === 0;
  }, `the shadow has judged ${parts}`);
  return found;
}

async function ended(id: string): Promise<Shadow> {
  await until(async () => (await report(id)).shadow.endedAt !== null, 'the shadow has ended');
  return (await report(id)).shadow;
}

const alarms = async () =>
  (await call('GET', '/api/station')).json<Station>().alarms.filter(({ kind }) => kind === 'shadow');

const none = { overload: 0, memory: 0, 'too large': 0, failed: 0, ended: 0, gone: 0 };

/** The processes that were started last, which are those of shadows. */
const children = (): number[] =>
  readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').trim().split(' ').map(Number);

test('it judges what the line decides on, changes nothing of it, and tells what it would have changed', async () => {
  const seeds = [1, 2, 3];
  const without = [];
  for (const seed of seeds) without.push(await madeOf(await inspect(seed)));
  const readyWithout = (await call('GET', '/ready')).json();
  const memory = own.station.queue.memory.bytes;

  const shadow = await started({ recipe: mild, days: 7, by: 'Kim', note: 'a week' });
  expect(shadow).toMatchObject({
    state: 'running',
    recipe: { id: mild, name: 'mild' },
    deciding: { id: strict },
    judged: 0,
  });
  expect(Date.parse(shadow.endsAt!) - Date.parse(shadow.startedAt)).toBe(7 * 86_400_000);
  const inspections: Inspection[] = [];
  for (const seed of seeds) inspections.push(await inspect(seed));
  // another recipe's parts are none of it
  await inspect(4, other);
  expect(await Promise.all(inspections.map(madeOf))).toEqual(without);
  expect((await call('GET', '/ready')).json()).toEqual(readyWithout);
  expect(own.station.queue.memory.bytes).toBe(memory);

  const agree = { verdict: 'agree' };
  await call('PUT', `/api/inspections/${inspections[0]!.id}/feedback`, { verdict: 'false-alarm' });
  await call('PUT', `/api/inspections/${inspections[1]!.id}/feedback`, agree);
  const found = await judged(shadow.id, 3);
  expect(found.table).toEqual({
    OK: { OK: 0, REVIEW: 0, NG: 0 },
    REVIEW: { OK: 0, REVIEW: 0, NG: 0 },
    NG: { OK: 3, REVIEW: 0, NG: 0 },
  });
  expect(found).toMatchObject({
    changed: { count: 3, total: 3 },
    milder: { count: 3 },
    milderRight: { count: 1, total: 2 },
    verdicts: { shadow: { missed: { count: 1, total: 1 } }, deciding: { falseAlarms: { count: 1, total: 1 } } },
    notJudged: none,
  });
  expect(found.changes.map(({ inspection, label }) => [inspection, label])).toEqual([
    [inspections[2]!.id, null],
    [inspections[1]!.id, 'defective'],
    [inspections[0]!.id, 'good'],
  ]);
  // as the recipe itself makes of the same image
  expect(found.changes[0]!.shadow.score).toBe((await inspect(3, mild)).score);
  expect(found.millis.mean).toBeGreaterThan(0);
  const page = await call('GET', `/api/shadows/${shadow.id}/report`);
  expect(page.headers['content-security-policy']).toMatch(/^sandbox/);
  expect(page.body).toContain('3 parts that are NG would have passed: look at them.');

  const stopped = await call('POST', `/api/shadows/${shadow.id}/stop`, { by: 'Kim' });
  expect(stopped.json()).toMatchObject({ id: shadow.id, state: 'stopped', judged: 3 });
  await inspect(5);
  expect((await report(shadow.id)).notJudged).toEqual(none);
  expect((await call('GET', '/api/shadows')).json<ShadowList>().shadows[0]!.id).toBe(shadow.id);
  const audit = await call('GET', '/api/audit?subject='.concat(mild));
  expect(audit.body).toContain('Kim let \\"mild\\" judge the parts of \\"strict\\" as its shadow');
  await own.station.records.verifyRecords();
});

test('one runs for a recipe that decides; what cannot be is refused', async () => {
  const { id } = await started({ recipe: mild, deciding: strict });
  const refusal = async (payload: object) => (await call('POST', '/api/shadows', payload)).json();
  expect(await refusal({ recipe: other })).toMatchObject({ code: 'CONFLICT', subject: id });
  expect(await refusal({ recipe: strict })).toMatchObject({ code: 'OPTION_INVALID' });
  expect(await refusal({ recipe: 'none' })).toMatchObject({ code: 'NOT_FOUND' });
  expect(await refusal({ recipe: mild, days: 0 })).toMatchObject({ code: 'REQUEST_INVALID' });
  for (const path of ['none', 'none/report']) expect((await call('GET', `/api/shadows/${path}`)).statusCode).toBe(404);
  const { memory } = own.station.queue;
  const { bytes } = memory;
  memory.resize(100e6);
  expect(await refusal({ recipe: strict, deciding: mild })).toMatchObject({ code: 'MEMORY_FULL' });
  expect(
    (await call('GET', '/api/shadows')).json<ShadowList>().shadows.filter(({ state }) => state === 'running'),
  ).toHaveLength(1);
  memory.resize(bytes);
  await call('POST', `/api/shadows/${id}/stop`);
});

test('it ends after so many parts, and goes on after a restart; what came meanwhile is told as gone', async () => {
  const { id } = await started({ recipe: mild, parts: 2 });
  await inspect(11);
  await judged(id, 1);
  await own.close();
  own = await startStation(data, { store: 'ng' });
  expect((await report(id)).shadow).toMatchObject({ state: 'running', judged: 1 });
  await inspect(12);
  expect(await ended(id)).toMatchObject({ state: 'done', judged: 2, problem: null });
  await inspect(13);
  expect(await report(id)).toMatchObject({ changed: { total: 2 }, notJudged: none });

  // put on record as by a station that was killed before its shadow came to it
  const next = await started({ recipe: mild });
  const { feedback: _, ...like } = await inspect(14);
  await judged(next.id, 1);
  const lost = { ...like, id: like.id.replace(/.$/, (end) => (end === 'f' ? 'e' : 'f')), resultId: 'lost' };
  await own.station.records.addInspection(lost.id > next.id ? lost : { ...lost, id: `${like.id}0` });
  await inspect(15);
  expect((await judged(next.id, 2)).notJudged).toEqual({ ...none, gone: 1 });

  // results go with their inspections
  await new Retention(own.station, { recordCount: 0 }).run(new Date());
  expect(await report(next.id)).toMatchObject({ changed: { total: 0 }, notJudged: none, changes: [] });
  await call('POST', `/api/shadows/${next.id}/stop`);
});

test('no part of the moments in which it begins and ends is told as gone', async () => {
  const { shadows } = own.station.records;
  const start = shadows.start.bind(shadows);
  const slow = vi.spyOn(shadows, 'start');
  slow.mockImplementationOnce((...asked) => inspect(16).then(() => start(...asked)));
  const { id } = await started({ recipe: mild, days: 1 });
  await judged(id, 1);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 2 * 86_400_000 });
  await inspect(17);
  vi.useRealTimers();
  expect((await ended(id)).state).toBe('done');
  expect(await report(id)).toMatchObject({ changed: { total: 1 }, notJudged: none });
});

test('an image that it cannot judge and images beyond what may wait cost themselves alone, and are told', async () => {
  const { id } = await started({ recipe: mild });
  const { memory } = own.station.queue;
  const { bytes } = memory;
  // an image is on its way, so that it judges nothing
  const arrival = own.station.queue.admit('line');
  for (let i = 0; i < 3; i++) await inspect(20 + i);
  expect((await report(id)).shadow).toMatchObject({ waiting: 3, judged: 0 });
  const like = await inspect(23);
  const offered = (size: number) => own.station.shadows.offer({ ...like, id: `${like.id}x` }, new Uint8Array(size));
  expect(() => offered(64 * 2 ** 20)).not.toThrow();
  for (let i = 0; i < 300; i++) offered(10);
  expect((await report(id)).shadow.waiting).toBe(200);
  arrival.release();
  // bytes that are no image
  await until(async () => (await report(id)).shadow.waiting === 0, 'nothing waits');
  expect((await report(id)).shadow).toMatchObject({ state: 'running', judged: 4 });

  // a picture of the line takes the memory of the shadow, which waits for another chance
  memory.resize(1e9);
  const release = await memory.take(950e6, 'line');
  await inspect(24);
  await until(async () => (await report(id)).notJudged.memory === 1, 'it had no memory');
  release();
  memory.resize(bytes);
  await inspect(25);
  expect((await judged(id, 5)).shadow.state).toBe('running');
  await call('POST', `/api/shadows/${id}/stop`);
});

test.each(['SIGKILL', 'SIGSTOP'] as const)(
  'one whose process gets %s ends with an alarm, and the line goes on',
  async (signal) => {
    await own.close();
    own = await startStation(data, { shadowSeconds: 2 });
    const before = new Set(children());
    const { id } = await started({ recipe: mild });
    const [child] = children().filter((pid) => !before.has(pid));
    process.kill(child!, signal);
    expect((await inspect(30)).decision).toBe('NG');
    expect((await inspect(31)).decision).toBe('NG');
    expect(await ended(id)).toMatchObject({
      state: 'failed',
      judged: 0,
      problem: expect.stringMatching(/^PROCESS_ENDED: /),
    });
    expect(await report(id)).toMatchObject({ changed: { total: 0 } });
    expect((await report(id)).notJudged.failed).toBe(1);
    expect(await alarms()).toMatchObject([{ id, code: 'PROCESS_ENDED' }]);
    expect((await call('GET', '/ready')).statusCode).toBe(200);
    expect((await inspect(32)).decision).toBe('NG');
    // who looked at it takes the alarm back
    await call('POST', `/api/shadows/${id}/stop`);
    expect(await alarms()).toEqual([]);
  },
);
