/** Parts of several views at a real station: one decision each goes out, OK only of all, and none is lost where it stops in between. */
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, type MockInstance, vi } from 'vitest';
import { temporaryFolders } from '../../../../../test/support/folder.ts';
import { freePort, startLine, type TestLine } from '../../../../../test/support/line.ts';
import { activeRecipe, partPng, smallBundle } from '../../../../../test/support/station.ts';
import { until } from '../../../../../test/support/until.ts';

const folder = temporaryFolders();
const quick = { kind: 'folder', pollSeconds: 0.05, whole: 'rename' };
let data: string;
let top: string;
let side: string;
let outputs: Record<string, object>;
let test: TestLine;

/** Views that were decided on by themselves. */
let judged: MockInstance;
const judgedCount = () => judged.mock.settledResults.filter(({ type }) => type === 'fulfilled').length;

const start = async (withinSeconds = 60) => {
  const line = await startLine(
    data,
    outputs,
    'press-7',
    {
      top: { ...quick, path: top, names: '{recipe}~{part}' },
      side: { ...quick, path: side, names: '{recipe}~{part}' },
    },
    { views: ['top', 'side'], withinSeconds },
  );
  judged = vi.spyOn(line.station.inspections, 'decide');
  return line;
};

beforeAll(async () => {
  [data, top, side] = [await folder(), await folder(), await folder()];
  outputs = { robot: { kind: 'lines', port: await freePort() } };
  const bundle = await smallBundle(join(await folder(), 'rings'), 0.5);
  test = await start();
  const by = { by: 'test', at: new Date() };
  for (const [name, ng] of [
    ['lenient', 1e9],
    ['strict', -1e9],
  ] as const)
    await test.station.recipes.setThresholds(await activeRecipe(test, bundle, name), { ng, review: null }, by);
});
afterAll(() => test.close());

let seed = 100;

/** A file that is there as a whole at once, as a folder by `rename` promises. */
async function arrive(path: string, bytes: Uint8Array): Promise<void> {
  const making = join(await folder(), 'making');
  await writeFile(making, bytes);
  await rename(making, path);
}

const put = async (path: string, name: string): Promise<void> =>
  arrive(join(path, `${name}.png`), await partPng(seed++));

/** Puts it there and waits until it waits for the other views. */
async function putFirst(path: string, name: string): Promise<void> {
  const before = judgedCount();
  await put(path, name);
  await until(() => judgedCount() > before, 'the first view');
}

/** What goes out of a part. */
async function sent(part: string) {
  const all = await test.station.records.outbox.after('robot', 0, 500);
  return all.map(({ record }) => record).filter((record) => record.part === part);
}

const recordsOf = async (part: string) =>
  (await test.station.records.partRecords({ part, limit: 100 })).inspections.map(({ decision }) => decision);

it('gives one OK for two views that are OK, whichever comes first', async () => {
  await putFirst(side, 'lenient~r1');
  expect((await test.line.told()).sources[1]!.lastImage).toBe('lenient~r1.png');
  await sleep(300);
  expect(await sent('r1')).toEqual([]);
  expect(await recordsOf('r1')).toEqual([]);
  await put(top, 'lenient~r1');
  await until(async () => (await sent('r1')).length > 0, 'the part');
  const [part] = await sent('r1');
  expect(part).toMatchObject({ decision: 'OK', reason: expect.stringMatching(/^views: side OK, top OK/) });
  expect((part as { millis: number }).millis).toBeGreaterThan(100);
  await until(async () => (await recordsOf('r1')).length === 2, 'both views on record');
  await sleep(100);
  expect(await sent('r1')).toHaveLength(1);
  expect(test.station.inspections.counts.OK).toBe(1);
});

it('gives one decision for views that come by one folder one after another, and other parts meanwhile', async () => {
  const path = await folder();
  const both = { both: { ...quick, path, names: '{recipe}~{part}_{view}' } };
  const line = await startLine(await folder(), {}, 'press-8', both, { views: ['a', 'b'], withinSeconds: 60 });
  const by = { by: 'test', at: new Date() };
  const recipe = await activeRecipe(line, await smallBundle(join(await folder(), 'rings'), 0.5), 'lenient');
  await line.station.recipes.setThresholds(recipe, { ng: 1e9, review: null }, by);
  const newest = async (part: string) => (await line.station.records.partRecords({ part, limit: 9 })).inspections[0];
  try {
    await put(path, 'lenient~s1_a');
    await until(async () => (await line.line.told()).sources[0]!.lastImage === 'lenient~s1_a.png', 'the first view');
    await put(path, 'lenient~s2_a');
    await put(path, 'lenient~s2_b');
    await until(async () => (await newest('s2'))?.decision === 'OK', 'another part');
    expect(await newest('s1')).toBeUndefined();
    await put(path, 'lenient~s1_b');
    await until(async () => (await newest('s1'))?.decision === 'OK', 'the part of which a view came late');
  } finally {
    await line.close();
  }
});

