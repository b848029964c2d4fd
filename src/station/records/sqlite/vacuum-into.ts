/** SQLite's own copy of a file. */
import Database from 'libsql';
import { FelfriError } from '../../../core/errors.ts';

const BUSY_MILLIS = 5000;

/** Of what is committed, within one read of it: writers go on meanwhile. Throws RECORDS_UNAVAILABLE. */
export function vacuumInto(from: string, to: string): void {
  let database: Database.Database | undefined;
  try {
    database = new Database(from, { fileMustExist: true } as object);
    database.pragma(`busy_timeout = ${BUSY_MILLIS}`);
    database.prepare('vacuum into ?').run(to);
  } catch (cause) {
    throw new FelfriError('RECORDS_UNAVAILABLE', `${from} cannot be copied: ${(cause as Error).message}`, {
      subject: from,
      cause,
    });
  } finally {
    database?.close();
  }
}
