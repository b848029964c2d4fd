/** Product codes with their recipes, and which code a part named. */
import type { Kysely } from 'kysely';

export async function addProducts(db: Kysely<never>): Promise<void> {
  await db.schema
    .createTable('products')
    .addColumn('code', 'text', (c) => c.primaryKey())
    .addColumn('recipe', 'text', (c) => c.notNull().references('recipes.id'))
    .addColumn('set_by', 'text')
    .addColumn('since', 'double precision', (c) => c.notNull())
    .execute();
  for (const table of ['inspections', 'not_inspected'])
    await db.schema.alterTable(table).addColumn('product', 'text').execute();
}
