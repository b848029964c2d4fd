/** Who signed for which recipe, and for what exactly. */
import type { Kysely } from 'kysely';

export async function addSignatures(db: Kysely<never>): Promise<void> {
  await db.schema
    .createTable('recipe_signatures')
    .addColumn('number', 'integer', (c) => c.primaryKey())
    .addColumn('recipe', 'text', (c) => c.notNull())
    .addColumn('revision', 'integer', (c) => c.notNull())
    .addColumn('meaning', 'text', (c) => c.notNull())
    .addColumn('proposal', 'integer')
    .addColumn('content', 'text', (c) => c.notNull())
    .addColumn('content_hash', 'text', (c) => c.notNull())
    .addColumn('signed_by', 'text', (c) => c.notNull())
    .addColumn('reason', 'text', (c) => c.notNull())
    .addColumn('created_at', 'double precision', (c) => c.notNull())
    .addForeignKeyConstraint('recipe_signatures_revision', ['recipe', 'revision'], 'recipe_revisions', [
      'recipe',
      'revision',
    ])
    .execute();
}
