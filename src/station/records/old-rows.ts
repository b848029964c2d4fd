/** The oldest inspections and their removal, as queries that both databases understand. */
import type { Kysely, Transaction } from 'kysely';
import type { RemovedInspections } from '../audit/details.ts';
import { type NumberRange, rangesOf } from './number-ranges.ts';
import type { OldInspection } from './records.ts';
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

export async function findOldest(db: Kysely<Tables>, before: Date | null, limit: number): Promise<OldInspection[]> {
  let found = db.selectFrom('inspections').select(['id', 'imageHash', 'imageStored', 'createdAt']);
  if (before) found = found.where('createdAt', '<', before.getTime());
  const rows = await found.orderBy('id').limit(limit).execute();
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
