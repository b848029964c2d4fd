import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import {
  activeRecipe,
  inspectImage,
  partPng,
  smallBundle,
  startStation,
  type TestStation,
} from '../../../test/support/station.ts';
import type { Inspection } from '../contract/inspections.ts';
import { newId } from '../ids.ts';
import { Retention, type RetentionLimits } from './retention.ts';

const folder = temporaryFolders();
const DAY = 24 * 3600 * 1000;
const now = new Date('2026-06-30T12:00:00Z');
let own: TestStation;

beforeEach(async () => {
  own = await startStation(await folder());
  await activeRecipe(own, await smallBundle(join(await folder(), 'bundle'), 0.5));
});
afterEach(() => own.close());

/** An inspection of so many days ago, with its pictures. */
async function inspected(image: Buffer, daysAgo: number): Promise<Inspection> {
  const { station } = own;
  const { inspection: like } = await inspectImage(station, image);
  const why = { reason: 'test', inspections: 1, bytes: 1, from: null, to: null };
  await station.records.forgetPictures([like.id], why, { by: 'test', at: now });
  await station.pictures.removeMap(like.id);
  const { feedback: _, ...rest } = like;
  const id = newId();
  const createdAt = new Date(now.getTime() - daysAgo * DAY).toISOString();
  const { inspection } = await station.records.addInspection({
    ...rest,
    id,
    resultId: id,
    createdAt,
    imageStored: true,
  });
  await station.pictures.addMap(id, { width: 1, height: 1, data: new Uint8Array(1), byThreshold: false });
  return inspection;
}

const retention = (limits: RetentionLimits) => new Retention(own.station, limits);

const pictureOf = async ({ id }: Inspection, what: 'image' | 'map') =>
  (await own.app.inject({ url: `/api/inspections/${id}/${what}` })).statusCode;

it('pictures older than the days go, records stay, and the audit log says so', async () => {
  const old = await inspected(await partPng(1), 8);
  const young = await inspected(await partPng(2), 6);
  const removed = await retention({ days: 7 }).run(now);
  expect(removed.inspections).toBe(1);
  expect(removed.bytes).toBeGreaterThan((await partPng(1)).length);
  expect([await pictureOf(old, 'image'), await pictureOf(old, 'map')]).toEqual([404, 404]);
  expect([await pictureOf(young, 'image'), await pictureOf(young, 'map')]).toEqual([200, 200]);
  expect(await own.station.records.inspection(old.id)).toEqual({ ...old, imageStored: false });
  const [entry] = await own.station.records.auditEntries({ limit: 1 });
  expect(entry).toMatchObject({
    by: 'felfri serve',
    action: 'pictures.removed',
    detail: { reason: 'older than 7 days', inspections: 1, from: old.createdAt, to: old.createdAt },
  });
  expect((await retention({ days: 7 }).run(now)).inspections).toBe(0);
  expect((await own.station.records.auditEntries({ limit: 1 }))[0]!.number).toBe(entry!.number);
});

it('an image that a later inspection shows too stays until that one goes', async () => {
  const image = await partPng(1);
  const old = await inspected(image, 8);
  const young = await inspected(image, 6);
  await retention({ days: 7 }).run(now);
  expect([await pictureOf(old, 'image'), await pictureOf(young, 'image')]).toEqual([404, 200]);
  await retention({ days: 5 }).run(now);
  expect(await pictureOf(young, 'image')).toBe(404);
  expect(await own.station.pictures.image(young.imageHash)).toBeUndefined();
});

it('the oldest go first when there are too many bytes, and no more than needed', async () => {
  const kept: Inspection[] = [];
  for (let i = 0; i < 6; i++) kept.push(await inspected(await partPng(i), 6 - i));
  const size = await own.station.pictures.size();
  const bytes = Math.floor(size * 0.6);
  const removed = await retention({ bytes }).run(now);
  expect(await own.station.pictures.size()).toBe(size - removed.bytes);
  expect(size - removed.bytes).toBeLessThanOrEqual(bytes);
  const there = await Promise.all(kept.map((one) => pictureOf(one, 'image')));
  expect(there.slice(0, removed.inspections)).toEqual(Array(removed.inspections).fill(404));
  expect(there.slice(removed.inspections)).toEqual(Array(6 - removed.inspections).fill(200));
  expect(removed.inspections).toBeGreaterThan(1);
  expect(removed.inspections).toBeLessThan(5);
  expect((await retention({ bytes }).run(now)).inspections).toBe(0);
});

