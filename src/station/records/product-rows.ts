/** Product codes and the recipes that are set for them, as queries that both databases understand. */
import type { Kysely, Transaction } from 'kysely';
import type { AuditedAction } from '../audit/details.ts';
import type { Product } from '../contract/products.ts';
import { notFound } from '../not-found.ts';
import type { Change } from './change.ts';
import { requireRecipe } from './recipe-rows.ts';
import { storedText } from './stored-text.ts';
import type { Tables } from './tables.ts';

export async function findProducts(db: Kysely<Tables>): Promise<Product[]> {
  const rows = await db.selectFrom('products').selectAll().execute();
  return rows
    .map(({ code, recipe, setBy, since }) => ({ code, recipe, by: setBy, since: new Date(since).toISOString() }))
    .sort((a, b) => (a.code < b.code ? -1 : 1));
}

/** Null takes the code away. To be made within a transaction; throws NOT_FOUND, also for a code that is not there to be taken away. */
export async function setProduct(
  db: Transaction<Tables>,
  code: string,
  recipe: string | null,
  { by, at, note = null }: Change,
): Promise<[undefined, AuditedAction]> {
  const former = (await findProducts(db)).find((product) => product.code === storedText(code))?.recipe ?? null;
  if (recipe === null) {
    if (former === null) throw notFound('product code', code, '/api/products');
    await db.deleteFrom('products').where('code', '=', code).execute();
    return [undefined, { action: 'product.removed', subject: code, detail: { former, note } }];
  }
  const { bundleHash } = await requireRecipe(db, recipe);
  const row = { recipe, setBy: by, since: at.getTime() };
  await db
    .insertInto('products')
    .values({ code, ...row })
    .onConflict((c) => c.column('code').doUpdateSet(row))
    .execute();
  return [undefined, { action: 'product.set', subject: code, detail: { recipe, bundleHash, former, note } }];
}
