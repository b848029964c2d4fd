/** Bringing the tables of the records up to date: all steps or none, and a copy of before where there is something to lose. */
import { CamelCasePlugin, type Dialect, Kysely, Migrator } from 'kysely';
import { FelfriError } from '../../core/errors.ts';
import { restoreGuards } from './guards.ts';
import { migrations } from './migrations.ts';
import type { Records } from './records.ts';
import { stepsOf } from './steps.ts';
import type { Tables } from './tables.ts';

/** What becomes of records of an older felfri: copied, then upgraded; upgraded; or RECORDS_OLDER. */
export type UpgradeRule = 'with copy' | 'without copy' | 'refuse';

export interface Upgraded {
  /** The last step of before. */
  readonly from: string;
  readonly to: string;
  /** Where the copy of before is; null where none was to be made. */
  readonly copy: string | null;
}

interface Upgrading {
  readonly kind: Records['kind'];
  /** What the database is called in messages. */
  readonly name: string;
  readonly rule: UpgradeRule;
  /** Makes the copy of a step, and says where it is. */
  readonly copy: (step: string) => Promise<string>;
}

export async function onTables<T>(dialect: Dialect, work: (db: Kysely<Tables>) => Promise<T>): Promise<T> {
  const db = new Kysely<Tables>({ dialect, plugins: [new CamelCasePlugin()] });
  try {
    return await work(db);
  } finally {
    await db.destroy();
  }
}

/**
 * Both databases do all steps in one transaction: what ends in the middle leaves the tables as they were. Undefined where nothing was to be
 * upgraded. Throws RECORDS_NEWER, RECORDS_OLDER, and what the copy throws.
 */
export async function upgrade(
  db: Kysely<Tables>,
  { kind, name, rule, copy }: Upgrading,
): Promise<Upgraded | undefined> {
  const { taken, pending } = await stepsOf(db, kind, name);
  const [from, to] = [taken.at(-1), pending.at(-1)];
  let upgraded: Upgraded | undefined;
  if (from !== undefined && to !== undefined) {
    if (rule === 'refuse')
      throw new FelfriError(
        'RECORDS_OLDER',
        `${name} belongs to an older felfri: it is at the step ${from}, and this felfri works at ${to}. Start the station by this felfri once, which upgrades it, or use the felfri of before`,
        { subject: name },
      );
    upgraded = { from, to, copy: rule === 'with copy' ? await copy(from) : null };
  }
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations(kind) } });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error;
  await restoreGuards(db, kind);
  return upgraded;
}