it('many go in batches, and pictures that are gone already stop nothing', async () => {
  const like = await inspected(await partPng(1), 9);
  const { feedback: _, ...rest } = like;
  for (let i = 0; i < 210; i++) {
    const id = newId();
    await own.station.records.addInspection({ ...rest, id, resultId: id, imageHash: String(i).padStart(64, '0') });
  }
  expect((await retention({ days: 7 }).run(now)).inspections).toBe(211);
  expect(await own.station.records.keptPictures(null, 10)).toEqual([]);
});

it('an image that comes again while it is removed is there afterwards', async () => {
  const image = await partPng(1);
  const old = await inspected(image, 8);
  for (let i = 0; i < 6; i++) {
    const [, { inspection }] = await Promise.all([retention({ days: 7 }).run(now), inspectImage(own.station, image)]);
    expect(await pictureOf(inspection, 'image')).toBe(200);
    await retention({ days: 0.001 }).run(new Date(Date.now() + DAY));
    expect(await own.station.pictures.image(old.imageHash)).toBeUndefined();
  }
});

describe('records', () => {
  it('stay for ever unless a limit is set', async () => {
    const old = await inspected(await partPng(1), 10_000);
    expect(await retention({}).run(now)).toEqual({ inspections: 0, bytes: 0, records: 0 });
    expect(await pictureOf(old, 'image')).toBe(200);
    expect((await retention({ days: 1, bytes: 0 }).run(now)).records).toBe(0);
    expect(await own.station.records.inspection(old.id)).toBeDefined();
  });

  it('of enough days ago go with their pictures, of which a younger one keeps its own, and the log says so', async () => {
    const [alone, shared] = [await partPng(1), await partPng(2)];
    const old = [await inspected(alone, 40), await inspected(shared, 31)];
    const young = [await inspected(shared, 29), await inspected(await partPng(3), 1)];
    const size = await own.station.pictures.size();
    expect((await retention({ recordDays: 30 }).run(now)).records).toBe(2);
    for (const one of old) {
      expect(await own.station.records.inspection(one.id)).toBeUndefined();
      expect(await pictureOf(one, 'map')).toBe(404);
    }
    expect(await own.station.pictures.image(old[0]!.imageHash)).toBeUndefined();
    for (const one of young) expect(await pictureOf(one, 'image')).toBe(200);
    const [entry] = await own.station.records.auditEntries({ limit: 1 });
    expect(entry).toMatchObject({
      action: 'inspections.removed',
      by: 'felfri serve',
      detail: {
        reason: 'older than 30 days',
        inspections: 2,
        bytes: size - (await own.station.pictures.size()),
        from: old[0]!.createdAt,
        to: old[1]!.createdAt,
      },
    });
    expect((await retention({ recordDays: 30 }).run(now)).records).toBe(0);
    expect((await own.station.records.auditEntries({ limit: 1 }))[0]!.number).toBe(entry!.number);
  });

  it('of more than the number go, the oldest first, in batches, and a stop ends it between two', async () => {
    const { feedback: _, ...like } = await inspected(await partPng(1), 9);
    const { records } = own.station;
    const add = async (i: number) => {
      const id = newId();
      const createdAt = new Date(now.getTime() + i * 1000).toISOString();
      await records.addInspection({ ...like, id, resultId: id, imageStored: false, createdAt });
      return id;
    };
    const ids: string[] = [];
    for (let i = 0; i < 1100; i++) ids.push(await add(i));
    const there = await records.countInspections();
    const stopping = retention({ recordCount: 10 });
    const running = stopping.run(now);
    await Promise.all([running, stopping.stop()]);
    expect((await running).records).toBeLessThan(there - 10);
    await retention({ recordCount: 10 }).run(now);
    expect(await records.countInspections()).toBe(10);
    expect((await retention({ recordCount: 10 }).run(now)).records).toBe(0);
    await records.verifyAudit();
  });

  it('that go are unknown to a client that sends their resultId again: the image is inspected anew', async () => {
    const image = await partPng(4);
    const { inspection } = await inspectImage(own.station, image, { resultId: 'part-4' });
    await retention({ recordDays: 1 }).run(new Date(Date.now() + 2 * DAY));
    const again = await inspectImage(own.station, image, { resultId: 'part-4' });
    expect([again.added, again.inspection.id === inspection.id]).toEqual([true, false]);
    expect(await pictureOf(again.inspection, 'image')).toBe(200);
  });
});
