/** Shadows, and what they made of inspections, apart from the records: no seal covers them, and no search of decisions meets them. */
import type { Kysely } from 'kysely';

export async function addShadows(db: Kysely<never>): Promise<void> {
  await db.schema
    .createTable('shadows')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('recipe', 'text', (c) => c.notNull().references('recipes.id'))
    .addColumn('revision', 'integer', (c) => c.notNull())
    .addColumn('threshold', 'double precision')
    .addColumn('review', 'double precision')
    .addColumn('deciding', 'text', (c) => c.notNull().references('recipes.id'))
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('problem', 'text')
    .addColumn('started_by', 'text')
    .addColumn('started_at', 'double precision', (c) => c.notNull())
    .addColumn('ends_at', 'double precision')
    .addColumn('most_parts', 'integer')
    .addColumn('ended_at', 'double precision')
    .addColumn('last_id', 'text')
    .execute();
  await db.schema
    .createTable('shadow_results')
    .addColumn('shadow', 'text', (c) => c.notNull().references('shadows.id'))
    // goes with its inspection
    .addColumn('inspection', 'text', (c) => c.notNull().references('inspections.id').onDelete('cascade'))
    .addColumn('decision', 'text')
    .addColumn('score', 'double precision')
    .addColumn('reason', 'text')
    .addColumn('fault', 'text')
    .addColumn('millis', 'double precision')
    .addPrimaryKeyConstraint('shadow_results_key', ['shadow', 'inspection'])
    .execute();
  await db.schema.createIndex('shadow_results_inspection').on('shadow_results').column('inspection').execute();
}
