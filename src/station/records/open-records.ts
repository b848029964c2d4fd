/** Opening the records: SQLite in the data folder, or the PostgreSQL that a URL names; tables are brought up to date. */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { CamelCasePlugin, type Dialect, Kysely } from 'kysely';
import { FelfriError } from '../../core/errors.ts';
import { makeFolder } from '../../core/files.ts';
import { lockFile } from '../folder/folder-lock.ts';
import { Acknowledged } from './acknowledged.ts';
import { copyOfPostgres, copyOfSqlite } from './copy-before.ts';
import { DatabaseHold, type Holder } from './database-hold.ts';
import { OneServer } from './one-server.ts';
import { type Connecting, postgresDialect } from './postgres.ts';
import type { Records } from './records.ts';
import { SqlRecords } from './sql-records.ts';
import { StationSqliteDialect } from './sqlite/dialect.ts';
import { stepsOf } from './steps.ts';
import type { Tables } from './tables.ts';
import { onTables, type Upgraded, type UpgradeRule, upgrade } from './upgrade.ts';

/** SQLite's file within the data folder. */
export const recordsFile = 'records.sqlite';

/** How long a database may take to answer, and how long a lock that another program holds is waited for. */
const ANSWER_MILLIS = 5000;

/** A migration of a large database may take long. */
function dialectOf(
  place: RecordsPlace,
  name: string,
  purpose: 'migrate' | 'work',
  isHeld: boolean,
  marks: boolean,
  connecting: Connecting,
): Dialect {
  const isBounded = purpose === 'work';
  if ('url' in place) {
    const { url, answerMillis = ANSWER_MILLIS } = place;
    return postgresDialect(url, answerMillis, isBounded ? answerMillis : 0, connecting);
  }
  const { folder, busyMillis = ANSWER_MILLIS } = place;
  const watched = isHeld ? [lockFile(folder)] : [];
  return new StationSqliteDialect({ path: name, busyMillis, purpose: isBounded ? 'open' : 'make', watched, marks });
}

export type RecordsPlace =
  /** SQLite in a data folder; a lock is waited for five seconds unless told. */
  | { readonly folder: string; readonly busyMillis?: number }
  /** PostgreSQL; five seconds are its time to answer unless told. */
  | { readonly url: string; readonly answerMillis?: number };

/** Where the records of a data folder are: `DATABASE_URL` where it is set. */
export function recordsPlace(folder: string, env: NodeJS.ProcessEnv): RecordsPlace {
  const url = env['DATABASE_URL'];
  return url ? { url } : { folder };
}

/** Takes a PostgreSQL database for a station; a file of SQLite belongs to who holds its folder. */
function take(place: RecordsPlace, holder: Holder | undefined, server: OneServer): Promise<DatabaseHold | undefined> {
  if (!holder || !('url' in place)) return Promise.resolve(undefined);
  return DatabaseHold.take(place.url, place.answerMillis ?? ANSWER_MILLIS, holder, server);
}

interface Opening {
  /** Whose they are to be; without one they are looked at or changed beside a station. */
  readonly holder?: Holder;
  /** That SQLite's file is not made where there is none. */
  readonly mustExist?: boolean;
  /** What becomes of records of an older felfri. A station's are copied and upgraded unless told, others refused. */
  readonly upgrade?: UpgradeRule;
  /** Hears of an upgrade that was done. */
  readonly upgraded?: (upgraded: Upgraded) => void;
}

/** Told as they are; of all else that fails, that the records are not there. */
const own = new Set(['DATABASE_IN_USE', 'RECORDS_NEWER', 'RECORDS_OLDER', 'DISK_FULL']);

/**
 * Opens them and brings the tables up to date. Throws DATABASE_IN_USE and RECORDS_NEWER before anything is touched, RECORDS_OLDER, DISK_FULL
 * where there is no room for the copy of before, and RECORDS_UNAVAILABLE.
 */
export async function openRecords(place: RecordsPlace, opening: Opening = {}): Promise<Records> {
  const { holder, mustExist = false, upgrade: rule = holder ? 'with copy' : 'refuse' } = opening;
  const kind = 'url' in place ? 'postgresql' : 'sqlite';
  const name = 'url' in place ? 'the database of DATABASE_URL' : join(place.folder, recordsFile);
  let hold: DatabaseHold | undefined;
  const acknowledged = new Acknowledged();
  const server = new OneServer();
  try {
    if ('folder' in place && mustExist) await access(name);
    else if ('folder' in place) await makeFolder(place.folder);
    const migrating = (): Dialect => dialectOf(place, name, 'migrate', false, false, { acknowledged, server });
    if ('url' in place && holder) await onTables(migrating(), (db) => stepsOf(db, kind, name));
    hold = await take(place, holder, server);
    const copy = (step: string): Promise<string> =>
      'url' in place ? copyOfPostgres(place.url, holder!.folder, step) : copyOfSqlite(name, step);
    const upgraded = await onTables(migrating(), (db) => upgrade(db, { kind, name, rule, copy }));
    if (upgraded) opening.upgraded?.(upgraded);
    const isHeld = holder !== undefined;
    const working = (marks: boolean): Kysely<Tables> =>
      new Kysely<Tables>({
        dialect: dialectOf(place, name, 'work', isHeld, marks, { hold, acknowledged, server }),
        plugins: [new CamelCasePlugin()],
      });
    return new SqlRecords(working(isHeld), { kind, acknowledged }, working(false), async () => hold?.release());
  } catch (cause) {
    await hold?.release();
    if (cause instanceof FelfriError && own.has(cause.code)) throw cause;
    throw new FelfriError(
      'RECORDS_UNAVAILABLE',
      `${name} cannot be opened: ${(cause as Error).message}; check that it is reachable, whole and of this felfri`,
      { cause },
    );
  }
}
