/** A change and its entry in the audit log in one transaction: both or neither. */
import { type Kysely, sql, type Transaction } from 'kysely';
import type { AuditedAction } from '../audit/details.ts';
import type { Acknowledged } from './acknowledged.ts';
import { appendEntry } from './audit-chain.ts';
import type { Change } from './change.ts';
import type { Records } from './records.ts';
import type { Tables } from './tables.ts';

/** Any number that nothing else in the database locks: its holders make changes and append to the audit log one after another. */
const AUDIT_LOCK = 7_350_001;

/** Of a database: what audited changes need beside it. */
export interface AboutRecords {
  readonly kind: Records['kind'];
  readonly acknowledged: Acknowledged;
}

/** SQLite's transactions take the lock of the writer when they begin, also against `felfri user`, which is another process. */
export async function audited<T>(
  db: Kysely<Tables>,
  { kind, acknowledged }: AboutRecords,
  change: Change,
  work: (transaction: Transaction<Tables>) => Promise<[T, AuditedAction]>,
): Promise<T> {
  const { result, number } = await db.transaction().execute(async (transaction) => {
    if (kind === 'postgresql') await sql`select pg_advisory_xact_lock(${AUDIT_LOCK})`.execute(transaction);
    const [result, did] = await work(transaction);
    return { result, number: await appendEntry(transaction, did, change) };
  });
  acknowledged.raise('audit', number);
  return result;
}
