/**
 * A data folder belongs to one station at a time. The lock is SQLite's on an empty database of its own, held by the process: the system
 * ends it with the process, however that ends, so that no lock is ever left over. It is as good as the locks of the file system; those of
 * some network folders are none.
 */
import { join } from 'node:path';
import Database from 'libsql';
import { FelfriError } from '../../core/errors.ts';
import { makeFolder } from '../../core/files.ts';

/** Which file is locked; who removes it lets another station in. */
export const lockFile = (folder: string): string => join(folder, 'station.lock');

/** Takes the folder, making it where it is not there; gives what gives it back. Throws FOLDER_IN_USE or RECORDS_UNAVAILABLE. */
export async function lockFolder(folder: string): Promise<() => void> {
  let database: Database.Database | undefined;
  try {
    await makeFolder(folder);
    const own = new Database(lockFile(folder));
    database = own;
    own.pragma('busy_timeout = 0');
    own.exec('begin exclusive');
    return () => {
      // closed within a transaction, libsql would hold the lock until its statements are collected
      own.exec('rollback');
      own.close();
    };
  } catch (cause) {
    database?.close();
    const { code, message } = cause as { code?: string; message: string };
    if (code?.startsWith('SQLITE_BUSY') || code?.startsWith('SQLITE_LOCKED')) {
      throw new FelfriError(
        'FOLDER_IN_USE',
        `another station works on ${folder}; stop that one, or give this one a folder of its own by --data`,
        { subject: folder, cause },
      );
    }
    throw new FelfriError('RECORDS_UNAVAILABLE', `${folder} cannot be used as the data folder: ${message}`, {
      subject: folder,
      cause,
    });
  }
}
