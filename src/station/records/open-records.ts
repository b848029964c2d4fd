/** Opening the records: SQLite in the data folder, or the PostgreSQL that a URL names; tables are brought up to date. */
import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CamelCasePlugin, type Dialect, Kysely, Migrator, PostgresDialect } from 'kysely';
import pg from 'pg';
import { FelfriError } from '../../core/errors.ts';
import { migrations } from './migrations.ts';
import type { Records } from './records.ts';
import { SqlRecords } from './sql-records.ts';
import { StationSqliteDialect } from './sqlite/dialect.ts';
import type { Tables } from './tables.ts';

/** SQLite's file within the data folder. */
const file = 'records.sqlite';

/** How long a database may take to answer, and how long a lock that another program holds is waited for. */
const ANSWER_MILLIS = 5000;

function openPostgres(url: string): Dialect {
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    connectionTimeoutMillis: ANSWER_MILLIS,
    // the server gives up first, so that what was asked is not carried out later; the client, where the server is gone
    statement_timeout: ANSWER_MILLIS,
    lock_timeout: ANSWER_MILLIS,
    query_timeout: 2 * ANSWER_MILLIS,
    idle_in_transaction_session_timeout: 60_000,
    keepAlive: true,
  });
  // a connection that breaks is replaced at the next query; unheard, its error would end the process, idle or in use
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return new PostgresDialect({ pool });
}

export type RecordsPlace =
  /** SQLite in a data folder; a lock is waited for five seconds unless told. */
  { readonly folder: string; readonly busyMillis?: number } | { readonly url: string };

/** Where the records of a data folder are: `DATABASE_URL` where it is set. */
export function recordsPlace(folder: string, env: NodeJS.ProcessEnv): RecordsPlace {
  const url = env['DATABASE_URL'];
  return url ? { url } : { folder };
}

/** Opens them and brings the tables up to date; SQLite's file is made unless `existing` is asked for. Throws RECORDS_UNAVAILABLE. */
export async function openRecords(place: RecordsPlace, which: 'existing' | 'any' = 'any'): Promise<Records> {
  const kind = 'url' in place ? 'postgresql' : 'sqlite';
  const name = 'url' in place ? 'the database of DATABASE_URL' : join(place.folder, file);
  let db: Kysely<Tables> | undefined;
  try {
    if ('folder' in place && which === 'existing') await access(name);
    else if ('folder' in place) await mkdir(place.folder, { recursive: true });
    const dialect =
      'url' in place ? openPostgres(place.url) : new StationSqliteDialect(name, place.busyMillis ?? ANSWER_MILLIS);
    db = new Kysely<Tables>({ dialect, plugins: [new CamelCasePlugin()] });
    const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations(kind) } });
    const { error } = await migrator.migrateToLatest();
    if (error) throw error;
    return new SqlRecords(db, kind);
  } catch (cause) {
    await db?.destroy().catch(() => undefined);
    throw new FelfriError(
      'RECORDS_UNAVAILABLE',
      `${name} cannot be opened: ${(cause as Error).message}; check that it is reachable, whole and of this felfri`,
      { cause },
    );
  }
}
