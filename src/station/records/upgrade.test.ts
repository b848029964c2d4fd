/** Records of every step of the tables come up to date with all that they hold, and what cannot leaves them as they were. */
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, type TestDatabase, tamper } from '../../../test/support/databases.ts';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { newInspection, newNotInspected, newRecipe } from '../../../test/support/records.ts';
import { atStep, type Rows, rowsOf } from '../../../test/support/steps.ts';
import { newId } from '../ids.ts';
import { holderOf } from './database-hold.ts';
import { migrations } from './migrations.ts';
import { openRecords } from './open-records.ts';
import type { Records } from './records.ts';
import type { Upgraded } from './upgrade.ts';

const folder = temporaryFolders();
const change = { by: 'Kim', at: new Date('2026-03-04T05:06:07.089Z') };
const steps = Object.keys(migrations('sqlite'));
/** What records of a step can tell of: users came second; from the last on there are products, and verdicts name classes. */
const times = { first: '0001-first-tables', early: '0002-users', late: '0014-products' } as const;
type Time = keyof typeof times;
const timeOf = (step: string): Time => (Object.keys(times) as Time[]).findLast((time) => step >= times[time])!;
/** All that are there today; what a later step adds has a line in `fill` too. */
const filled = 'audit,feedback,inspections,not_inspected,outbox,outbox_counter,probe,products,recipe_revisions,recipes,sessions,user_tokens,users'; // biome-ignore format: one line

/** Something of each kind, by the records' own ways. */
async function fill({ place }: TestDatabase, time: Time): Promise<Rows> {
  const isLate = time === 'late';
  const records = await openRecords(place);
  const recipe = (await records.addRecipe(newRecipe(), change)).id;
  await records.activate(recipe, change);
  await records.setThresholds(recipe, { threshold: 2, review: 1, rule: null }, change);
  records.outbox.sendTo(['plc']);
  if (isLate) await records.setProduct('4711', recipe, change);
  const product = isLate ? '4711' : null;
  const [first] = await Promise.all(
    [1, 2, 3].map(async (i) => {
      const one = newInspection(recipe, { decision: 'NG', part: `ring ${i}`, lot: 'Ä', product });
      await records.addInspection(one);
      return one.id;
    }),
  );
  const className = isLate ? 'dent' : null;
  await records.giveFeedback(first!, { verdict: 'agree', className }, { ...change, note: 'a dent' });
  await records.addNotInspected(newNotInspected({ part: 'ring 4', product }));
  await records.ping();
  if (time !== 'first') await addUser(records);
  await records.close();
  return rowsOf(place);
}

async function addUser(records: Records): Promise<void> {
  const ada = {
    id: newId(),
    name: 'ada',
    role: 'admin',
    password: 'a hash',
    createdAt: change.at.toISOString(),
  } as const;
  await records.users.add(ada, change);
  await records.users.addToken('ada', { label: 'line 1', hash: '1'.repeat(64) }, change);
  const { user } = (await records.users.withPassword('ada'))!;
  await records.users.openSession(user, { hash: '2'.repeat(64), until: new Date(Date.now() + 1e6) }, '192.0.2.7');
}

/** What of rows of before is not there as it was, in the columns that there were. Sessions end where their tables change. */
function missing(before: Rows, after: Rows): string[] {
  return Object.entries(before).flatMap(([table, rows]) =>
    rows
      .filter(
        (row) =>
          !after[table]?.some((now) =>
            Object.entries(row).every(([column, value]) => value === null || now[column] === value),
          ),
      )
      .filter(() => table !== 'sessions')
      .map((row) => `${table}: ${JSON.stringify(row)}`),
  );
}

