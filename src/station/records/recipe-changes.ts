/** Changes of recipes, each with its entry of the audit log; to be made within a transaction. All but the first throw NOT_FOUND. */
import type { Transaction } from 'kysely';
import { FelfriError } from '../../core/errors.ts';
import type { AuditedAction } from '../audit/details.ts';
import type { Recipe } from '../contract/recipes.ts';
import type { Change } from './change.ts';
import type { NewRecipe } from './new-records.ts';
import {
  findRecipes,
  findRevisions,
  insertRecipe,
  insertRevision,
  makeActive,
  requireRecipe,
  rollbackTarget,
  thresholdDetail,
} from './recipe-rows.ts';
import type { Thresholds } from './records.ts';
import type { Tables } from './tables.ts';

type Db = Transaction<Tables>;

export async function addRecipe(db: Db, recipe: NewRecipe, change: Change): Promise<[Recipe, AuditedAction]> {
  await insertRecipe(db, recipe, change);
  const { name, bundleHash, threshold, review, signedBy } = recipe;
  const detail = { name, bundleHash, threshold, review, ...(signedBy && { signedBy }) };
  return [await requireRecipe(db, recipe.id), { action: 'recipe.created', subject: recipe.id, detail }];
}

/** Throws CONFLICT where `expected` is not the present revision. */
export async function setThresholds(
  db: Db,
  id: string,
  to: Thresholds,
  change: Change,
  expected?: number,
): Promise<[Recipe, AuditedAction]> {
  const before = await requireRecipe(db, id);
  if (expected !== undefined && expected !== before.revision) {
    throw new FelfriError(
      'CONFLICT',
      `recipe ${id} is at revision ${before.revision}, the change was made against ${expected}; look at it again`,
      { subject: id },
    );
  }
  await insertRevision(db, before, { what: 'thresholds', to, from: null }, change);
  const after = await requireRecipe(db, id);
  return [after, { action: 'recipe.thresholds', subject: id, detail: thresholdDetail(before, after, change) }];
}

/** Throws CONFLICT where there is no such revision. */
export async function rollBack(
  db: Db,
  id: string,
  to: number | undefined,
  change: Change,
): Promise<[Recipe, AuditedAction]> {
  const before = await requireRecipe(db, id);
  const target = rollbackTarget(await findRevisions(db, id), to);
  await insertRevision(db, before, { what: 'rolled back', to: target, from: target.thresholdsFrom }, change);
  const after = await requireRecipe(db, id);
  const detail = { ...thresholdDetail(before, after, change), to: target.revision };
  return [after, { action: 'recipe.rolled back', subject: id, detail }];
}

export async function activate(db: Db, id: string, change: Change): Promise<[Recipe, AuditedAction]> {
  const recipe = await requireRecipe(db, id);
  const former = await db.selectFrom('recipes').select('id').where('active', '=', 1).executeTakeFirst();
  const [present] = await findRevisions(db, id);
  await insertRevision(db, recipe, { what: 'activated', to: recipe, from: present!.thresholdsFrom }, change);
  await makeActive(db, id);
  const detail = { former: former?.id ?? null, bundleHash: recipe.bundleHash };
  return [await requireRecipe(db, id), { action: 'recipe.activated', subject: id, detail }];
}

export async function deactivate(db: Db): Promise<[undefined, AuditedAction]> {
  const active = (await findRecipes(db)).find((recipe) => recipe.active);
  if (!active) throw new FelfriError('NOT_FOUND', 'no recipe is active; nothing was changed');
  await makeActive(db, null);
  const { id, bundleHash } = active;
  return [undefined, { action: 'recipe.deactivated', subject: id, detail: { bundleHash } }];
}
