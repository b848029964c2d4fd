/** The audit log as a chain: each entry's hash covers the entry and the hash before it, so that none can be altered unseen. */
import type { Transaction } from 'kysely';
import { FelfriError } from '../../core/errors.ts';
import { sha256 } from '../../core/files.ts';
import type { AuditedAction } from '../audit/details.ts';
import type { ChainedEntry, Change } from './change.ts';
import type { AuditRow, Tables } from './tables.ts';

/** Stands before the first entry. */
export const noHash = '0'.repeat(64);

/** SHA-256 of the entry's fields as a JSON array in this order; `detail` is the very text that is stored. */
function hashOf({ number, at, madeBy, action, subject, detail, previous }: Omit<AuditRow, 'hash'>): string {
  return sha256(JSON.stringify([number, at, madeBy, action, subject, detail, previous]));
}

/** Adds an entry within a transaction, and gives its number; the caller sees to it that two are not added at once. */
export async function appendEntry(db: Transaction<Tables>, did: AuditedAction, change: Change): Promise<number> {
  const last = await db
    .selectFrom('audit')
    .select(['number', 'hash'])
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  const row = {
    number: (last?.number ?? 0) + 1,
    at: change.at.getTime(),
    madeBy: change.by,
    action: did.action,
    subject: did.subject,
    detail: JSON.stringify(did.detail),
    previous: last?.hash ?? noHash,
  };
  await db
    .insertInto('audit')
    .values({ ...row, hash: hashOf(row) })
    .execute();
  return row.number;
}

export function auditEntryOf({ at, madeBy, detail, ...row }: AuditRow): ChainedEntry {
  return { ...row, at: new Date(at).toISOString(), by: madeBy, detail: JSON.parse(detail) as unknown };
}

/** Throws AUDIT_BROKEN unless the row follows on the one before it. */
export function requireNext(row: AuditRow, before: { readonly number: number; readonly hash: string }): void {
  const broken =
    row.number !== before.number + 1
      ? `entry ${before.number + 1} is missing`
      : row.previous !== before.hash
        ? `entry ${row.number} does not follow on entry ${before.number}`
        : row.hash !== hashOf(row)
          ? `entry ${row.number} is not what was written`
          : undefined;
  if (broken === undefined) return;
  throw new FelfriError(
    'AUDIT_BROKEN',
    `${broken}: someone altered the audit log, or its storage is damaged; compare with a backup`,
    { subject: String(row.number) },
  );
}
