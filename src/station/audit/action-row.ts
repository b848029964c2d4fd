/** A row of the table of audit actions. */
import type { AuditSubject } from '../contract/audit.ts';
import type { Names } from './words.ts';

interface Told<Detail> {
  /** Who did it. */
  readonly by: string;
  /** Its subject: an inspection by its id, a user by name, all else in quotes. */
  readonly subject: string;
  readonly detail: Detail;
  readonly names: Names;
}

export interface AuditActionRow<Detail> {
  /** For the documents: when it is written. */
  readonly means: string;
  readonly about: AuditSubject;
  /** One to two sentences in English. */
  readonly tell: (told: Told<Detail>) => string;
}
