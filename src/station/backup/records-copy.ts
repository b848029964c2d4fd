/** A copy of the records as of one moment, while a station goes on writing; and the proof that records are whole. */
import { constants, copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CamelCasePlugin, Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { FelfriError } from '../../core/errors.ts';
import { countRecords } from '../records/counts.ts';
import { openRecords, type RecordsPlace, recordsFile } from '../records/open-records.ts';
import { dump } from '../records/postgres-tools.ts';
import type { KeptPictures, RecordCounts, Records } from '../records/records.ts';
import { vacuumInto } from '../records/sqlite/vacuum-into.ts';
import type { Tables } from '../records/tables.ts';
import { dataPrefix, dumpEntry } from './contents.ts';

export interface RecordsCopy {
  /** A file with the copy, and its name in the archive. */
  readonly file: string;
  readonly entry: string;
  readonly counts: RecordCounts;
  /** Inspections whose pictures are to be there. */
  readonly kept: readonly KeptPictures[];
  readonly recipes: readonly string[];
}

/** Follows the audit log and the seals of every record. Throws AUDIT_BROKEN and RECORDS_ALTERED. */
export async function provenCounts(records: Records, expected?: RecordCounts): Promise<RecordCounts> {
  const noted = expected ? [expected.audit] : [];
  await records.verifyAudit(noted);
  await records.verifyRecords();
  return records.counts();
}

const listed = async (records: Records): Promise<Pick<RecordsCopy, 'kept' | 'recipes'>> => ({
  kept: await records.keptPictures(null, Math.max(1, await records.countInspections())),
  recipes: (await records.recipes()).map(({ id }) => id),
});

async function copySqlite(folder: string, work: string): Promise<RecordsCopy> {
  const file = join(work, recordsFile);
  vacuumInto(join(folder, recordsFile), file);
  // looked at as another file, since opening brings tables up to date
  const look = join(work, 'look');
  await mkdir(look);
  await copyFile(file, join(look, recordsFile), constants.COPYFILE_FICLONE);
  const records = await openRecords({ folder: look }, { mustExist: true, upgrade: 'without copy' });
  try {
    const counts = await provenCounts(records);
    return { file, entry: `${dataPrefix}${recordsFile}`, counts, ...(await listed(records)) };
  } finally {
    await records.close();
  }
}

async function copyPostgres(url: string, work: string): Promise<RecordsCopy> {
  const file = join(work, dumpEntry);
  const records = await openRecords({ url }, { mustExist: true });
  const db = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: url, max: 1 }) }),
    plugins: [new CamelCasePlugin()],
  });
  try {
    await provenCounts(records);
    // counted by the snapshot that is dumped
    const { counts, kept } = await db
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute(async (snapshot) => {
        const { rows } = await sql<{ id: string }>`select pg_export_snapshot() as id`.execute(snapshot);
        const found = await countRecords(snapshot);
        const pictures = await listed(records);
        await dump(url, file, rows[0]!.id);
        return { counts: found, kept: pictures };
      });
    return { file, entry: dumpEntry, counts, ...kept };
  } finally {
    await db.destroy();
    await records.close();
  }
}

/** Throws AUDIT_BROKEN and RECORDS_ALTERED where they are not whole, and RECORDS_UNAVAILABLE. */
export const copyRecords = (place: RecordsPlace, work: string): Promise<RecordsCopy> =>
  'url' in place ? copyPostgres(place.url, work) : copySqlite(place.folder, work);

/** Throws OUTPUT_EXISTS where the database has a station's tables. */
export async function requireEmptyDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    const { rows } = await client.query<{ there: boolean }>("select to_regclass('audit') is not null as there");
    if (!rows[0]!.there) return;
  } catch (cause) {
    const why = `the database of DATABASE_URL cannot be reached: ${(cause as Error).message}`;
    throw new FelfriError('RECORDS_UNAVAILABLE', why, { subject: 'DATABASE_URL', cause });
  } finally {
    await client.end().catch(() => undefined);
  }
  throw new FelfriError('OUTPUT_EXISTS', 'the database of DATABASE_URL has records; restore into an empty one', {
    subject: 'DATABASE_URL',
  });
}
