/**
 * The database itself refuses to alter the audit log; the chain of hashes shows when someone got round that. Looked for whenever the records are
 * opened, since who owns the database can drop them.
 */
import { type Kysely, sql } from 'kysely';
import type { Records } from './records.ts';
import type { Tables } from './tables.ts';

const refusal = 'the audit log is append-only';

/** The statements that make a guard, by its name. */
const guards: Readonly<Record<Records['kind'], Readonly<Record<string, readonly string[]>>>> = {
  sqlite: Object.fromEntries(
    ['update', 'delete'].map((event) => [
      `audit_refuse_${event}`,
      [`create trigger audit_refuse_${event} before ${event} on audit begin select raise(abort, '${refusal}'); end`],
    ]),
  ),
  postgresql: Object.fromEntries(
    [
      ['audit_refuse_change', 'before update or delete on audit for each row'],
      ['audit_refuse_truncate', 'before truncate on audit for each statement'],
    ].map(([name, when]) => [
      name,
      [
        `create or replace function audit_refuse_change() returns trigger language plpgsql as
          $$ begin raise exception '${refusal}'; end $$`,
        `create trigger ${name} ${when} execute function audit_refuse_change()`,
      ],
    ]),
  ),
};

async function namesThere(db: Kysely<Tables>, kind: Records['kind']): Promise<Set<string>> {
  const query =
    kind === 'sqlite'
      ? sql<{ name: string }>`select name from sqlite_master where type = 'trigger'`
      : // one that is switched off guards nothing
        sql<{
          name: string;
        }>`select tgname as name from pg_trigger where tgrelid = 'audit'::regclass and tgenabled <> 'D'`;
  const { rows } = await query.execute(db);
  return new Set(rows.map(({ name }) => name));
}

/** Makes the guards that are not there; gives their names. */
export async function restoreGuards(db: Kysely<Tables>, kind: Records['kind']): Promise<string[]> {
  const there = await namesThere(db, kind);
  const missing = Object.keys(guards[kind]).filter((name) => !there.has(name));
  for (const name of missing) {
    if (kind === 'postgresql') await sql`drop trigger if exists ${sql.ref(name)} on audit`.execute(db);
    for (const statement of guards[kind][name]!) await sql.raw(statement).execute(db);
  }
  return missing;
}
