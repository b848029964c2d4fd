/** Recipes and their revisions, as queries that both databases understand. */

import type { Kysely, Transaction } from 'kysely';
import { FelfriError } from '../../core/errors.ts';
import type { Recipe, RecipeRevision } from '../contract/recipes.ts';
import { notFound } from '../not-found.ts';
import type { Change } from './change.ts';
import type { NewRecipe } from './new-records.ts';
import type { Thresholds } from './records.ts';
import type { Tables } from './tables.ts';

type Facts = Pick<
  Recipe,
  | 'figures'
  | 'data'
  | 'mapRange'
  | 'mapUnit'
  | 'judgesBlank'
  | 'sizes'
  | 'frame'
  | 'regions'
  | 'combination'
  | 'signedBy'
>;

/** Of recipes from before there was such a fact. */
const formerFacts: Partial<Facts> = {
  mapUnit: null,
  judgesBlank: false,
  sizes: null,
  frame: null,
  regions: null,
  combination: null,
  signedBy: null,
};

function selectRecipes(db: Kysely<Tables>) {
  return db
    .selectFrom('recipes')
    .innerJoin('recipeRevisions as now', (join) =>
      join.onRef('now.recipe', '=', 'recipes.id').onRef('now.revision', '=', 'recipes.revision'),
    )
    .select([
      'recipes.id',
      'name',
      'recipes.revision',
      'active',
      'bundleHash',
      'detector',
      'facts',
      'recipes.createdAt',
      'now.threshold',
      'now.review',
      'now.rule',
    ]);
}

type Row = Awaited<ReturnType<ReturnType<typeof selectRecipes>['execute']>>[number];

const recipeOf = ({ active, facts, createdAt, ...row }: Row): Recipe => ({
  ...row,
  active: active === 1,
  createdAt: new Date(createdAt).toISOString(),
  ...formerFacts,
  ...(JSON.parse(facts) as Facts),
});

export async function findRecipes(db: Kysely<Tables>): Promise<Recipe[]> {
  return (await selectRecipes(db).orderBy('recipes.id', 'desc').execute()).map(recipeOf);
}

export async function findRecipe(db: Kysely<Tables>, id: string): Promise<Recipe | undefined> {
  const row = await selectRecipes(db).where('recipes.id', '=', id).executeTakeFirst();
  return row && recipeOf(row);
}

/** Throws NOT_FOUND. */
export async function requireRecipe(db: Kysely<Tables>, id: string): Promise<Recipe> {
  const found = await findRecipe(db, id);
  if (found) return found;
  throw notFound('recipe', id, '/api/recipes');
}

export async function findRevisions(db: Kysely<Tables>, id: string): Promise<RecipeRevision[]> {
  const rows = await db
    .selectFrom('recipeRevisions')
    .selectAll()
    .where('recipe', '=', id)
    .orderBy('revision', 'desc')
    .execute();
  return rows.map(({ madeBy, createdAt, ...row }) => ({
    ...row,
    by: madeBy,
    createdAt: new Date(createdAt).toISOString(),
  }));
}

export async function insertRecipe(db: Transaction<Tables>, recipe: NewRecipe, change: Change): Promise<void> {
  const { id, name, bundleHash, detector, createdAt, threshold, review, rule } = recipe;
  const { figures, data, mapRange, mapUnit, judgesBlank, sizes, frame, regions, combination, signedBy } = recipe;
  const facts: Facts = { figures, data, mapRange, mapUnit, judgesBlank, sizes, frame, regions, combination, signedBy };
  await db
    .insertInto('recipes')
    .values({
      id,
      name,
      revision: 1,
      active: 0,
      bundleHash,
      detector,
      facts: JSON.stringify(facts),
      createdAt: Date.parse(createdAt),
    })
    .execute();
  await db
    .insertInto('recipeRevisions')
    .values({
      recipe: id,
      revision: 1,
      change: 'created',
      thresholdsFrom: 1,
      threshold,
      review,
      rule,
      madeBy: change.by,
      note: change.note ?? null,
      createdAt: change.at.getTime(),
    })
    .execute();
}

interface NewRevision {
  readonly what: RecipeRevision['change'];
  readonly to: Thresholds;
  /** The revision whose thresholds it takes over, null where they are new. */
  readonly from: number | null;
}

/** Adds the next revision of a recipe. */
export async function insertRevision(
  db: Transaction<Tables>,
  recipe: Recipe,
  { what, to: { threshold, review, rule }, from }: NewRevision,
  change: Change,
): Promise<void> {
  const revision = recipe.revision + 1;
  await db
    .insertInto('recipeRevisions')
    .values({
      recipe: recipe.id,
      revision,
      change: what,
      thresholdsFrom: from ?? revision,
      threshold,
      review,
      rule,
      madeBy: change.by,
      note: change.note ?? null,
      createdAt: change.at.getTime(),
    })
    .execute();
  await db.updateTable('recipes').set({ revision }).where('id', '=', recipe.id).execute();
}

/** The revision that a rollback goes to. Throws CONFLICT when there is none. */
export function rollbackTarget(revisions: readonly RecipeRevision[], to: number | undefined): RecipeRevision {
  const present = revisions[0]!;
  const target =
    to === undefined
      ? revisions.find((r) => r.revision === r.thresholdsFrom && r.revision < present.thresholdsFrom)
      : revisions.find((r) => r.revision === to);
  if (target) return target;
  throw new FelfriError(
    'CONFLICT',
    to === undefined
      ? `recipe ${present.recipe} has no thresholds before those of revision ${present.thresholdsFrom}; set them instead`
      : `recipe ${present.recipe} has no revision ${to}; legal are 1 to ${present.revision}`,
    { subject: present.recipe },
  );
}

/** What the audit log says of a change of thresholds. */
export function thresholdDetail(before: Recipe, after: Recipe, { note }: Change) {
  const of = ({ revision, threshold, review }: Recipe) => ({ revision, threshold, review });
  return { before: of(before), after: of(after), note: note ?? null };
}

/** Null leaves none active. */
export async function makeActive(db: Transaction<Tables>, id: string | null): Promise<void> {
  await db.updateTable('recipes').set({ active: 0 }).where('active', '=', 1).execute();
  if (id !== null) await db.updateTable('recipes').set({ active: 1 }).where('id', '=', id).execute();
}
