/** What SQLite and PostgreSQL say when records cannot be kept now, as felfri's own errors: whoever asked is told to try again. */
import { FelfriError } from '../../core/errors.ts';

/** By the code's beginning: SQLite's names, PostgreSQL's SQLSTATE, and what the network says of a server that is gone. */
type Known = 'DISK_FULL' | 'RECORDS_UNAVAILABLE' | 'REQUEST_INVALID';

const rows: readonly (readonly [code: RegExp, error: Known, what: string])[] = [
  [/^22/, 'REQUEST_INVALID', 'a number or a text is beyond what the records can hold'],
  [/^(SQLITE_FULL|53100)/, 'DISK_FULL', 'no space left for the records; free some and send it again'],
  [/^(SQLITE_BUSY|SQLITE_LOCKED|55P03|40)/, 'RECORDS_UNAVAILABLE', 'another program holds the lock of the records'],
  [/^(SQLITE_READONLY|25006)/, 'RECORDS_UNAVAILABLE', 'the records can be read but not written'],
  [/^(SQLITE_IOERR|SQLITE_CANTOPEN|ENOENT)/, 'RECORDS_UNAVAILABLE', 'the file of the records cannot be reached'],
  [
    /^BESIDE_GONE$/,
    'RECORDS_UNAVAILABLE',
    'records.sqlite was cut short or another written over it, or station.lock, records.sqlite-wal or records.sqlite-shm removed or replaced, beside the running station; nothing more is recorded until it is started again',
  ],
  [/^(SQLITE_CORRUPT|SQLITE_NOTADB|XX001|42P01)/, 'RECORDS_UNAVAILABLE', 'the records are damaged'],
  [/^(57|08|53|ECONN|EPIPE|ETIMEDOUT|EAI_AGAIN)/, 'RECORDS_UNAVAILABLE', 'the database does not answer'],
];

/** What pg says in words alone, without a code. */
const withoutCode =
  /connection terminated|timeout (exceeded|expired)|query read timeout|client (was closed|has encountered a connection error)/i;

/** What SQLite says, with a code for any error, where the file of the records was emptied. */
const tableGone = /^no such table: /;

/** Two records of one number: one that was given up as lost was written after all, and the next takes another number. */
const sameNumber = /(inspections|not_inspected)[._]number/;

/** The error of a database as DISK_FULL, RECORDS_UNAVAILABLE or REQUEST_INVALID; undefined for any other. */
export function recordsError(error: unknown): FelfriError | undefined {
  const { code, message = '' } = error as { code?: unknown; message?: string };
  const known = tableGone.test(message) ? 'SQLITE_CORRUPT' : code;
  const row = rows.find(([pattern]) => typeof known === 'string' && pattern.test(known));
  if (row) {
    const [, named, what] = row;
    const isSaid = named !== 'RECORDS_UNAVAILABLE' || what.endsWith('again');
    return new FelfriError(named, isSaid ? what : `${what}; try again`, { cause: error });
  }
  return withoutCode.test(message) || sameNumber.test(message)
    ? new FelfriError('RECORDS_UNAVAILABLE', 'the database does not answer; try again', { cause: error })
    : undefined;
}
