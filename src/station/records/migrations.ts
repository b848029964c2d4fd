/** How the tables came about, step by step. A step that was released is never changed; a new one is added. */
import { type Kysely, type Migration, sql } from 'kysely';
import { addProducts } from './product-migration.ts';
import type { Records } from './records.ts';
import { addSignatures } from './release-migration.ts';
import { addSeals } from './seal-migration.ts';
import { addShadows } from './shadow-migration.ts';

async function firstTables(db: Kysely<never>): Promise<void> {
  await recipeTables(db);
  await inspectionTables(db);
  await auditTable(db);
}

async function recipeTables(db: Kysely<never>): Promise<void> {
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
}

async function inspectionTables(db: Kysely<never>): Promise<void> {
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
}

async function auditTable(db: Kysely<never>): Promise<void> {
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

/**
 * What the searches of the page need to find a page among millions (search-plan.ts), and the review queue to be there at once. PostgreSQL may
 * compare texts by a language's rules, by which an index does not know beginnings.
 */
async function searches(db: Kysely<never>, kind: Records['kind']): Promise<void> {
  if (kind === 'postgresql') {
    for (const table of ['inspections', 'not_inspected'])
      for (const column of ['part', 'lot'])
        await sql`alter table ${sql.table(table)} alter column ${sql.ref(column)} type text collate "C"`.execute(db);
  }
  await db.schema
    .alterTable('inspections')
    .addColumn('awaits_review', 'integer', (c) => c.notNull().defaultTo(0))
    .execute();
  await sql`update inspections set awaits_review = 1
    where decision <> 'OK' and not exists (select 1 from feedback where inspection = inspections.id)`.execute(db);
  await sql`create index inspections_awaiting on inspections (id) where awaits_review = 1`.execute(db);
  await db.schema.createIndex('feedback_verdict').on('feedback').columns(['verdict', 'inspection']).execute();
  await db.schema.createIndex('not_inspected_recipe').on('not_inspected').columns(['recipe', 'id']).execute();
}

/** What `/ready` writes. */
async function probe(db: Kysely<never>): Promise<void> {
  await db.schema
    .createTable('probe')
    .addColumn('id', 'integer', (c) => c.primaryKey())
    .addColumn('checked_at', 'double precision', (c) => c.notNull())
    .execute();
}

/** When sessions and tokens were used, and from where; sessions of before end. */
async function sessionFacts(db: Kysely<never>): Promise<void> {
  for (const column of ['opened_at', 'seen_at'])
    await db.schema
      .alterTable('sessions')
      .addColumn(column, 'double precision', (c) => c.notNull().defaultTo(0))
      .execute();
  await db.schema
    .alterTable('sessions')
    .addColumn('address', 'text', (c) => c.notNull().defaultTo(''))
    .execute();
  await db.schema.alterTable('user_tokens').addColumn('used_at', 'double precision').execute();
}

/** Parts on their way to the outputs of a line, and the last number that one of them was given. */
async function outbox(db: Kysely<never>): Promise<void> {
  await db.schema
    .createTable('outbox')
    .addColumn('output', 'text', (c) => c.notNull())
    .addColumn('sequence', 'integer', (c) => c.notNull())
    .addColumn('record', 'text', (c) => c.notNull())
    .addColumn('outcome', 'text')
    .addColumn('settled_at', 'double precision')
    .addColumn('created_at', 'double precision', (c) => c.notNull())
    .addPrimaryKeyConstraint('outbox_key', ['output', 'sequence'])
    .execute();
  await sql`create index outbox_waiting on outbox (output, sequence) where outcome is null`.execute(db);
  await db.schema.createIndex('outbox_settled_at').on('outbox').column('settled_at').execute();
  await db.schema
    .createTable('outbox_counter')
    .addColumn('id', 'integer', (c) => c.primaryKey())
    .addColumn('last', 'integer', (c) => c.notNull())
    .execute();
  await sql`insert into outbox_counter (id, last) values (1, 0)`.execute(db);
}

/** How many are settled, without looking at each. */
async function outboxOutcomes(db: Kysely<never>): Promise<void> {
  await db.schema.createIndex('outbox_outcome').on('outbox').columns(['output', 'outcome']).execute();
}

/** Which class of defect a person named. */
async function feedbackClasses(db: Kysely<never>): Promise<void> {
  await db.schema.alterTable('feedback').addColumn('class_name', 'text').execute();
}

/** The parts of one product are looked for. */
async function productSearches(db: Kysely<never>): Promise<void> {
  for (const table of ['inspections', 'not_inspected'])
    await db.schema.createIndex(`${table}_product`).on(table).columns(['product', 'id']).execute();
}

/** Which inspections are of reference parts. */
async function references(db: Kysely<never>): Promise<void> {
  await db.schema.alterTable('inspections').addColumn('reference', 'text').execute();
}

export function migrations(kind: Records['kind']): Record<string, Migration> {
  return {
    '0001-first-tables': { up: (db) => firstTables(db as Kysely<never>) },
    '0002-users': { up: (db) => users(db as Kysely<never>) },
    '0003-picture-indexes': { up: (db) => pictureIndexes(db as Kysely<never>) },
    '0004-inspection-times': { up: (db) => inspectionTimes(db as Kysely<never>) },
    '0005-inspection-reasons': { up: (db) => inspectionReasons(db as Kysely<never>) },
    '0006-not-inspected': { up: (db) => notInspected(db as Kysely<never>) },
    '0007-seals': { up: (db) => addSeals(db as Kysely<never>) },
    '0008-searches': { up: (db) => searches(db as Kysely<never>, kind) },
    '0009-probe': { up: (db) => probe(db as Kysely<never>) },
    '0010-session-facts': { up: (db) => sessionFacts(db as Kysely<never>) },
    '0011-outbox': { up: (db) => outbox(db as Kysely<never>) },
    '0012-outbox-outcomes': { up: (db) => outboxOutcomes(db as Kysely<never>) },
    '0013-feedback-classes': { up: (db) => feedbackClasses(db as Kysely<never>) },
    '0014-products': { up: (db) => addProducts(db as Kysely<never>) },
    '0015-product-searches': { up: (db) => productSearches(db as Kysely<never>) },
    '0016-signatures': { up: (db) => addSignatures(db as Kysely<never>) },
    '0017-shadows': { up: (db) => addShadows(db as Kysely<never>) },
    '0018-references': { up: (db) => references(db as Kysely<never>) },
  };
}
