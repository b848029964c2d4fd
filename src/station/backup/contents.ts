/** What a backup's archive is: a tar file whose first entry says so, and whose last two say what every other must be. */
import { FelfriError } from '../../core/errors.ts';
import { type Static, Type } from '../../core/schema.ts';

export const BACKUP_SCHEMA = 1;

/** The first entry: JSON that tells a backup from any other archive. */
export const headEntry = 'felfri-backup.json';
/** The last but one: every file with its size and SHA-256, and how much the records hold. */
export const listEntry = 'felfri-backup-files.json';
/** The last: SHA-256 of the one before, as text. */
export const sealEntry = 'felfri-backup-files.sha256';
/** Below it lies the data folder as it will be. */
export const dataPrefix = 'data/';
/** What pg_dump wrote, where the records lie in PostgreSQL. */
export const dumpEntry = 'records.pgdump';

export const BackupHead = Type.Object({
  format: Type.Literal('felfri station backup'),
  schema: Type.Integer({ minimum: 1 }),
  felfri: Type.String(),
  madeAt: Type.String(),
  records: Type.Union([Type.Literal('sqlite'), Type.Literal('postgresql')]),
});
export type BackupHead = Static<typeof BackupHead>;

const Count = Type.Integer({ minimum: 0 });

const BackupCounts = Type.Object({
  inspections: Count,
  notInspected: Count,
  feedback: Count,
  recipes: Count,
  users: Count,
  audit: Type.Object({ entries: Count, head: Type.String({ pattern: '^[0-9a-f]{64}$' }) }),
});

export const BackupList = Type.Object({
  counts: BackupCounts,
  /** Pictures that records say are kept, and that were not there. */
  missingPictures: Count,
  files: Type.Record(Type.String(), Type.Object({ bytes: Count, sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }) })),
});
export type BackupList = Static<typeof BackupList>;

export const refusedArchive = (path: string, why: string, cause?: unknown): FelfriError =>
  new FelfriError('BACKUP_INVALID', `${path}: ${why}; nothing was restored`, { subject: path, cause });

/** Characters that some system reads as another path, or that no file of a station has. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const ODD = /[\\:\u0000-\u001f\u007f]/;

/** Whether a name lies below the folder that it is joined to, on every system. */
export const isWithin = (name: string): boolean =>
  !ODD.test(name) && name.split('/').every((step) => step !== '' && step !== '.' && step !== '..');
