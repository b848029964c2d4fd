/** An entry of the audit log as a sentence for people; the entry itself stays what counts. */
import type { AuditEntry } from '../contract/audit.ts';
import type { ChainedEntry } from '../records/change.ts';
import type { AuditActionRow } from './action-row.ts';
import { auditActions } from './actions.ts';
import { type Names, quoted } from './words.ts';

const rows: Readonly<Record<string, AuditActionRow<never>>> = auditActions;

function subjectOf({ subject, detail }: ChainedEntry, { about }: AuditActionRow<never>, names: Names): string {
  if (about === 'inspection' || about === 'user') return subject;
  if (about === 'product') return quoted(subject);
  return quoted(names.get(subject) ?? (detail as { name?: string } | null)?.name ?? subject);
}

/** The entry with what its action is about, and its sentence; of an action that is not known, its name and subject. */
export function toldEntry(entry: ChainedEntry, names: Names): AuditEntry {
  const { action, subject, detail } = entry;
  const by = entry.by ?? 'Somebody';
  const row = Object.hasOwn(rows, action) ? rows[action] : undefined;
  if (!row) return { ...entry, about: null, summary: `${by}: ${action}, ${subject}.` };
  // the chain holds it as it was written, by the table that was in force then
  const told = { by, subject: subjectOf(entry, row, names), detail: detail as never, names };
  return { ...entry, about: row.about, summary: row.tell(told) };
}
