/** Recipes, users, their tokens and sessions, and verdicts, beside what the audit log tells of them. */
import { type Kysely, sql } from 'kysely';
import type { ToldState } from '../audit/told-state.ts';
import { findProducts } from './product-rows.ts';
import { findRecipes } from './recipe-rows.ts';
import { findSignatures } from './release-rows.ts';
import { contentHash } from './releases.ts';
import { fingerprint, storedText } from './stored-text.ts';
import type { Tables } from './tables.ts';

const BATCH = 500;

type Tell = (what: string) => void;

async function compareRecipes(db: Kysely<Tables>, { recipes, active }: ToldState, tell: Tell): Promise<void> {
  const there = await findRecipes(db);
  for (const recipe of there) {
    const told = recipes.get(recipe.id);
    const name = JSON.stringify(recipe.name);
    if (!told) tell(`the recipe ${name} was added past the station`);
    else {
      // a line chooses recipes by their names
      if (storedText(told.name) !== recipe.name)
        tell(`the recipe ${JSON.stringify(told.name)} was named ${name} past the station`);
      if (told.bundleHash !== recipe.bundleHash)
        tell(`the recipe ${name} has another bundle hash than when it was added`);
      if (told.threshold !== recipe.threshold || told.review !== recipe.review || told.revision !== recipe.revision)
        tell(`the thresholds of the recipe ${name} were changed past the station`);
    }
    if (recipe.active !== (recipe.id === active))
      tell(`whether the recipe ${name} is active was changed past the station`);
  }
  const ids = new Set(there.map(({ id }) => id));
  for (const [id, { name }] of recipes)
    if (!ids.has(id)) tell(`the recipe ${JSON.stringify(name)} was deleted past the station`);
}

/** Of each recipe all, since a person may go back to any. */
async function compareRevisions(db: Kysely<Tables>, { recipes }: ToldState, tell: Tell): Promise<void> {
  const rows = await db
    .selectFrom('recipeRevisions')
    .select(['recipe', 'revision', 'threshold', 'review'])
    .orderBy('recipe')
    .orderBy('revision')
    .execute();
  const unmet = new Map([...recipes].map(([id, { revisions }]) => [id, new Set(revisions.keys())]));
  for (const { recipe, revision, threshold, review } of rows) {
    unmet.get(recipe)?.delete(revision);
    // a recipe that was put in is told as that
    if (!recipes.has(recipe)) continue;
    const told = recipes.get(recipe)?.revisions.get(revision);
    if (told?.threshold === threshold && told.review === review) continue;
    tell(`revision ${revision} of the recipe ${nameOf(recipe, recipes)} was changed or put in past the station`);
  }
  for (const [id, revisions] of unmet)
    for (const revision of revisions)
      tell(`revision ${revision} of the recipe ${nameOf(id, recipes)} was deleted past the station`);
}

/** By which recipe a product is judged is as grave as its thresholds. */
async function compareProducts(db: Kysely<Tables>, { products }: ToldState, tell: Tell): Promise<void> {
  const there = new Map((await findProducts(db)).map(({ code, recipe }) => [code, recipe]));
  const told = new Map([...products].map(([code, recipe]) => [storedText(code), recipe]));
  for (const code of new Set([...there.keys(), ...told.keys()]))
    if (there.get(code) !== told.get(code))
      tell(`the recipe of the product code ${JSON.stringify(code)} was set or taken away past the station`);
}

/** A release that nobody signed would let an unreleased recipe judge. */
async function compareSignatures(db: Kysely<Tables>, { signatures, recipes }: ToldState, tell: Tell): Promise<void> {
  const unmet = new Map(signatures);
  for (const { number, recipe, by, ...row } of await findSignatures(db)) {
    const told = unmet.get(number);
    unmet.delete(number);
    if (!told) {
      tell(`the signature ${number} for the recipe ${nameOf(recipe, recipes)} was put in past the station`);
      continue;
    }
    const { revision, proposal, reason, contentHash: hash } = told.detail;
    const isSame =
      told.recipe === recipe &&
      told.meaning === row.meaning &&
      told.by === by &&
      revision === row.revision &&
      proposal === row.proposal &&
      reason === row.reason &&
      hash === row.contentHash &&
      hash === contentHash(row.content);
    if (!isSame)
      tell(`the signature ${number} for the recipe ${nameOf(told.recipe, recipes)} was changed past the station`);
  }
  for (const [number, { recipe }] of unmet)
    tell(`the signature ${number} for the recipe ${nameOf(recipe, recipes)} was deleted past the station`);
}

