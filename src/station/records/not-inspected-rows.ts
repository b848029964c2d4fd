/** Parts that were not inspected, as queries that both databases understand; in a table of their own, so that no count of decisions meets them. */
import type { ExpressionBuilder, Kysely, Transaction } from 'kysely';
import type { InspectionQuery } from '../contract/inspections.ts';
import type { NotInspected, PartRecordPage } from '../contract/not-inspected.ts';
import { findInspections, PAGE, textFits } from './inspection-rows.ts';
import type { NewNotInspected, OldNotInspected } from './records.ts';
import type { Tables } from './tables.ts';

function selectNotInspected(db: Kysely<Tables>) {
  return (
    db
      .selectFrom('notInspected as n')
      // sent again, it may have been decided on
      .leftJoin('inspections as i', (join) => join.onRef('i.resultId', '=', 'n.resultId').onRef('i.id', '>', 'n.id'))
      .select(['n.id', 'n.cause', 'n.code', 'n.message', 'n.resultId', 'n.part', 'n.lot', 'n.recipe', 'n.imageHash'])
      .select(['n.count', 'n.millis', 'n.createdAt', 'i.id as decidedAs'])
  );
}

type Row = Awaited<ReturnType<ReturnType<typeof selectNotInspected>['execute']>>[number];

function notInspectedOf({ createdAt, ...row }: Row): NotInspected {
  return { ...row, decision: 'NOT_INSPECTED', createdAt: new Date(createdAt).toISOString() };
}

export async function insertNotInspected(db: Kysely<Tables>, record: NewNotInspected): Promise<void> {
  const { decision: _, createdAt, ...row } = record;
  // one that was written although its answer was lost comes again
  await db
    .insertInto('notInspected')
    .values({ ...row, createdAt: Date.parse(createdAt) })
    .onConflict((c) => c.column('id').doNothing())
    .execute();
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
  const { part, lot, recipe, from, to, before } = query;
  let found = selectNotInspected(db);
  const fits = (column: 'part' | 'lot', text: string) => (eb: ExpressionBuilder<never, never>) =>
    textFits(eb as never, `n.${column}` as never, text);
  if (part !== undefined) found = found.where(fits('part', part) as never);
  if (lot !== undefined) found = found.where(fits('lot', lot) as never);
  if (recipe !== undefined) found = found.where('n.recipe', '=', recipe);
  if (from !== undefined) found = found.where('n.createdAt', '>=', Date.parse(from));
  if (to !== undefined) found = found.where('n.createdAt', '<', Date.parse(to));
  if (before !== undefined) found = found.where('n.id', '<', before);
  return (await found.orderBy('n.id', 'desc').limit(limit).execute()).map(notInspectedOf);
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
  const all = [...undecided, ...decided].sort((a, b) => (a.id < b.id ? 1 : -1));
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
  before: Date | null,
  limit: number,
): Promise<OldNotInspected[]> {
  let found = db.selectFrom('notInspected').select(['id', 'createdAt']);
  if (before) found = found.where('createdAt', '<', before.getTime());
  const rows = await found.orderBy('createdAt').orderBy('id').limit(limit).execute();
  return rows.map(({ id, createdAt }) => ({ id, createdAt: new Date(createdAt).toISOString() }));
}

export async function deleteNotInspected(db: Transaction<Tables>, ids: readonly string[]): Promise<number> {
  const gone = await db
    .deleteFrom('notInspected')
    .where('id', 'in', [...ids])
    .returning('id')
    .execute();
  return gone.length;
}
