/** A copy of the records before an upgrade changes them: the way back. */
import { open, rename, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import Database from 'libsql';
import { FelfriError } from '../../core/errors.ts';
import { syncFolder } from '../../core/files.ts';
import { diskFull, systemError } from '../../core/system-errors.ts';
import { dump } from './postgres-tools.ts';
import { vacuumInto } from './sqlite/vacuum-into.ts';

/** What a copy is called: `records.sqlite.step-0015` has the records as they were at that step. Backups leave such files out. */
const copyName = (file: 'records.sqlite' | 'records.pgdump', step: string): string =>
  `${file}.step-${step.slice(0, 4)}`;

/** How many rows each table has. Throws where the file does not hold together. */
function countsIn(path: string): string {
  const db = new Database(path, { readonly: true });
  try {
    const [{ quick_check: found }] = db.prepare('pragma quick_check').all() as [{ quick_check: string }];
    if (found !== 'ok') throw new Error(found);
    const tables = db.prepare(`select name from sqlite_master where type = 'table' order by name`).all();
    const count = (name: string): number =>
      (db.prepare(`select count(*) as n from "${name}"`).get() as { n: number }).n;
    return (tables as { name: string }[]).map(({ name }) => `${name} ${count(name)}`).join();
  } finally {
    db.close();
  }
}

const wayOut =
  'free some, or make a backup elsewhere by the felfri that was used before and start once with --upgrade-without-copy';

async function requireRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize > bytes) return;
  throw new FelfriError(
    'DISK_FULL',
    `the records are to be upgraded, and there is no room for the copy of before that is made first: it takes ${Math.ceil(bytes / 1e6)} MB in ${folder}; ${wayOut}`,
    { subject: folder },
  );
}

/** Writes under another name until all is on the disk, so that what has the copy's name is whole. */
async function whole(path: string, write: (unfinished: string) => void | Promise<void>): Promise<string> {
  const unfinished = `${path}.tmp`;
  await rm(unfinished, { force: true });
  try {
    await write(unfinished);
    const file = await open(unfinished, 'r+');
    await file.chmod(0o600);
    await file.sync();
    await file.close();
    await rename(unfinished, path);
    await syncFolder(dirname(path));
    return path;
  } catch (error) {
    await rm(unfinished, { force: true });
    throw diskFull(path, error) ?? systemError(error, path) ?? error;
  }
}

/** Of SQLite's file, compared with it; gives where it is. Throws DISK_FULL, RECORDS_UNAVAILABLE. */
export async function copyOfSqlite(file: string, step: string): Promise<string> {
  const path = join(dirname(file), copyName('records.sqlite', step));
  const { size } = await stat(file);
  await requireRoom(dirname(file), size);
  return whole(path, (unfinished) => {
    vacuumInto(file, unfinished);
    if (countsIn(unfinished) !== countsIn(file))
      throw new FelfriError('RECORDS_UNAVAILABLE', `the copy of ${file} is not what was copied; nothing was changed`);
  });
}

/** Of a PostgreSQL database, by pg_dump, into a folder. Throws RECORDS_UNAVAILABLE where there is none. */
export async function copyOfPostgres(url: string, folder: string, step: string): Promise<string> {
  const path = join(folder, copyName('records.pgdump', step));
  return whole(path, (unfinished) => dump(url, unfinished)).catch((cause: unknown) => {
    if (!(cause instanceof FelfriError) || cause.code === 'DISK_FULL') throw cause;
    throw new FelfriError(
      'RECORDS_UNAVAILABLE',
      `the records are to be upgraded, and the copy of before that is made first failed: ${cause.message}; or make a backup by other means and start once with --upgrade-without-copy`,
      { subject: cause.subject ?? 'DATABASE_URL', cause },
    );
  });
}
