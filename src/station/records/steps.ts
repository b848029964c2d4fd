/** Which steps of the tables (migrations.ts) a database has taken. */
import { type Kysely, sql } from 'kysely';
import { FelfriError } from '../../core/errors.ts';
import { migrations } from './migrations.ts';
import type { Records } from './records.ts';
import type { Tables } from './tables.ts';

const there: Readonly<Record<Records['kind'], string>> = {
  sqlite: `select 1 from sqlite_master where type = 'table' and name = 'kysely_migration'`,
  postgresql: `select 1 where to_regclass('kysely_migration') is not null`,
};

interface Steps {
  /** None in an empty database. */
  readonly taken: readonly string[];
  readonly pending: readonly string[];
}

/** `name` is what the database is called in messages. Throws RECORDS_NEWER where a newer felfri took steps that this one does not know. */
export async function stepsOf(db: Kysely<Tables>, kind: Records['kind'], name: string): Promise<Steps> {
  const known = Object.keys(migrations(kind));
  const { rows: tables } = await sql.raw(there[kind]).execute(db);
  const { rows } =
    tables.length === 0
      ? { rows: [] }
      : await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db);
  const taken = rows.map((row) => row.name);
  const unknown = taken.filter((step) => !known.includes(step));
  if (unknown.length > 0)
    throw new FelfriError(
      'RECORDS_NEWER',
      `${name} belongs to a newer felfri: it has ${unknown.join(', ')}, and this felfri knows the steps up to ${known.at(-1)}; nothing was changed. Install that felfri again, or go back to the copy that it made (docs/upgrade.md)`,
      { subject: name },
    );
  return { taken, pending: known.filter((step) => !taken.includes(step)) };
}
