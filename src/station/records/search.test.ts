/** Searches find what they say whatever way they go, and go by an index where that leaves few. */
import { join } from 'node:path';
import { CamelCasePlugin, Kysely, type LogEvent, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, type TestDatabase } from '../../../test/support/databases.ts';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { fillRecords } from '../../../test/support/many-records.ts';
import { Random } from '../../core/random.ts';
import type { InspectionQuery } from '../contract/inspections.ts';
import type { PartRecord } from '../contract/not-inspected.ts';
import { findPartRecords } from './not-inspected-rows.ts';
import { openRecords } from './open-records.ts';
import type { Records } from './records.ts';
import { StationSqliteDialect } from './sqlite/dialect.ts';
import type { Tables } from './tables.ts';

/** More than are sorted, so that both ways are gone. */
const COUNT = 12_000;
const folder = temporaryFolders();

describe.each(databases(folder))('searches in %s', (_, make) => {
  let database: TestDatabase;
  let records: Records;
  let all: PartRecord[];

  const pages = async (query: InspectionQuery, limit: number): Promise<PartRecord[]> => {
    const found: PartRecord[] = [];
    for (let before: string | null | undefined; before !== null; ) {
      const page = await records.partRecords({ ...query, limit, ...(before !== undefined && { before }) });
      found.push(...page.inspections);
      before = page.next;
    }
    return found;
  };

  beforeAll(async () => {
    database = await make();
    records = await openRecords(database.place);
    await fillRecords(database.place, COUNT);
    all = await pages({}, 500);
  });
  afterAll(async () => {
    await records.close();
    await database.drop();
  });

  const fits = (
    one: PartRecord,
    { decision, part, lot, product, recipe, from, to, minScore, maxScore, feedback }: InspectionQuery,
  ) => {
    const text = (value: string | null, wanted: string | undefined): boolean =>
      wanted === undefined ||
      (value !== null && (wanted.endsWith('*') ? value.startsWith(wanted.slice(0, -1)) : value === wanted));
    const decided = one.decision === 'NOT_INSPECTED' ? undefined : one;
    const asks = minScore !== undefined || maxScore !== undefined || feedback !== undefined;
    const verdict = decided?.feedback?.verdict;
    return (
      (decided !== undefined || !asks) &&
      (decision === undefined || one.decision === decision) &&
      text(one.part, part) &&
      text(one.lot, lot) &&
      (product === undefined || one.product === product) &&
      text(one.recipe, recipe) &&
      (from === undefined || one.createdAt >= from) &&
      (to === undefined || one.createdAt < to) &&
      (minScore === undefined || decided!.score >= minScore) &&
      (maxScore === undefined || decided!.score <= maxScore) &&
      (feedback === undefined ||
        (feedback === 'none' ? !verdict : feedback === 'any' ? !!verdict : verdict === feedback))
    );
  };

  it('find exactly what fits, newest first, page by page, by any filters together', async () => {
    expect(all).toHaveLength(COUNT * 1.05);
    const random = Random.of(1, 'searches');
    const pick = <T>(...of: T[]): T => of[random.integer(of.length)]!;
    const time = () => all[random.integer(all.length)]!.createdAt;
    for (let i = 0; i < 80; i++) {
      const asked = {
        decision: pick(undefined, undefined, 'OK', 'NG', 'NOT_INSPECTED'),
        part: pick(undefined, undefined, 'P*', 'P00070*', 'p*', 'P0000700', '*'),
        lot: pick(undefined, undefined, 'L*', 'L0003*', 'L0005', 'zzz*'),
        product: pick(undefined, undefined, undefined, 'rare', 'common', 'Rare', 'r*'),
        recipe: pick(undefined, undefined, 'r0', 'r2'),
        from: pick(undefined, undefined, time()),
        to: pick(undefined, undefined, time()),
        minScore: pick(undefined, undefined, 0.5, 1.19),
        maxScore: pick(undefined, undefined, 0.6, 0.001),
        feedback: pick(undefined, undefined, 'any', 'none', 'agree', 'missed'),
      };
      const query = Object.fromEntries(
        Object.entries(asked).filter(([, value]) => value !== undefined),
      ) as InspectionQuery;
      const expected = all.filter((one) => fits(one, query)).map(({ id }) => id);
      const some = expected.slice(0, 700);
      const found =
        expected.length > 700
          ? (await records.partRecords({ ...query, limit: 500 })).inspections
          : await pages(query, 300);
      expect(
        found.map(({ id }) => id),
        JSON.stringify(query),
      ).toEqual(expected.length > 700 ? some.slice(0, 500) : some);
    }
  });
});

it('in SQLite go by the index of the filter that leaves few', async () => {
  const place = { folder: await folder() };
  await (await openRecords(place)).close();
  await fillRecords(place, COUNT);
  let last: LogEvent['query'] | undefined;
  const db = new Kysely<Tables>({
    dialect: new StationSqliteDialect({
      path: join(place.folder, 'records.sqlite'),
      busyMillis: 1000,
      purpose: 'make',
    }),
    plugins: [new CamelCasePlugin()],
    log: ({ query }) => {
      if (query.sql.includes('"image_hash"') && query.sql.includes('"revision"')) last = query;
    },
  });
  const planOf = async (query: InspectionQuery): Promise<string> => {
    await findPartRecords(db, query);
    const { sql: text, parameters } = last!;
    const { rows } = await db.executeQuery<{ detail: string }>({
      ...sql`select 1`.compile(db),
      sql: `explain query plan ${text}`,
      parameters,
    });
    return rows.map(({ detail }) => detail).join('; ');
  };
  const by = async (query: InspectionQuery) =>
    /inspections USING (?:COVERING )?INDEX (\w+)/.exec(await planOf(query))?.[1];
  expect(await by({ part: 'P00007*' })).toBe('inspections_part');
  expect(await by({ lot: 'zzz*', decision: 'NG' })).toBe('inspections_lot');
  expect(await by({ product: 'rare', decision: 'OK' })).toBe('inspections_product');
  expect(await by({ minScore: 1000, decision: 'OK' })).toBe('inspections_score');
  expect(await by({ from: '2030-01-01T00:00:00.000Z' })).toBe('inspections_created_at');
  expect(await by({ decision: 'NG', feedback: 'none' })).toBe('inspections_awaiting');
  expect(await planOf({ feedback: 'missed' })).toContain('feedback_verdict');
  for (const query of [{}, { part: 'P*' }, { lot: 'L*' }, { minScore: 0.01 }, { product: 'common' }])
    expect(await planOf(query), JSON.stringify(query)).not.toContain('TEMP B-TREE');
  await db.destroy();
});