const nameOf = (id: string, recipes: ToldState['recipes']): string => JSON.stringify(recipes.get(id)?.name ?? id);

async function compareUsers(db: Kysely<Tables>, { users, sessions }: ToldState, tell: Tell): Promise<void> {
  const there = await db.selectFrom('users').select(['id', 'name', 'role', 'password']).execute();
  const tokens = await db.selectFrom('userTokens').select(['user', 'label', 'hash']).execute();
  for (const { id, name, role, password } of there) {
    const told = users.get(name);
    if (!told) {
      tell(`the user ${name} was added past the station`);
      continue;
    }
    if (told.role !== role) tell(`the role of the user ${name} was changed past the station`);
    if (told.password !== undefined && told.password !== fingerprint(password))
      tell(`the password of the user ${name} was changed past the station`);
    for (const { label, hash } of tokens.filter(({ user }) => user === id)) {
      const known = [...told.tokens].find(([one]) => storedText(one) === label);
      if (!known || (known[1] !== undefined && known[1] !== fingerprint(hash)))
        tell(`the user ${name} was given the token ${JSON.stringify(label)} past the station`);
    }
  }
  const names = new Set(there.map(({ name }) => name));
  for (const name of users.keys()) if (!names.has(name)) tell(`the user ${name} was deleted past the station`);
  const open = await db
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.user')
    .select(['hash', 'name'])
    .execute();
  for (const { hash, name } of open)
    if (!sessions.has(fingerprint(hash))) tell(`the user ${name} was signed in past the station`);
}

async function compareVerdicts(db: Kysely<Tables>, { verdicts }: ToldState, tell: Tell): Promise<void> {
  const unmet = new Set(verdicts.keys());
  for (let after = ''; ; ) {
    const rows = await db
      .selectFrom('feedback')
      .select(['inspection', 'verdict', 'className', 'givenBy', 'note'])
      .where('inspection', '>', after)
      .orderBy('inspection')
      .limit(BATCH)
      .execute();
    for (const { inspection, verdict, className, givenBy, note } of rows) {
      unmet.delete(inspection);
      const told = verdicts.get(inspection);
      const same = (a: string | null, b: string | null): boolean => (a === null ? b === null : storedText(a) === b);
      if (!told) tell(`a verdict on the inspection ${inspection} was given past the station`);
      else if (
        told.verdict !== verdict ||
        !same(told.className, className) ||
        !same(told.by, givenBy) ||
        !same(told.note, note)
      )
        tell(`the verdict on the inspection ${inspection} was changed past the station`);
    }
    if (rows.length < BATCH) break;
    after = rows.at(-1)!.inspection;
  }
  const rest = [...unmet];
  for (let i = 0; i < rest.length; i += BATCH) {
    const rows = await db
      .selectFrom('inspections')
      .select('id')
      .where('id', 'in', rest.slice(i, i + BATCH))
      .execute();
    for (const { id } of rows) tell(`the verdict on the inspection ${id} was deleted past the station`);
  }
}

/** A part that waits for a person must not be hidden from the review, nor one that was looked at come again. */
async function compareReview(db: Kysely<Tables>, tell: Tell): Promise<void> {
  const { rows } = await sql<{ id: string }>`select id from inspections left join feedback on inspection = id
    where awaits_review <> (case when decision <> 'OK' and reference is null and inspection is null then 1 else 0 end) limit 10`.execute(
    db,
  );
  for (const { id } of rows) tell(`whether the inspection ${id} waits for review was changed past the station`);
}

export async function compareState(db: Kysely<Tables>, told: ToldState, tell: Tell): Promise<void> {
  await compareRecipes(db, told, tell);
  await compareRevisions(db, told, tell);
  await compareProducts(db, told, tell);
  await compareSignatures(db, told, tell);
  await compareUsers(db, told, tell);
  await compareVerdicts(db, told, tell);
  await compareReview(db, tell);
}
