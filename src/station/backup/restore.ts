/** A station from a backup: into an empty folder, and only once every byte and every record was found whole. */
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { FelfriError } from '../../core/errors.ts';
import { isThere, makeFolder, syncFolder, syncTree } from '../../core/files.ts';
import { systemError } from '../../core/system-errors.ts';
import { lockFile, lockFolder } from '../folder/folder-lock.ts';
import type { Change } from '../records/change.ts';
import { openRecords, type RecordsPlace, recordsFile } from '../records/open-records.ts';
import { load } from '../records/postgres-tools.ts';
import type { RecordCounts } from '../records/records.ts';
import { type Damage, examine } from '../repair/examine.ts';
import { type Place, type ReadBackup, readArchive } from './archive-reader.ts';
import { dataPrefix, dumpEntry, refusedArchive } from './contents.ts';
import { provenCounts, requireEmptyDatabase } from './records-copy.ts';

export interface RestoreResult {
  readonly madeAt: string;
  readonly felfri: string;
  /** Of the archive. */
  readonly sha256: string;
  readonly files: number;
  readonly counts: RecordCounts;
  readonly missingPictures: number;
  /** What was damaged in the station that the backup is of. */
  readonly damaged: readonly Damage[];
}

/** Within the folder, until all is whole. */
const unpackedIn = (folder: string): string => join(folder, 'restoring');

async function requireEmpty(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw systemError(error, folder) ?? error;
  });
  // what the system puts on a new disk
  const [first] = names.filter((name) => name !== 'lost+found');
  if (first === undefined) return;
  throw new FelfriError(
    'OUTPUT_EXISTS',
    `${folder} is not empty (${first}); a backup is restored into an empty folder: give another, or move away what lies there`,
    { subject: folder },
  );
}

/** Throws OPTION_INVALID where the records are for another kind of database than is named. */
async function requireKind(file: string, kind: ReadBackup['head']['records'], place: RecordsPlace): Promise<void> {
  if ('url' in place === (kind === 'postgresql')) return;
  const why =
    kind === 'postgresql'
      ? 'its records are of PostgreSQL: name an empty database by DATABASE_URL'
      : 'its records are of SQLite: unset DATABASE_URL';
  throw new FelfriError('OPTION_INVALID', `${file}: ${why}`, { subject: 'DATABASE_URL' });
}

/** Puts files below `data/` into a folder, and the dump beside them. */
function placing(folder: string, dump: string): Place {
  return async (name, chunks) => {
    const path = name === dumpEntry ? dump : join(folder, name.slice(dataPrefix.length));
    await mkdir(dirname(path), { recursive: true });
    await pipeline(chunks, createWriteStream(path, { flags: 'wx', mode: 0o600 })).catch((error: unknown) => {
      throw systemError(error, path) ?? error;
    });
  };
}

const sameCounts = (a: RecordCounts, b: RecordCounts): boolean => {
  const text = ({ audit, inspections, notInspected, feedback, recipes, users }: RecordCounts): string =>
    [inspections, notInspected, feedback, recipes, users, audit.entries, audit.head].join();
  return text(a) === text(b);
};

/** Compares the records with what the archive says of them, looks at all else as a station does, and notes that it was restored. */
async function prove(
  file: string,
  { head, list, sha256 }: ReadBackup,
  unpacked: string,
  { place, change }: { place: RecordsPlace; change: Change },
): Promise<RestoreResult> {
  // the archive is the copy of before
  const records = await openRecords(place, { mustExist: true, upgrade: 'without copy' });
  try {
    const counts = await provenCounts(records, list.counts);
    if (!sameCounts(counts, list.counts)) throw refusedArchive(file, 'its records are others than it says');
    const damaged = (await examine(unpacked, await records.recipes())).map((damage) => ({
      ...damage,
      why: damage.why.replaceAll(join(unpacked, '/'), ''),
    }));
    await records.audited(change, async () => [
      undefined,
      { action: 'station.restored', subject: 'station', detail: { madeAt: head.madeAt, archive: sha256 } },
    ]);
    const { madeAt, felfri } = head;
    const files = Object.keys(list.files).length;
    return { madeAt, felfri, sha256, files, counts, missingPictures: list.missingPictures, damaged };
  } finally {
    await records.close();
  }
}

/** Every name to its place; the records last, without which no station starts there. */
async function settle(unpacked: string, folder: string): Promise<void> {
  await syncTree(unpacked);
  const names = (await readdir(unpacked)).sort((a, b) => Number(a === recordsFile) - Number(b === recordsFile));
  for (const name of names) await rename(join(unpacked, name), join(folder, name));
  await rm(unpacked, { recursive: true });
  await syncFolder(folder);
}

/**
 * Throws OUTPUT_EXISTS where the folder or the database is not empty, BACKUP_INVALID, AUDIT_BROKEN and RECORDS_ALTERED; then the folder is as
 * it was.
 */
export async function restore(
  file: string,
  folder: string,
  place: RecordsPlace,
  change: Change,
): Promise<RestoreResult> {
  await requireEmpty(folder);
  const wasThere = await isThere(folder);
  const unpacked = unpackedIn(folder);
  const dump = join(folder, `${dumpEntry}.restoring`);
  // what is no backup is refused before anything is written
  await requireKind(file, (await readArchive(file)).head.records, place);
  if ('url' in place) await requireEmptyDatabase(place.url);
  await makeFolder(unpacked);
  const release = await lockFolder(folder);
  try {
    const archive = await readArchive(file, placing(unpacked, dump));
    if ('url' in place) await load(place.url, dump);
    const result = await prove(file, archive, unpacked, {
      place: 'url' in place ? place : { folder: unpacked },
      change,
    });
    await rm(dump, { force: true });
    await settle(unpacked, folder);
    release();
    return result;
  } catch (error) {
    release();
    for (const path of [unpacked, dump, lockFile(folder)]) await rm(path, { recursive: true, force: true });
    if (!wasThere) await rm(folder, { recursive: true, force: true });
    throw error;
  }
}
