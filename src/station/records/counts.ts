/** How much the records hold, and where the audit log ends, as one look sees it: by this a copy is compared with what it was taken of. */
import type { Kysely } from 'kysely';
import { findAuditState } from './audit-verification.ts';
import type { RecordCounts } from './records.ts';
import type { Tables } from './tables.ts';

/** The tables that are counted. */
const countedTables = ['inspections', 'notInspected', 'feedback', 'recipes', 'users'] as const;

export async function countRecords(db: Kysely<Tables>): Promise<RecordCounts> {
  const counts = { inspections: 0, notInspected: 0, feedback: 0, recipes: 0, users: 0 };
  for (const table of countedTables) {
    const { all } = await db
      .selectFrom(table)
      .select((eb) => eb.fn.countAll().as('all'))
      .executeTakeFirstOrThrow();
    counts[table] = Number(all);
  }
  return { ...counts, audit: await findAuditState(db) };
}
