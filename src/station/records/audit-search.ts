/** Entries of the audit log looked for, as queries that both databases understand. */
import type { Kysely } from 'kysely';
import type { AuditFilter, AuditQuery } from '../contract/audit.ts';
import { auditEntryOf } from './audit-chain.ts';
import type { ChainedEntry } from './change.ts';
import type { Tables } from './tables.ts';

/** Rows that are read at a time. */
const BATCH = 500;

/** What fits all that is given; `actions` are those that `about` stands for. */
export interface AuditSearch extends Omit<AuditFilter, 'about'> {
  readonly actions?: readonly string[];
}

export type AuditPage = AuditSearch & Pick<AuditQuery, 'limit' | 'before'>;

function filtered(db: Kysely<Tables>, { action, actions, subject, by, from, to }: AuditSearch) {
  let found = db.selectFrom('audit').selectAll();
  if (action !== undefined) found = found.where('action', '=', action);
  if (actions) found = found.where('action', 'in', actions);
  if (subject !== undefined) found = found.where('subject', '=', subject);
  if (by !== undefined) found = found.where('madeBy', '=', by);
  if (from !== undefined) found = found.where('at', '>=', Date.parse(from));
  return to === undefined ? found : found.where('at', '<=', Date.parse(to));
}

/** Newest first. */
export async function findAuditEntries(db: Kysely<Tables>, page: AuditPage): Promise<ChainedEntry[]> {
  const { limit = 50, before } = page;
  let found = filtered(db, page).orderBy('number', 'desc').limit(limit);
  if (before !== undefined) found = found.where('number', '<', before);
  return (await found.execute()).map(auditEntryOf);
}

/** Oldest first, all of them, however many; as far as the log goes when it is asked for the last time. */
export async function* allAuditEntries(db: Kysely<Tables>, search: AuditSearch): AsyncGenerator<ChainedEntry> {
  let last = 0;
  for (;;) {
    const rows = await filtered(db, search).where('number', '>', last).orderBy('number').limit(BATCH).execute();
    for (const row of rows) {
      last = row.number;
      yield auditEntryOf(row);
    }
    if (rows.length < BATCH) return;
  }
}
