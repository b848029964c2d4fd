/** A station whose machine's clock is set wrong, and right again: nothing is deleted for it, and the newest stays first. */
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import {
  activeRecipe,
  inspectImage,
  partPng,
  smallBundle,
  startStation,
  type TestStation,
} from '../../../test/support/station.ts';
import type { InspectionPage } from '../contract/inspections.ts';
import { RetentionClock } from './clock.ts';
import { Retention } from './retention.ts';

const folder = temporaryFolders();
const YEARS = 20 * 365 * 24 * 3600 * 1000;
let own: TestStation;
afterEach(async () => {
  vi.useRealTimers();
  await own.close();
});

/** As `felfri serve --keep-days 30 --keep-records-days 30` begins. */
async function keep(data: string): Promise<void> {
  const { alarms, records } = own.station;
  const retention = new Retention(own.station, { days: 30, recordDays: 30 });
  const clock = await RetentionClock.open(data, { alarms, newest: (await records.newest()).at });
  await retention.run(await clock.look());
}

it('keeps all records and pictures, and their order', async () => {
  const data = await folder();
  const ids: string[] = [];
  const inspect = async (seed: number) =>
    ids.unshift((await inspectImage(own.station, await partPng(seed))).inspection.id);
  own = await startStation(data);
  await activeRecipe(own, await smallBundle(join(await folder(), 'bundle'), 0.5));
  for (const seed of [1, 2]) await inspect(seed);
  await own.close();

  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + YEARS });
  own = await startStation(data);
  await keep(data);
  expect(await own.station.records.countInspections()).toBe(2);
  expect((await own.app.inject({ url: `/api/inspections/${ids[0]}/image` })).statusCode).toBe(200);
  expect((await own.app.inject({ url: '/api/station' })).json().alarms).toMatchObject([
    { kind: 'clock', code: 'CLOCK_LEAPT' },
  ]);
  // as another process made it then, of whose ids this one knows nothing
  const { feedback: _, ...like } = (await own.station.records.inspection(ids[0]!))!;
  const hex = Date.now().toString(16).padStart(12, '0');
  const id = `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
  await own.station.records.addInspection({ ...like, id, resultId: id, createdAt: new Date().toISOString() });
  ids.unshift(id);
  await own.close();

  vi.useRealTimers();
  own = await startStation(data);
  await keep(data);
  await inspect(4);
  const { inspections } = (await own.app.inject({ url: '/api/inspections' })).json<InspectionPage>();
  expect(inspections.map(({ id }) => id)).toEqual(ids);
  expect(own.station.alarms.all).toEqual([]);
  // what is too many goes in the order in which it came
  const retention = new Retention(own.station, { recordCount: 1 });
  await retention.run(new Date());
  expect((await own.station.records.inspections({})).inspections.map(({ id }) => id)).toEqual([ids[0]]);
});

it('keeps what was recorded while the clock was set back, as where a battery is empty at a start', async () => {
  const data = await folder();
  own = await startStation(data);
  await activeRecipe(own, await smallBundle(join(await folder(), 'bundle'), 0.5));
  const send = async (seed: number) => {
    const headers = { 'content-type': 'image/png' };
    const answer = (payload: Buffer) => own.app.inject({ method: 'POST', url: '/api/inspections', payload, headers });
    expect((await answer(Buffer.from('no image'))).statusCode).toBe(415);
    return (await answer(await partPng(seed))).json<{ id: string }>().id;
  };
  await send(1);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - YEARS });
  const id = await send(2);
  vi.useRealTimers();
  await send(3);
  await keep(data);
  const { records } = own.station;
  expect([await records.countInspections(), await records.countNotInspected()]).toEqual([3, 3]);
  expect((await own.app.inject({ url: `/api/inspections/${id}/image` })).statusCode).toBe(200);
  // with those before it, it goes
  await new Retention(own.station, { recordDays: 0 }).run(new Date(Date.now() + 1000));
  expect([await records.countInspections(), await records.countNotInspected()]).toEqual([0, 0]);
});
