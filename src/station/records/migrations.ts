/** How the tables came about, step by step. A step that was released is never changed; a new one is added. */
import { type Kysely, type Migration, sql } from 'kysely';
import type { Records } from './records.ts';

async function firstTables(db: Kysely<never>, kind: Records['kind']): Promise<void> {
  await db.schema
    .createTable('recipes')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('revision', 'integer', (c) => c.notNull())
    .addColumn('active', 'integer', (c) => c.notNull())
    .addColumn('bundle_hash', 'text', (c) => c.notNull())
    .addColumn('detector', 'text', (c) => c.notNull())
    .addColumn('facts', 'text', (c) => c.notNull())
    .addColumn('created_at', 'double precision', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('recipe_revisions')
    .addColumn('recipe', 'text', (c) => c.notNull().references('recipes.id'))
    .addColumn('revision', 'integer', (c) => c.notNull())
    .addColumn('change', 'text', (c) => c.notNull())
    .addColumn('thresholds_from', 'integer', (c) => c.notNull())
    .addColumn('threshold', 'double precision')
    .addColumn('review', 'double precision')
    .addColumn('rule', 'text')
    .addColumn('made_by', 'text')
    .addColumn('note', 'text')
    .addColumn('created_at', 'double precision', (c) => c.notNull())
    .addPrimaryKeyConstraint('recipe_revisions_key', ['recipe', 'revision'])
    .execute();
  await db.schema
    .createTable('inspections')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('result_id', 'text', (c) => c.notNull().unique())
    .addColumn('part', 'text')
    .addColumn('lot', 'text')
    .addColumn('recipe', 'text', (c) => c.notNull())
    .addColumn('revision', 'integer', (c) => c.notNull())
    .addColumn('decision', 'text', (c) => c.notNull())
    .addColumn('score', 'double precision', (c) => c.notNull())
    .addColumn('threshold', 'double precision')
    .addColumn('review', 'double precision')
    .addColumn('millis', 'double precision', (c) => c.notNull())
    .addColumn('image_hash', 'text', (c) => c.notNull())
    .addColumn('image_stored', 'integer', (c) => c.notNull())
    .addColumn('width', 'integer', (c) => c.notNull())
    .addColumn('height', 'integer', (c) => c.notNull())
    .addColumn('created_at', 'double precision', (c) => c.notNull())
    .addForeignKeyConstraint('inspections_revision', ['recipe', 'revision'], 'recipe_revisions', ['recipe', 'revision'])
    .execute();
  for (const column of ['part', 'lot', 'decision', 'recipe', 'score'])
    await db.schema.createIndex(`inspections_${column}`).on('inspections').columns([column, 'id']).execute();
  await db.schema
    .createTable('feedback')
    .addColumn('inspection', 'text', (c) => c.primaryKey().references('inspections.id'))
    .addColumn('verdict', 'text', (c) => c.notNull())
    .addColumn('given_by', 'text')
    .addColumn('note', 'text')
    .addColumn('created_at', 'double precision', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('audit')
    .addColumn('number', 'integer', (c) => c.primaryKey())
    .addColumn('at', 'double precision', (c) => c.notNull())
    .addColumn('made_by', 'text')
    .addColumn('action', 'text', (c) => c.notNull())
    .addColumn('subject', 'text', (c) => c.notNull())
    .addColumn('detail', 'text', (c) => c.notNull())
    .addColumn('previous', 'text', (c) => c.notNull())
    .addColumn('hash', 'text', (c) => c.notNull())
    .execute();
  await refuseAuditChanges(db, kind);
}

/** The database itself refuses to alter the audit log; the chain of hashes shows when someone got round that. */
async function refuseAuditChanges(db: Kysely<never>, kind: Records['kind']): Promise<void> {
  if (kind === 'sqlite') {
    for (const event of ['update', 'delete'])
      await sql`create trigger ${sql.ref(`audit_refuse_${event}`)} before ${sql.raw(event)} on audit
        begin select raise(abort, 'the audit log is append-only'); end`.execute(db);
    return;
  }
  await sql`create function audit_refuse_change() returns trigger language plpgsql as
    $$ begin raise exception 'the audit log is append-only'; end $$`.execute(db);
  await sql`create trigger audit_refuse_change before update or delete on audit
    for each row execute function audit_refuse_change()`.execute(db);
}

async function users(db: Kysely<never>): Promise<void> {
  await db.schema
    .createTable('users')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull().unique())
    .addColumn('role', 'text', (c) => c.notNull())
    .addColumn('password', 'text', (c) => c.notNull())
    .addColumn('created_at', 'double precision', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('user_tokens')
    .addColumn('hash', 'text', (c) => c.primaryKey())
    .addColumn('user', 'text', (c) => c.notNull().references('users.id').onDelete('cascade'))
    .addColumn('label', 'text', (c) => c.notNull())
    .addColumn('created_at', 'double precision', (c) => c.notNull())
    .addUniqueConstraint('user_tokens_label', ['user', 'label'])
    .execute();
  await db.schema
    .createTable('sessions')
    .addColumn('hash', 'text', (c) => c.primaryKey())
    .addColumn('user', 'text', (c) => c.notNull().references('users.id').onDelete('cascade'))
    .addColumn('until', 'double precision', (c) => c.notNull())
    .execute();
}

/** Retention asks for the oldest whose pictures are kept, and for others with the same image. */
async function pictureIndexes(db: Kysely<never>): Promise<void> {
  await db.schema.createIndex('inspections_image_stored').on('inspections').columns(['image_stored', 'id']).execute();
  await db.schema.createIndex('inspections_image_hash').on('inspections').column('image_hash').execute();
}

/** Retention asks for the oldest, whatever their ids. */
async function inspectionTimes(db: Kysely<never>): Promise<void> {
  await db.schema.createIndex('inspections_created_at').on('inspections').columns(['created_at', 'id']).execute();
}

/** Why a decision is what it is. */
async function inspectionReasons(db: Kysely<never>): Promise<void> {
  await db.schema.alterTable('inspections').addColumn('reason', 'text').execute();
}

/** Attempts that gave no decision; no key ties them to a recipe, as there may be none. */
async function notInspected(db: Kysely<never>): Promise<void> {
  await db.schema
    .createTable('not_inspected')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('cause', 'text', (c) => c.notNull())
    .addColumn('code', 'text', (c) => c.notNull())
    .addColumn('message', 'text', (c) => c.notNull())
    .addColumn('result_id', 'text')
    .addColumn('part', 'text')
    .addColumn('lot', 'text')
    .addColumn('recipe', 'text')
    .addColumn('image_hash', 'text')
    .addColumn('count', 'integer', (c) => c.notNull())
    .addColumn('millis', 'double precision', (c) => c.notNull())
    .addColumn('created_at', 'double precision', (c) => c.notNull())
    .execute();
  for (const column of ['part', 'lot', 'created_at'])
    await db.schema.createIndex(`not_inspected_${column}`).on('not_inspected').columns([column, 'id']).execute();
}

export function migrations(kind: Records['kind']): Record<string, Migration> {
  return {
    '0001-first-tables': { up: (db) => firstTables(db as Kysely<never>, kind) },
    '0002-users': { up: (db) => users(db as Kysely<never>) },
    '0003-picture-indexes': { up: (db) => pictureIndexes(db as Kysely<never>) },
    '0004-inspection-times': { up: (db) => inspectionTimes(db as Kysely<never>) },
    '0005-inspection-reasons': { up: (db) => inspectionReasons(db as Kysely<never>) },
    '0006-not-inspected': { up: (db) => notInspected(db as Kysely<never>) },
  };
}
