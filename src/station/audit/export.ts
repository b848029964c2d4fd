/** The audit log given away: every form that it takes is a row here. */
import { csvLine, withoutFormula } from '../../core/csv.ts';
import type { AuditEntry, AuditFormat } from '../contract/audit.ts';
import type { AuditSearch } from '../records/audit-search.ts';
import type { Records } from '../records/records.ts';
import { toldEntry } from './summary.ts';
import type { Names } from './words.ts';

interface Form {
  readonly mediaType: string;
  /** Stands before the first entry. */
  readonly head: string;
  readonly line: (entry: AuditEntry) => string;
}

const columns = ['number', 'at', 'by', 'action', 'subject', 'summary', 'detail', 'hash'] as const;

const cellOf = (entry: AuditEntry, column: (typeof columns)[number]): string | number => {
  const value = column === 'detail' ? JSON.stringify(entry.detail) : (entry[column] ?? '');
  return typeof value === 'string' ? withoutFormula(value) : value;
};

export const auditForms: Readonly<Record<AuditFormat, Form>> = {
  csv: {
    mediaType: 'text/csv; charset=utf-8',
    head: `${csvLine(columns)}\r\n`,
    line: (entry) => `${csvLine(columns.map((column) => cellOf(entry, column)))}\r\n`,
  },
  ndjson: { mediaType: 'application/x-ndjson', head: '', line: (entry) => `${JSON.stringify(entry)}\n` },
};

/** The file in pieces, oldest entry first. */
export async function* exportedAudit(
  records: Pick<Records, 'allAuditEntries'>,
  { format, search, names }: { readonly format: AuditFormat; readonly search: AuditSearch; readonly names: Names },
): AsyncGenerator<string> {
  const { head, line } = auditForms[format];
  if (head) yield head;
  for await (const entry of records.allAuditEntries(search)) yield line(toldEntry(entry, names));
}
