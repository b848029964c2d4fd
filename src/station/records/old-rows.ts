/** The oldest inspections and their removal, as queries that both databases understand. */
import type { Kysely, Transaction } from 'kysely';
import type { OldInspection, RemovedInspections } from './records.ts';
import type { Tables } from './tables.ts';

export async function countInspections(db: Kysely<Tables>): Promise<number> {
  const { all } = await db
    .selectFrom('inspections')
    .select((eb) => eb.fn.countAll().as('all'))
    .executeTakeFirstOrThrow();
  return Number(all);
}

export async function findOldest(db: Kysely<Tables>, before: Date | null, limit: number): Promise<OldInspection[]> {
  let found = db.selectFrom('inspections').select(['id', 'imageHash', 'imageStored', 'createdAt']);
  if (before) found = found.where('createdAt', '<', before.getTime());
  const rows = await found.orderBy('createdAt').orderBy('id').limit(limit).execute();
  return rows.map(({ imageStored, createdAt, ...row }) => ({
    ...row,
    imageStored: imageStored === 1,
    createdAt: new Date(createdAt).toISOString(),
  }));
}

/** Deletes those that are there, with their verdicts, and says what they were. */
export async function deleteInspections(db: Transaction<Tables>, ids: readonly string[]): Promise<RemovedInspections> {
  const verdicts = await db
    .deleteFrom('feedback')
    .where('inspection', 'in', [...ids])
    .returning('inspection')
    .execute();
  const rows = await db
    .deleteFrom('inspections')
    .where('id', 'in', [...ids])
    .returning(['id', 'decision', 'createdAt'])
    .execute();
  const decisions = { OK: 0, REVIEW: 0, NG: 0 };
  for (const { decision } of rows) decisions[decision]++;
  const times = rows.map(({ createdAt }) => createdAt);
  const judged = new Set(verdicts.map(({ inspection }) => inspection));
  return {
    inspections: rows.length,
    decisions,
    verdicts: judged.size,
    waiting: rows.filter(({ id, decision }) => decision !== 'OK' && !judged.has(id)).length,
    from: rows.length ? new Date(Math.min(...times)).toISOString() : null,
    to: rows.length ? new Date(Math.max(...times)).toISOString() : null,
  };
}
