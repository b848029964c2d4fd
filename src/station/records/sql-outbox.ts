/** The outbox as a table, in queries that both databases understand. */
import type { Kysely, SelectQueryBuilder, Transaction } from 'kysely';
import type { NewInspection, NewNotInspected } from './new-records.ts';
import type { Outbox, OutboxCounts, Outcome, OutgoingPart, WaitingParts } from './outbox.ts';
import { sortedOut } from './outbox-comparison.ts';
import type { Tables } from './tables.ts';

/** Rows that are removed at a time. */
const BATCH = 1000;

/** The next sequence number. Its row stays locked until the commit, so that numbers are in the order of commits. */
async function nextSequence(db: Transaction<Tables>): Promise<number> {
  const { last } = await db
    .updateTable('outboxCounter')
    .set((eb) => ({ last: eb('last', '+', 1) }))
    .where('id', '=', 1)
    .returning('last')
    .executeTakeFirstOrThrow();
  return last;
}

export class SqlOutbox implements Outbox {
  readonly #db: Kysely<Tables>;
  readonly #listeners = new Set<() => void>();
  #outputs: readonly string[] = [];

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  sendTo(outputs: readonly string[]): void {
    this.#outputs = outputs;
  }

  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Records a part by `insert`, which says whether it did, and in the same transaction that it is to go out, where it is. */
  async recording(
    record: NewInspection | NewNotInspected,
    insert: (db: Kysely<Tables>) => Promise<boolean>,
    goesOut = true,
  ): Promise<boolean> {
    const outputs = goesOut ? this.#outputs : [];
    if (outputs.length === 0) return insert(this.#db);
    const added = await this.#db.transaction().execute(async (db) => {
      if (!(await insert(db))) return false;
      const sequence = await nextSequence(db);
      const row = { sequence, record: JSON.stringify(record), outcome: null, settledAt: null, createdAt: Date.now() };
      await db
        .insertInto('outbox')
        .values(outputs.map((output) => ({ ...row, output })))
        .execute();
      return true;
    });
    if (added) for (const listener of this.#listeners) listener();
    return added;
  }

  #select(output: string, limit: number) {
    const rows = this.#db.selectFrom('outbox').select(['sequence', 'record']).where('output', '=', output);
    return rows.orderBy('sequence').limit(limit);
  }

  async waiting(output: string, limit: number, above = 0): Promise<WaitingParts> {
    const rows = this.#select(output, limit).where('sequence', '>', above).where('outcome', 'is', null);
    return sortedOut(this.#db, await rows.execute());
  }

  async after(output: string, sequence: number, limit: number): Promise<OutgoingPart[]> {
    const rows = await this.#select(output, limit).where('sequence', '>', sequence).execute();
    return (await sortedOut(this.#db, rows)).parts;
  }

  async settle(output: string, sequences: readonly number[], outcome: Outcome, at: Date): Promise<void> {
    await this.#db
      .updateTable('outbox')
      .set({ outcome, settledAt: at.getTime() })
      .where('output', '=', output)
      .where('sequence', 'in', [...sequences])
      .where('outcome', 'is', null)
      .execute();
  }

  async backlog(output: string): Promise<number> {
    const rows = this.#db.selectFrom('outbox').select((eb) => eb.fn.countAll().as('parts'));
    const { parts } = await rows.where('output', '=', output).where('outcome', 'is', null).executeTakeFirstOrThrow();
    return Number(parts);
  }

  async counts(output: string): Promise<OutboxCounts> {
    const rows = await this.#db
      .selectFrom('outbox')
      .select((eb) => ['outcome', eb.fn.countAll().as('parts')])
      .where('output', '=', output)
      .groupBy('outcome')
      .execute();
    const of = (outcome: Outcome | null): number => Number(rows.find((row) => row.outcome === outcome)?.parts ?? 0);
    return { waiting: of(null), delivered: of('delivered'), expired: of('expired'), 'given up': of('given up') };
  }

  async giveUp(output: string, most: number, at: Date): Promise<number> {
    const waiting = this.#db.selectFrom('outbox').where('output', '=', output).where('outcome', 'is', null);
    const newest = await waiting
      .select('sequence')
      .orderBy('sequence', 'desc')
      .offset(most)
      .limit(1)
      .executeTakeFirst();
    if (!newest) return 0;
    const { numUpdatedRows } = await this.#db
      .updateTable('outbox')
      .set({ outcome: 'given up', settledAt: at.getTime() })
      .where('output', '=', output)
      .where('outcome', 'is', null)
      .where('sequence', '<=', newest.sequence)
      .executeTakeFirst();
    return Number(numUpdatedRows);
  }

  async removeSettled(before: Date): Promise<void> {
    const time = before.getTime();
    const rows = this.#db.selectFrom('outbox').select(['output', 'sequence']).limit(BATCH);
    await this.#remove(rows.where('settledAt', '<', time).orderBy('settledAt'));
    const known = await this.#db.selectFrom('outbox').select('output').distinct().execute();
    for (const { output } of known)
      if (!this.#outputs.includes(output))
        await this.#remove(rows.where('output', '=', output).where('createdAt', '<', time));
  }

  /** As many at a time as the query gives: who records a part meanwhile waits for a batch, not for all. */
  async #remove(rows: SelectQueryBuilder<Tables, 'outbox', Pick<Tables['outbox'], 'output' | 'sequence'>>) {
    for (let removed = BATCH; removed === BATCH; ) {
      const found = this.#db
        .deleteFrom('outbox')
        .where(({ eb, refTuple }) => eb(refTuple('output', 'sequence'), 'in', rows.$asTuple('output', 'sequence')));
      removed = Number((await found.executeTakeFirst()).numDeletedRows);
    }
  }
}
