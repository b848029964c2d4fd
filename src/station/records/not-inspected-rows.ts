/** Parts that were not inspected, as queries that both databases understand; in a table of their own, so that no count of decisions meets them. */
import { type Kysely, type SqlBool, sql, type Transaction } from 'kysely';
import type { InspectionQuery } from '../contract/inspections.ts';
import type { NotInspected, PartRecord, PartRecordPage } from '../contract/not-inspected.ts';
import { findInspections, PAGE } from './inspection-search.ts';
import type { NewNotInspected } from './new-records.ts';
import { type NumberRange, rangesOf } from './number-ranges.ts';
import { tooOld } from './old-rows.ts';
import type { OldNotInspected, TooOld } from './records.ts';
import type { Sealer } from './seals.ts';
import { column, isByTime, isText, planSearch, textFits } from './search-plan.ts';
import type { SqlOutbox } from './sql-outbox.ts';
import type { Tables } from './tables.ts';

function selectNotInspected(db: Kysely<Tables>) {
  return (
    db
      .selectFrom('notInspected as n')
      // sent again, it may have been decided on
      .leftJoin('inspections as i', (join) => join.onRef('i.resultId', '=', 'n.resultId').onRef('i.id', '>', 'n.id'))
      .select(['n.id', 'n.cause', 'n.code', 'n.message', 'n.resultId', 'n.part', 'n.lot', 'n.recipe', 'n.imageHash'])
      .select('n.product')
      .select(['n.count', 'n.millis', 'n.createdAt', 'i.id as decidedAs'])
  );
}

type Row = Awaited<ReturnType<ReturnType<typeof selectNotInspected>['execute']>>[number];

function notInspectedOf({ createdAt, ...row }: Row): NotInspected {
  return { ...row, decision: 'NOT_INSPECTED', createdAt: new Date(createdAt).toISOString() };
}

export async function insertNotInspected(outbox: SqlOutbox, sealer: Sealer, record: NewNotInspected): Promise<void> {
  const { decision: _, createdAt, ...rest } = record;
  const row = { ...rest, createdAt: Date.parse(createdAt) };
  await sealer.add<'notInspected'>(row, (sealed) =>
    outbox.recording(record, async (db) => {
      // one that was written although its answer was lost comes again
      const added = await db
        .insertInto('notInspected')
        .values({ ...row, ...sealed })
        .onConflict((c) => c.column('id').doNothing())
        .returning('id')
        .executeTakeFirst();
      return added !== undefined;
    }),
  );
}

export async function findNotInspected(db: Kysely<Tables>, id: string): Promise<NotInspected | undefined> {
  const row = await selectNotInspected(db).where('n.id', '=', id).executeTakeFirst();
  return row && notInspectedOf(row);
}

/** What a search asks of decisions alone finds none of these. */
function asksForDecisions({ decision, minScore, maxScore, feedback }: InspectionQuery): boolean {
  const isDecision = decision !== undefined && decision !== 'NOT_INSPECTED';
  return isDecision || minScore !== undefined || maxScore !== undefined || feedback !== undefined;
}

async function searchNotInspected(db: Kysely<Tables>, query: InspectionQuery, limit: number): Promise<NotInspected[]> {
  const { part, lot, product, recipe, from, to } = query;
  const { driver, sorts, byTime, before } = await planSearch(db, 'notInspected', query);
  const free = driver === null;
  const time = column('n', 'createdAt', !sorts, 'number');
  const id = column('n', 'id', !sorts);
  let found = selectNotInspected(db);
  if (part !== undefined) found = found.where(textFits(column('n', 'part', driver === 'part'), part));
  if (lot !== undefined) found = found.where(textFits(column('n', 'lot', driver === 'lot'), lot));
  if (product !== undefined) found = found.where(isText(column('n', 'product', free || driver === 'product'), product));
  if (recipe !== undefined) found = found.where(column('n', 'recipe', free), '=', recipe);
  if (from !== undefined) found = found.where(time, '>=', Date.parse(from));
  if (to !== undefined) found = found.where(time, '<', Date.parse(to));
  if (before && byTime)
    found = found.where(sql<SqlBool>`(${time} < ${before.at} or (${time} = ${before.at} and n.id < ${before.id}))`);
  else if (before) found = found.where('n.id', '<', before.id);
  const ordered = byTime ? found.orderBy(time, 'desc').orderBy(id, 'desc') : found.orderBy(id, 'desc');
  return (await ordered.limit(limit).execute()).map(notInspectedOf);
}

/** Inspections and parts that were not inspected in one order, newest first. */
export async function findPartRecords(db: Kysely<Tables>, query: InspectionQuery): Promise<PartRecordPage> {
  const limit = query.limit ?? PAGE;
  const { decision, ...rest } = query;
  const undecided = asksForDecisions(query) ? [] : await searchNotInspected(db, query, limit + 1);
  const decided =
    decision === 'NOT_INSPECTED'
      ? []
      : (await findInspections(db, { ...rest, ...(decision && { decision }), limit: limit + 1 })).inspections;
  const byTime = isByTime(query);
  const key = ({ id, createdAt }: PartRecord): string => (byTime ? `${createdAt} ${id}` : id);
  const all = [...undecided, ...decided].sort((a, b) => (key(a) < key(b) ? 1 : -1));
  const page = all.slice(0, limit);
  return { inspections: page, next: all.length > limit ? page[page.length - 1]!.id : null };
}

export async function countNotInspected(db: Kysely<Tables>): Promise<number> {
  const { all } = await db
    .selectFrom('notInspected')
    .select((eb) => eb.fn.countAll().as('all'))
    .executeTakeFirstOrThrow();
  return Number(all);
}

export async function findOldestNotInspected(
  db: Kysely<Tables>,
  old: TooOld | null,
  limit: number,
): Promise<OldNotInspected[]> {
  const rows = await db
    .selectFrom('notInspected')
    .select(['id', 'createdAt'])
    .where(await tooOld(db, 'notInspected', old))
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ id, createdAt }) => ({ id, createdAt: new Date(createdAt).toISOString() }));
}

export async function deleteNotInspected(
  db: Transaction<Tables>,
  ids: readonly string[],
): Promise<{ count: number; numbers: NumberRange[] }> {
  const gone = await db
    .deleteFrom('notInspected')
    .where('id', 'in', [...ids])
    .returning('number')
    .execute();
  return { count: gone.length, numbers: rangesOf(gone.flatMap(({ number }) => (number === null ? [] : [number]))) };
}
