/** The oldest inspections and their removal, as queries that both databases understand. */
import { type Expression, expressionBuilder, type Kysely, type SqlBool, type Transaction } from 'kysely';
import type { RemovedInspections } from '../audit/details.ts';
import { type NumberRange, rangesOf } from './number-ranges.ts';
import type { OldInspection, TooOld } from './records.ts';
import type { Tables } from './tables.ts';

export async function countInspections(db: Kysely<Tables>): Promise<number> {
  const { all } = await db
    .selectFrom('inspections')
    .select((eb) => eb.fn.countAll().as('all'))
    .executeTakeFirstOrThrow();
  return Number(all);
}

export async function findNewest(db: Kysely<Tables>): Promise<{ id: string | null; at: Date | null }> {
  const found = await Promise.all(
    (['inspections', 'notInspected', 'recipes'] as const).map((table) =>
      db
        .selectFrom(table)
        .select((eb) => [eb.fn.max('id').as('id'), eb.fn.max('createdAt').as('at')])
        .executeTakeFirstOrThrow(),
    ),
  );
  const ids = found.flatMap(({ id }) => id ?? []);
  const times = found.flatMap(({ at }) => (at === null ? [] : [Number(at)]));
  return { id: ids.sort().at(-1) ?? null, at: times.length > 0 ? new Date(Math.max(...times)) : null };
}

/** How many of the oldest by the clock are looked through for the first that was made. */
const LOOKED_THROUGH = 1000;

type Numbered = 'inspections' | 'notInspected';

/**
 * The first of those that are not too old, by the order in which they were made. What was made after it is no older than it is, though a clock
 * that was set back then says so. A record of the future says nothing: its clock was ahead.
 */
async function firstYounger(db: Kysely<Tables>, table: Numbered, { before, now }: TooOld): Promise<string | null> {
  const oldest = db
    .selectFrom(table)
    .select('id')
    .where('createdAt', '>=', before.getTime())
    .where('createdAt', '<=', now.getTime())
    .orderBy('createdAt')
    .limit(LOOKED_THROUGH)
    .as('oldest');
  const { first } = await db
    .selectFrom(oldest)
    .select((eb) => eb.fn.min('id').as('first'))
    .executeTakeFirstOrThrow();
  return first;
}

/** What of a table is too old; of all of it for null. */
export async function tooOld(db: Kysely<Tables>, table: Numbered, old: TooOld | null): Promise<Expression<SqlBool>> {
  const eb = expressionBuilder<Tables, Numbered>();
  if (!old) return eb.lit(true);
  const isOlder = eb('createdAt', '<', old.before.getTime());
  const younger = await firstYounger(db, table, old);
  return younger === null ? isOlder : eb.and([isOlder, eb('id', '<', younger)]);
}

export async function findOldest(db: Kysely<Tables>, old: TooOld | null, limit: number): Promise<OldInspection[]> {
  const rows = await db
    .selectFrom('inspections')
    .select(['id', 'imageHash', 'imageStored', 'createdAt'])
    .where(await tooOld(db, 'inspections', old))
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ imageStored, createdAt, ...row }) => ({
    ...row,
    imageStored: imageStored === 1,
    createdAt: new Date(createdAt).toISOString(),
  }));
}

/** Deletes those that are there, with their verdicts, and says what they were. */
export async function deleteInspections(
  db: Transaction<Tables>,
  ids: readonly string[],
): Promise<RemovedInspections & { readonly numbers: NumberRange[] }> {
  const verdicts = await db
    .deleteFrom('feedback')
    .where('inspection', 'in', [...ids])
    .returning('inspection')
    .execute();
  const rows = await db
    .deleteFrom('inspections')
    .where('id', 'in', [...ids])
    .returning(['id', 'decision', 'createdAt', 'number'])
    .execute();
  const decisions = { OK: 0, REVIEW: 0, NG: 0 };
  for (const { decision } of rows) decisions[decision]++;
  const times = rows.map(({ createdAt }) => createdAt);
  const judged = new Set(verdicts.map(({ inspection }) => inspection));
  return {
    numbers: rangesOf(rows.flatMap(({ number }) => (number === null ? [] : [number]))),
    inspections: rows.length,
    decisions,
    verdicts: judged.size,
    waiting: rows.filter(({ id, decision }) => decision !== 'OK' && !judged.has(id)).length,
    from: rows.length ? new Date(Math.min(...times)).toISOString() : null,
    to: rows.length ? new Date(Math.max(...times)).toISOString() : null,
  };
}
