/** What SQLite and PostgreSQL say when records cannot be kept now, as felfri's own errors: whoever asked is told to try again. */
import { FelfriError } from '../../core/errors.ts';

/** By the code's beginning: SQLite's names, PostgreSQL's SQLSTATE, and what the network says of a server that is gone. */
const rows: readonly (readonly [code: RegExp, error: 'DISK_FULL' | 'RECORDS_UNAVAILABLE', what: string])[] = [
  [/^(SQLITE_FULL|53100)/, 'DISK_FULL', 'no space left for the records; free some and send it again'],
  [/^(SQLITE_BUSY|SQLITE_LOCKED|55P03|40)/, 'RECORDS_UNAVAILABLE', 'another program holds the lock of the records'],
  [/^(SQLITE_READONLY|25006)/, 'RECORDS_UNAVAILABLE', 'the records can be read but not written'],
  [/^(SQLITE_IOERR|SQLITE_CANTOPEN|ENOENT)/, 'RECORDS_UNAVAILABLE', 'the file of the records cannot be reached'],
  [/^(SQLITE_CORRUPT|SQLITE_NOTADB|XX001)/, 'RECORDS_UNAVAILABLE', 'the records are damaged'],
  [/^(57|08|53|ECONN|EPIPE|ETIMEDOUT|EAI_AGAIN)/, 'RECORDS_UNAVAILABLE', 'the database does not answer'],
];

/** What pg says in words alone, without a code. */
const withoutCode =
  /connection terminated|timeout exceeded|query read timeout|client has encountered a connection error/i;

/** The error of a database as DISK_FULL or RECORDS_UNAVAILABLE; undefined for any other. */
export function recordsError(error: unknown): FelfriError | undefined {
  const { code, message = '' } = error as { code?: unknown; message?: string };
  const row = rows.find(([pattern]) => typeof code === 'string' && pattern.test(code));
  if (row) {
    const [, known, what] = row;
    return new FelfriError(known, known === 'DISK_FULL' ? what : `${what}; try again`, { cause: error });
  }
  return withoutCode.test(message)
    ? new FelfriError('RECORDS_UNAVAILABLE', 'the database does not answer; try again', { cause: error })
    : undefined;
}
