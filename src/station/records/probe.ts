/** Whether an inspection could be recorded now, by doing nearly that. */
import { type Kysely, sql } from 'kysely';
import type { Records } from './records.ts';
import type { Tables } from './tables.ts';

/** Milliseconds by which the clock of the database's server is ahead: at least that, as the answer was on its way. */
export async function clockAhead(db: Kysely<Tables>): Promise<number> {
  const asked = Date.now();
  const { rows } = await sql<{ now: number }>`select extract(epoch from clock_timestamp()) * 1000 as now`.execute(db);
  const [server, answered] = [Math.floor(Number(rows[0]!.now)), Date.now()];
  return server > answered ? server - answered : Math.min(0, server - asked);
}

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
