/**
 * How records are looked for: by the index of the one filter that leaves few, else from the newest on. Neither database can be relied on for
 * that: SQLite goes through all records from the newest on as soon as a page of them is asked for, and PostgreSQL guesses.
 */
import { type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { InspectionQuery } from '../contract/inspections.ts';
import type { Tables } from './tables.ts';

/** Up to so many are sorted: some milliseconds. Of more, the newest fifty are found sooner by looking through all. */
const FEW = 10_000;

/** The largest character, so that a text and it end the texts that begin with that text. */
const LAST = '\u{10ffff}';

type Driver = 'part' | 'lot' | 'product' | 'score' | 'feedback';

export interface SearchPlan {
  /** The filter by whose index records are found; null for none in particular. */
  readonly driver: Driver | null;
  /** Whether what is found is few, and sorted, rather than met in order. */
  readonly sorts: boolean;
  /** Whether the newest is told by its time, as times are searched for, rather than by its id. */
  readonly byTime: boolean;
  /** The record that the page before ended with. */
  readonly before: { readonly id: string; readonly at: number } | null;
}

const isBeginning = (text: string | undefined): text is string => text?.endsWith('*') === true;

export const isText = (column: RawBuilder<unknown>, text: string): RawBuilder<SqlBool> => sql`${column} = ${text}`;

/** Exact, or by its beginning where the text ends with `*`: LIKE would look at all, and in SQLite take A for a. */
export function textFits(column: RawBuilder<unknown>, text: string): RawBuilder<SqlBool> {
  if (!isBeginning(text)) return isText(column, text);
  const beginning = text.slice(0, -1);
  return sql`(${column} >= ${beginning} and ${column} < ${beginning + LAST})`;
}

export function scoreFits(
  column: RawBuilder<unknown>,
  { minScore, maxScore }: Pick<InspectionQuery, 'minScore' | 'maxScore'>,
): RawBuilder<SqlBool> {
  const bounds = [
    ...(minScore === undefined ? [] : [sql<SqlBool>`${column} >= ${minScore}`]),
    ...(maxScore === undefined ? [] : [sql<SqlBool>`${column} <= ${maxScore}`]),
  ];
  return sql`(${sql.join(bounds, sql` and `)})`;
}

/** A column as an expression; `bare`, or so that no index of it is used. */
export function column(
  table: string,
  name: string,
  bare: boolean,
  kind: 'text' | 'number' = 'text',
): RawBuilder<unknown> {
  const plain = sql.ref(`${table}.${name}`);
  if (bare) return plain;
  return kind === 'text' ? sql`(${plain} || '')` : sql`(${plain} + 0)`;
}

async function areFew(db: Kysely<Tables>, table: 'inspections' | 'notInspected', filter: RawBuilder<SqlBool>) {
  const { rows } = await sql<{ found: number | string }>`
    select count(*) as found from (select 1 as one from ${sql.table(table)} where ${filter} limit ${sql.lit(FEW + 1)}) as first_few`.execute(
    db,
  );
  return Number(rows[0]!.found) <= FEW;
}

/** The filters of a query that an index of a table can serve, and that may leave few or many. */
function ranges(table: 'inspections' | 'notInspected', query: InspectionQuery): [Driver, RawBuilder<SqlBool>][] {
  const { part, lot, product, minScore, maxScore } = query;
  const hasScore = table === 'inspections' && (minScore !== undefined || maxScore !== undefined);
  return [
    ...(isBeginning(part)
      ? [['part', textFits(column(table, 'part', true), part)] as [Driver, RawBuilder<SqlBool>]]
      : []),
    ...(isBeginning(lot) ? [['lot', textFits(column(table, 'lot', true), lot)] as [Driver, RawBuilder<SqlBool>]] : []),
    ...(product === undefined
      ? []
      : [['product', isText(column(table, 'product', true), product)] as [Driver, RawBuilder<SqlBool>]]),
    ...(hasScore ? [['score', scoreFits(column(table, 'score', true), query)] as [Driver, RawBuilder<SqlBool>]] : []),
  ];
}

export const isByTime = ({ from, to }: InspectionQuery): boolean => from !== undefined || to !== undefined;

async function driverOf(
  db: Kysely<Tables>,
  table: 'inspections' | 'notInspected',
  query: InspectionQuery,
): Promise<Pick<SearchPlan, 'driver' | 'sorts'>> {
  const { part, lot, feedback } = query;
  // of one part or one lot there are never many
  if (part !== undefined && !isBeginning(part)) return { driver: 'part', sorts: isByTime(query) };
  if (lot !== undefined && !isBeginning(lot)) return { driver: 'lot', sorts: isByTime(query) };
  for (const [driver, filter] of ranges(table, query))
    if (await areFew(db, table, filter)) return { driver, sorts: true };
  if (feedback === undefined || feedback === 'none') return { driver: null, sorts: false };
  return { driver: 'feedback', sorts: isByTime(query) };
}

/** When a record was made: from the record, else from its id, which begins with it. */
async function timeOf(db: Kysely<Tables>, id: string): Promise<number> {
  for (const table of ['inspections', 'notInspected'] as const) {
    const row = await db.selectFrom(table).select('createdAt').where('id', '=', id).executeTakeFirst();
    if (row) return row.createdAt;
  }
  return Number.parseInt(id.slice(0, 13).replace('-', ''), 16);
}

export async function planSearch(
  db: Kysely<Tables>,
  table: 'inspections' | 'notInspected',
  query: InspectionQuery,
): Promise<SearchPlan> {
  const { before } = query;
  const byTime = isByTime(query);
  return {
    ...(await driverOf(db, table, query)),
    byTime,
    before: before === undefined ? null : { id: before, at: byTime ? await timeOf(db, before) : 0 },
  };
}