describe.each(databases(folder))('records in %s', (kind, make) => {
  const made: TestDatabase[] = [];
  let data: string;
  const rows: Record<Time, Rows> = { first: {}, early: {}, late: {} };
  const database = async (): Promise<TestDatabase> => {
    const one = await make();
    made.push(one);
    return one;
  };
  /** One of a step, its rows, and how a station opens it. */
  const former = async (step: string) => {
    const one = await database();
    await atStep(one.place, step, rows[timeOf(step)]);
    const before = await rowsOf(one.place);
    const holder = { ...(await holderOf(data)), folder: 'folder' in one.place ? one.place.folder : data };
    const told: Upgraded[] = [];
    const open = () => openRecords(one.place, { holder, upgraded: (upgraded) => told.push(upgraded) });
    return { ...one, before, told, open };
  };
  beforeAll(async () => {
    data = await folder();
    for (const time of Object.keys(times) as Time[]) rows[time] = await fill(await database(), time);
  });
  afterAll(() => Promise.all(made.map((one) => one.drop())));

  it('have something in every table', () => {
    const some = Object.entries(rows.late).filter(([, all]) => all.length > 0);
    expect(some.map(([name]) => name)).toEqual(expect.arrayContaining(filled.split(',')));
  });

  it.each(steps.slice(0, -1))('of the step %s come up to date whole', async (step) => {
    const { before, told, open, place } = await former(step);
    const records = await open();
    expect(told).toEqual([{ from: step, to: steps.at(-1), copy: expect.stringMatching(`step-${step.slice(0, 4)}$`) }]);
    await records.verifyAudit();
    await records.verifyRecords();
    expect(await records.countInspections()).toBe(3);
    await records.addInspection(newInspection((await records.recipes())[0]!.id));
    await records.close();
    expect(missing(before, await rowsOf(place))).toEqual([]);
    if (kind !== 'SQLite') return;
    // the way back: the file of before in the place of the records
    const back = join(await folder(), 'back');
    await mkdir(back);
    await copyFile(told[0]!.copy!, join(back, 'records.sqlite'));
    expect(await rowsOf({ folder: back })).toEqual(before);
    await expect(openRecords({ folder: back })).rejects.toMatchObject({ code: 'RECORDS_OLDER' });
    expect(await rowsOf({ folder: back })).toEqual(before);
  });

  it('that are up to date are opened without a copy', async () => {
    const { told, open, place } = await former(steps.at(-1)!);
    const records = await open();
    // the server of a test goes by this machine's clock
    expect(await records.serverClockAhead()).toBe(kind === 'SQLite' ? null : 0);
    await records.close();
    expect(told).toEqual([]);
    if ('folder' in place) expect((await readdir(place.folder)).filter((name) => /step/.test(name))).toEqual([]);
  });

  it('of a newer felfri are refused by every way in, and stay as they are', async () => {
    const one = await former(steps.at(-1)!);
    await tamper(one, `insert into kysely_migration values ('9999-to-come', '2027-01-01T00:00:00.000Z')`);
    for (const open of [
      one.open,
      () => openRecords(one.place),
      () => openRecords(one.place, { upgrade: 'without copy' }),
    ])
      await expect(open()).rejects.toMatchObject({
        code: 'RECORDS_NEWER',
        message: expect.stringContaining('9999-to-come'),
      });
    expect(await rowsOf(one.place)).toEqual(one.before);
  });

  it('of which a step fails stay as they were, and come up to date at the next start', async () => {
    const { before, open, place, ...one } = await former('0005-inspection-reasons');
    // the step 0006 makes this table first, and then cannot make its indexes
    await tamper({ place, drop: one.drop }, 'create index not_inspected_lot on inspections (lot)');
    await expect(open()).rejects.toMatchObject({ code: 'RECORDS_UNAVAILABLE' });
    expect(await rowsOf(place)).toEqual(before);
    await tamper({ place, drop: one.drop }, 'drop index not_inspected_lot');
    const records = await open();
    await records.verifyRecords();
    await records.close();
    expect(missing(before, await rowsOf(place))).toEqual([]);
  });
});

it('copies that cannot be made leave the records as they were', async () => {
  const place = { folder: await folder() };
  await atStep(place, '0010-session-facts', {});
  const path = join(place.folder, 'records.sqlite');
  const before = await readFile(path);
  // a folder stands where the copy is to come
  await mkdir(join(place.folder, 'records.sqlite.step-0010', 'taken'), { recursive: true });
  const holder = await holderOf(place.folder);
  await expect(openRecords(place, { holder })).rejects.toThrow();
  expect(await readFile(path)).toEqual(before);
  expect(existsSync(join(place.folder, 'records.sqlite.step-0010.tmp'))).toBe(false);
  await rm(join(place.folder, 'records.sqlite.step-0010'), { recursive: true });
  await (await openRecords(place, { holder, upgrade: 'without copy' })).close();
  expect((await readdir(place.folder)).filter((name) => name.includes('step'))).toEqual([]);
});
