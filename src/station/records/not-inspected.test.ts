/** Parts that were not inspected, on both databases; and a database of before they were kept. */
import { join } from 'node:path';
import { CamelCasePlugin, Kysely, Migrator, PostgresDialect } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, type TestDatabase } from '../../../test/support/databases.ts';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { newNotInspected } from '../../../test/support/records.ts';
import { newId } from '../ids.ts';
import { PictureStore } from '../pictures/picture-store.ts';
import { OldRecords } from '../retention/old-records.ts';
import { migrations } from './migrations.ts';
import { openRecords, type RecordsPlace } from './open-records.ts';
import type { Records } from './records.ts';
import { StationSqliteDialect } from './sqlite/dialect.ts';

const folder = temporaryFolders();

/** A database as it was before parts that were not inspected were kept, with an inspection in it. */
async function writeFormer(place: RecordsPlace): Promise<void> {
  const isSqlite = 'folder' in place;
  const dialect = isSqlite
    ? new StationSqliteDialect({ path: join(place.folder, 'records.sqlite'), busyMillis: 1000, purpose: 'make' })
    : new PostgresDialect({ pool: new pg.Pool({ connectionString: place.url }) });
  // biome-ignore lint/suspicious/noExplicitAny: tables of another time have no type here
  const db = new Kysely<any>({ dialect, plugins: [new CamelCasePlugin()] });
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => migrations('url' in place ? 'postgresql' : 'sqlite') },
  });
  const { error } = await migrator.migrateTo('0004-inspection-times');
  if (error) throw error;
  await db
    .insertInto('recipes')
    .values({ id: 'r', name: 'r', revision: 1, active: 1, bundleHash: 'b', detector: 'flow', facts: '{"figures":null,"data":{"name":"d","split":"s","protocol":"p"},"mapRange":{"low":0,"high":1}}', createdAt: 1 }) // biome-ignore format: one line
    .execute();
  await db
    .insertInto('recipeRevisions')
    .values({ recipe: 'r', revision: 1, change: 'created', thresholdsFrom: 1, createdAt: 1 })
    .execute();
  await db
    .insertInto('inspections')
    .values({ id: newId(), resultId: 'old', part: 'old', recipe: 'r', revision: 1, decision: 'NG', score: 2, millis: 1, imageHash: 'h', imageStored: 0, width: 1, height: 1, createdAt: Date.parse('2026-01-01') }) // biome-ignore format: one line
    .execute();
  await db.destroy();
}

describe.each(databases(folder))('parts that were not inspected, in %s', (_, make) => {
  let database: TestDatabase;
  let records: Records;
  beforeAll(async () => {
    database = await make();
    await writeFormer(database.place);
    records = await openRecords(database.place, { upgrade: 'without copy' });
  });
  afterAll(async () => {
    await records.close();
    await database.drop();
  });

  it('come after records of before, which were given seals', async () => {
    const { inspections } = await records.auditState();
    expect(inspections).toEqual({
      number: await records.countInspections(),
      seal: expect.stringMatching(/^(?!0{64})[0-9a-f]{64}$/),
    });
    // the recipe of this test is in no audit log; nothing else is wrong
    await expect(records.verifyRecords()).rejects.toMatchObject({ message: expect.stringMatching(/^the recipe "r" was added past the station; whether the recipe "r" is active was changed past the station\. /) }); // biome-ignore format: one line
  });

  it('are kept in a database that knew none, beside what it has', async () => {
    const given = newNotInspected({
      part: 'ring-7 "Ä"',
      lot: "L'1",
      imageHash: 'a'.repeat(64),
      recipe: 'no such one',
      count: 7,
    });
    await records.addNotInspected(given);
    // written, and its answer lost
    await records.addNotInspected(given);
    expect(await records.notInspected(given.id)).toEqual({ ...given, decidedAs: null });
    const { inspections } = await records.partRecords({});
    expect(inspections.map(({ part, decision }) => [part, decision])).toEqual([
      [given.part, 'NOT_INSPECTED'],
      ['old', 'NG'],
    ]);
    expect((await records.inspections({})).inspections.map(({ part }) => part)).toEqual(['old']);
    expect((await records.reviewQueue(10)).waiting).toBe(1);
  });

  it('say what decided on them since, and not what was on record before', async () => {
    const before = newNotInspected({ resultId: 'old' });
    const then = newNotInspected({ resultId: 'again' });
    for (const one of [before, then]) await records.addNotInspected(one);
    const { feedback: _, ...old } = (await records.inspectionOfResult('old'))!;
    const { inspection } = await records.addInspection({
      ...old,
      id: newId(),
      resultId: 'again',
    });
    expect((await records.notInspected(before.id))!.decidedAs).toBeNull();
    expect((await records.notInspected(then.id))!.decidedAs).toBe(inspection.id);
  });

  it('go with their age, and beyond a number, each removal in the audit log', async () => {
    const now = new Date('2026-03-01T00:00:00Z');
    const young = Array.from({ length: 5 }, (_, i) =>
      newNotInspected({ part: `y${i}`, createdAt: '2026-02-28T12:00:00.000Z' }),
    );
    for (const one of young) await records.addNotInspected(one);
    const old = (await records.countNotInspected()) - young.length;
    const things = { records, pictures: new PictureStore(await folder()) };
    const { inspections } = await records.inspections({ limit: 500 });
    expect(await new OldRecords(things, { recordDays: 2 }).run(now, () => false)).toBe(old + inspections.length);
    expect(await new OldRecords(things, { recordCount: 2 }).run(now, () => false)).toBe(3);
    expect((await records.partRecords({})).inspections.map(({ part }) => part)).toEqual(['y4', 'y3']);
    const [last, first] = (await records.auditEntries({})).filter(({ action }) => action === 'not inspected.removed');
    expect([first!.detail, last!.detail]).toMatchObject([
      { records: old, reason: 'older than 2 days' },
      { records: 3, reason: 'more than 2 records', from: young[0]!.createdAt },
    ]);
    await records.verifyAudit();
  });
});
