import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { temporaryFolders } from '../../test/support/folder.ts';
import { activeRecipe, partPng, smallBundle, startStation, type TestStation } from '../../test/support/station.ts';
import { FelfriError } from '../core/errors.ts';
import { Moments } from './moments.ts';

const folder = temporaryFolders();
let test: TestStation;

beforeAll(async () => {
  test = await startStation(await folder());
  await activeRecipe(test, await smallBundle(join(await folder(), 'rings'), 0.5));
});
afterAll(() => test.close());

it('knows of a record when its image began to come, not when all of it was there', async () => {
  const { inspections, moments } = test.station;
  const before = performance.now();
  let there = 0;
  const { inspection } = await inspections.receive('line', async () => {
    await sleep(100);
    there = performance.now();
    return { bytes: new Uint8Array(await partPng(1)), fields: {} };
  });
  const { cameAt, decidedAt } = moments.of(inspection.id)!;
  expect([cameAt >= before, cameAt < there, decidedAt > there]).toEqual([true, true, true]);
});

it('knows of a part that was not inspected when that began', async () => {
  const { notInspected, moments } = test.station;
  const known = { resultId: null, part: 'p', lot: null, product: null, recipe: null, imageHash: null, millis: 500 };
  await notInspected.note(known, new FelfriError('IMAGE_CORRUPT', 'it is truncated'));
  const { cameAt, decidedAt } = moments.of(notInspected.last!.id)!;
  expect(decidedAt - cameAt).toBeGreaterThan(499);
});

it('forgets the oldest', () => {
  const moments = new Moments();
  for (let i = 0; i < 36_001; i++) moments.add(`${i}`, i);
  expect([moments.of('0'), moments.of('1')?.cameAt, moments.of('36000')?.cameAt]).toEqual([undefined, 1, 36_000]);
});
