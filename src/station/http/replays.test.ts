/** Replays: the same images by two recipes, against what each gives when it inspects. */
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { activeRecipe, partPng, smallBundle, startStation, type TestStation } from '../../../test/support/station.ts';
import { until } from '../../../test/support/until.ts';
import type { Inspection } from '../contract/inspections.ts';
import type { Replay, ReplayList } from '../contract/replays.ts';

const folder = temporaryFolders();
let data: string;
let own: TestStation;
let strict: string;
let mild: string;

const call = (method: 'GET' | 'POST' | 'PUT', url: string, payload?: object) =>
  own.app.inject({ method, url, ...(payload && { payload }) });

beforeAll(async () => {
  data = await folder();
  own = await startStation(data);
  const bundles = await folder();
  mild = await activeRecipe(own, await smallBundle(join(bundles, 'mild'), 1e9), 'mild');
  strict = await activeRecipe(own, await smallBundle(join(bundles, 'strict'), 1e-6), 'strict');
});
afterAll(() => own.close());

async function inspect(seed: number, recipe: string): Promise<Inspection> {
  const url = `/api/inspections?recipe=${recipe}&part=part-${seed}`;
  const headers = { 'content-type': 'image/png' };
  return (await own.app.inject({ method: 'POST', url, payload: await partPng(seed), headers })).json();
}

/** Begins one, which must be accepted, and waits for its end. */
async function replayed(payload: object): Promise<Replay> {
  const begun = await call('POST', '/api/replays', payload);
  expect(begun.statusCode).toBe(202);
  return finished(begun.json<Replay>().id);
}

async function finished(id: string): Promise<Replay> {
  for (;;) {
    const replay = (await call('GET', `/api/replays/${id}`)).json<Replay>();
    if (replay.state !== 'running') return replay;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('what would have been decided otherwise is counted both ways, with what people said of the parts', async () => {
  const [ng, alarm, passed] = [await inspect(1, strict), await inspect(2, strict), await inspect(3, mild)];
  expect([ng, alarm, passed].map(({ decision }) => decision)).toEqual(['NG', 'NG', 'OK']);
  await call('PUT', `/api/inspections/${ng.id}/feedback`, { verdict: 'agree' });
  await call('PUT', `/api/inspections/${alarm.id}/feedback`, { verdict: 'false-alarm' });

  const replay = await replayed({ first: strict, second: mild });
  expect(replay).toMatchObject({ state: 'done', total: 3, done: 3, unusable: 0, stricter: 0, milder: 3 });
  expect(replay.first).toMatchObject({ name: 'strict', decisions: { OK: 0, REVIEW: 0, NG: 3 } });
  expect(replay.first).toMatchObject({ missed: { count: 0, total: 1 }, falseAlarms: { count: 1, total: 1 } });
  expect(replay.second).toMatchObject({ name: 'mild', decisions: { OK: 3, REVIEW: 0, NG: 0 } });
  expect(replay.second).toMatchObject({ missed: { count: 1, total: 1 }, falseAlarms: { count: 0, total: 1 } });
  // one found of one is no proof: 1 - 0.025 lies within
  expect(replay.second.falseAlarms.interval!.high).toBeCloseTo(0.975, 6);
  expect(replay.changes.map(({ inspection, label }) => [inspection, label])).toEqual([
    [passed.id, null],
    [alarm.id, 'good'],
    [ng.id, 'defective'],
  ]);
  // the third was inspected by the mild recipe: what the strict one makes of it is what it gives when it inspects
  expect(replay.changes[0]!.first.score).toBe((await inspect(3, strict)).score);

  const back = await replayed({ first: mild, second: strict, limit: 2 });
  expect(back).toMatchObject({ total: 2, stricter: 2, milder: 0 });

  const map = await call('GET', `/api/inspections/${passed.id}/maps/${strict}?longest=48`);
  expect(await sharp(map.rawPayload).metadata()).toMatchObject({ format: 'png', width: 48, height: 32 });
});

test('one runs at a time and can be cancelled; what is not there is refused', async () => {
  const begun = await call('POST', '/api/replays', { first: strict, second: mild });
  const { id } = begun.json<Replay>();
  expect((await call('POST', '/api/replays', { first: strict, second: mild })).json()).toMatchObject({
    code: 'CONFLICT',
    subject: id,
  });
  expect((await call('POST', `/api/replays/${id}/cancel`)).json()).toMatchObject({ id, state: 'cancelled' });
  expect((await call('POST', '/api/replays', { first: strict, second: strict })).statusCode).toBe(400);
  expect((await call('POST', '/api/replays', { first: strict, second: 'none' })).statusCode).toBe(404);
  expect((await call('GET', '/api/replays/none')).statusCode).toBe(404);
  expect((await call('GET', `/api/inspections/none/maps/${strict}`)).statusCode).toBe(404);
});

test('those that ended are kept over a restart, the newest twenty; what lies beside them is left alone', async () => {
  const kept = await replayed({ first: strict, second: mild });
  expect(kept.changes.length).toBeGreaterThan(0);
  const under = (await call('POST', '/api/replays', { first: mild, second: strict })).json<Replay>();
  const { replays } = (await call('GET', '/api/replays')).json<ReplayList>();
  expect(replays[0]!.id).toBe(under.id);
  expect(replays[0]).not.toHaveProperty('changes');
  await own.close();

  const files = join(data, 'replays');
  await writeFile(join(files, 'torn.json'), '{"id":');
  await writeFile(join(files, 'other.json'), JSON.stringify(kept));
  own = await startStation(data);
  expect((await call('GET', `/api/replays/${kept.id}`)).json()).toEqual(kept);
  const after = (await call('GET', '/api/replays')).json<ReplayList>().replays;
  expect(after.map(({ id }) => id)).toEqual(replays.map(({ id }) => id));
  expect(['cancelled', 'done']).toContain(after[0]!.state);
  expect((await call('POST', `/api/replays/${kept.id}/cancel`)).json<Replay>().state).toBe('done');

  // one that ended is in the way of none that follows it, also while the oldest are forgotten
  for (let i = 0; i < 20; i++) await replayed({ first: strict, second: mild, limit: 1 });
  const isForgotten = async () => (await call('GET', `/api/replays/${kept.id}`)).statusCode === 404;
  await until(isForgotten, 'the oldest is forgotten');
  expect((await readdir(files)).filter((name) => !/^(torn|other)/.test(name))).toHaveLength(20);
});

test('a picture of quite another size stays for REVIEW by the recipe that knows its sizes, under any of its thresholds', async () => {
  const spans = { height: { least: 640, most: 640 }, width: { least: 960, most: 960 } };
  const pictureSizes = {
    policy: 'review',
    told: false,
    images: 9,
    ...spans,
    proportion: { least: 1.5, most: 1.5 },
  } as const;
  const bundle = await smallBundle(join(await folder(), 'sized'), 1e9, undefined, { pictureSizes });
  const sized = await activeRecipe(own, bundle, 'sized');
  const { decision, reason } = await inspect(90, sized);
  expect([decision, reason]).toEqual(['REVIEW', expect.stringContaining('another size of picture: 96 x 64')]);
  const { first, second } = await replayed({ first: sized, second: mild, limit: 1 });
  expect([first.decisions, second.decisions]).toEqual([
    { OK: 0, REVIEW: 1, NG: 0 },
    { OK: 1, REVIEW: 0, NG: 0 },
  ]);
});
