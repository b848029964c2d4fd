/** Databases as they were at a step of the tables, with rows in all that existed then. */
import { join } from 'node:path';
import { CamelCasePlugin, Kysely, Migrator, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { migrations } from '../../src/station/records/migrations.ts';
import type { RecordsPlace } from '../../src/station/records/open-records.ts';
import { StationSqliteDialect } from '../../src/station/records/sqlite/dialect.ts';

/** Rows by table, as the database has them, without felfri's own idea of them. */
export type Rows = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

// biome-ignore lint/suspicious/noExplicitAny: tables of another time have no type here
type Any = Kysely<any>;

async function onPlace<T>(place: RecordsPlace, work: (db: Any) => Promise<T>): Promise<T> {
  const dialect =
    'folder' in place
      ? new StationSqliteDialect({ path: join(place.folder, 'records.sqlite'), busyMillis: 1000, purpose: 'make' })
      : new PostgresDialect({ pool: new pg.Pool({ connectionString: place.url }) });
  const db: Any = new Kysely({ dialect, plugins: [new CamelCasePlugin()] });
  try {
    return await work(db);
  } finally {
    await db.destroy();
  }
}

const tablesOf = async (db: Any): Promise<{ name: string; columns: string[] }[]> =>
  (await db.introspection.getTables())
    .filter(({ name }) => !/^(kysely|station_holder|sqlite)/.test(name))
    .map(({ name, columns }) => ({ name, columns: columns.map((column) => column.name) }));

/** All rows, by table and in an order that is theirs. */
export const rowsOf = (place: RecordsPlace): Promise<Rows> =>
  onPlace(place, async (db) => {
    const found: Record<string, Rows[string]> = {};
    for (const { name } of await tablesOf(db)) {
      const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(name)}`.execute(
        db.withoutPlugins(),
      );
      found[name] = [...rows].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    }
    return found;
  });

/** Those that others refer to come first. */
const ORDER = ['recipes', 'recipe_revisions', 'products', 'inspections', 'users'];
const place = (name: string): number => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);

/** Makes the tables up to a step in an empty database, and puts in what of the rows fits in them. */
export const atStep = (where: RecordsPlace, step: string, rows: Rows): Promise<void> =>
  onPlace(where, async (db) => {
    const kind = 'url' in where ? 'postgresql' : 'sqlite';
    const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations(kind) } });
    const { error } = await migrator.migrateTo(step);
    if (error) throw error;
    const tables = await tablesOf(db);
    for (const { name, columns } of tables.sort((a, b) => place(a.name) - place(b.name))) {
      await sql`delete from ${sql.table(name)}`.execute(db);
      for (const row of rows[name] ?? []) {
        const had = columns.filter((column) => column in row);
        await sql`insert into ${sql.table(name)} (${sql.join(had.map((column) => sql.ref(column)))})
          values (${sql.join(had.map((column) => row[column]))})`.execute(db.withoutPlugins());
      }
    }
  });