it('gives REVIEW where another image of a view came, as of a trigger that fired twice', async () => {
  await putFirst(top, 'lenient~r8');
  await arrive(join(top, 'lenient~r8.PNG'), await partPng(seed++));
  await until(async () => (await sent('r8')).length > 0, 'the second');
  await put(side, 'lenient~r8');
  await until(async () => (await sent('r8')).length > 1, 'the part');
  expect((await sent('r8')).map(({ decision }) => decision)).toEqual(['NOT_INSPECTED', 'REVIEW']);
  expect((await sent('r8'))[1]).toMatchObject({ reason: expect.stringContaining('top twice') });
});

it('gives REVIEW where two views are one picture, also by files of one name', async () => {
  const picture = await partPng(seed++);
  await arrive(join(top, 'lenient~r9.png'), picture);
  await arrive(join(side, 'lenient~r9.png'), picture);
  await until(async () => (await sent('r9')).length > 0, 'the part');
  expect(await sent('r9')).toMatchObject([{ decision: 'REVIEW', reason: expect.stringContaining('is the same picture as') }]); // biome-ignore format: one line
});

it('gives one NG where one view is NG', async () => {
  await put(top, 'strict~r2');
  await put(side, 'lenient~r2');
  await until(async () => (await sent('r2')).length > 0, 'the part');
  expect(await sent('r2')).toMatchObject([{ decision: 'NG', reason: expect.stringContaining('top NG') }]);
  // newest first: who looks a part up finds its decision
  expect(await recordsOf('r2')).toEqual(['NG', 'OK']);
});

it('decides a part once where the station stops between its views', async () => {
  await putFirst(top, 'lenient~r5');
  await test.close();
  test = await start();
  await put(side, 'lenient~r5');
  await until(async () => (await sent('r5')).length > 0, 'the part');
  await until(async () => (await test.line.told()).sources.every(({ waiting }) => waiting === 0), 'both put away');
  expect((await sent('r5')).map(({ decision }) => decision)).toEqual(['OK']);
});

it('gives no OK for a new view beside an image that is on record, as of a camera that is frozen', async () => {
  const frozen = await partPng(7);
  await arrive(join(top, 'lenient~r6.png'), frozen);
  await put(side, 'lenient~r6');
  await until(async () => (await sent('r6')).length > 0, 'the part');
  await arrive(join(top, 'lenient~r6.png'), frozen);
  await put(side, 'lenient~r6');
  await until(async () => (await sent('r6')).length > 1, 'the next part of that name');
  expect((await sent('r6')).map(({ decision }) => decision)).toEqual(['OK', 'REVIEW']);
});

describe('where views are waited for briefly', () => {
  beforeAll(async () => {
    await test.close();
    test = await start(3);
  });

  it('inspects an image that takes the place of another while that waits for the other views', async () => {
    await putFirst(top, 'lenient~r7');
    await put(top, 'lenient~r7');
    await put(side, 'lenient~r7');
    await until(async () => (await sent('r7')).length > 1, 'both parts of that name');
    expect((await sent('r7')).map(({ decision }) => decision)).toEqual(['OK', 'REVIEW']);
  });

  it('gives REVIEW, and the view as not inspected, where a view cannot be read', async () => {
    await put(top, 'lenient~r4');
    await writeFile(join(side, 'lenient~r4.png'), 'no png');
    await until(async () => (await sent('r4')).length > 1, 'both');
    expect((await sent('r4')).map(({ decision }) => decision).sort()).toEqual(['NOT_INSPECTED', 'REVIEW']);
  });

  it('gives REVIEW with an alarm where a view is missing, and again where it comes too late', async () => {
    await put(top, 'lenient~r3');
    await until(async () => (await sent('r3')).length > 0, 'the part');
    expect(await sent('r3')).toMatchObject([{ decision: 'REVIEW', reason: expect.stringContaining('side missing') }]);
    expect(test.station.alarms.all.map(({ id }) => id)).toContain('views');
    await put(side, 'lenient~r3');
    await until(async () => (await sent('r3')).length > 1, 'the view that was late');
    expect((await sent('r3')).map(({ decision }) => decision)).toEqual(['REVIEW', 'REVIEW']);
  });
});
