/** Whether an inspection could be recorded now, by doing nearly that. */
import { type Kysely, sql } from 'kysely';
import type { Records } from './records.ts';
import type { Tables } from './tables.ts';

/** Takes the locks that an inspection takes, and keeps a line of its own as an inspection is kept. Throws what the database throws. */
export function probe(db: Kysely<Tables>, kind: Records['kind'], at: Date): Promise<void> {
  return db.transaction().execute(async (transaction) => {
    // SQLite's one lock was taken when the transaction began
    if (kind === 'postgresql') await sql`lock table inspections in row exclusive mode`.execute(transaction);
    const checkedAt = at.getTime();
    await transaction
      .insertInto('probe')
      .values({ id: 1, checkedAt })
      .onConflict((c) => c.column('id').doUpdateSet({ checkedAt }))
      .execute();
  });
}
