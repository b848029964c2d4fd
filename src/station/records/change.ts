/** A change of what is on record, and the entry of the audit log that tells of it. */
import type { AuditEntry } from '../contract/audit.ts';

/** Who asks for a change, and when it is made. */
export interface Change {
  readonly by: string | null;
  readonly note?: string | null;
  readonly at: Date;
}

/** An entry as it is kept. */
export type ChainedEntry = Omit<AuditEntry, 'about' | 'summary'>;
