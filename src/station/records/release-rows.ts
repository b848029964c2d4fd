/** Signatures of recipes, as queries that both databases understand; a new one is made within a transaction. */
import type { Kysely, Transaction } from 'kysely';
import { FelfriError } from '../../core/errors.ts';
import type { AuditDetails, AuditedAction } from '../audit/details.ts';
import type { RecipeSignature, ReleasedContent } from '../contract/releases.ts';
import type { Change } from './change.ts';
import { findProducts } from './product-rows.ts';
import { findRevisions, requireRecipe } from './recipe-rows.ts';
import {
  contentHash,
  contentOf,
  type Eyes,
  type NewSignature,
  openProposal,
  releaseInForce,
  releaseOf,
} from './releases.ts';
import { storedText } from './stored-text.ts';
import type { Tables } from './tables.ts';

/** Oldest first. */
export async function findSignatures(db: Kysely<Tables>): Promise<RecipeSignature[]> {
  const rows = await db.selectFrom('recipeSignatures').selectAll().orderBy('number').execute();
  return rows.map(({ content, signedBy, createdAt, ...row }) => ({
    ...row,
    content: JSON.parse(content) as ReleasedContent,
    by: signedBy,
    at: new Date(createdAt).toISOString(),
  }));
}

const conflict = (message: string, subject: string): FelfriError => new FelfriError('CONFLICT', message, { subject });
const refused = (message: string): FelfriError => new FelfriError('SIGNATURE_REFUSED', message, { subject: 'person' });

/** Number of the entry of the audit log that tells of a signature; 0 where there is none. */
async function entryOf(db: Kysely<Tables>, { recipe, number }: RecipeSignature): Promise<number> {
  const rows = await db
    .selectFrom('audit')
    .select(['number', 'detail'])
    .where('action', '=', 'recipe.released')
    .where('subject', '=', recipe)
    .execute();
  const told = rows.find(({ detail }) => (JSON.parse(detail) as AuditDetails['recipe.released']).signature === number);
  return told?.number ?? 0;
}

/** Who made the recipe what it is since its last release by two people; all who ever did where there is none. */
async function authorsSince(
  db: Kysely<Tables>,
  recipe: string,
  release: RecipeSignature | undefined,
): Promise<Set<string>> {
  const revisions = (await findRevisions(db, recipe)).filter(
    ({ revision, change }) => change !== 'activated' && revision > (release?.revision ?? 0),
  );
  const products = await db
    .selectFrom('audit')
    .select(['madeBy', 'detail'])
    .where('action', 'in', ['product.set', 'product.removed'])
    .where('number', '>', release ? await entryOf(db, release) : 0)
    .execute();
  const setters = products.filter(({ detail }) => {
    const told = JSON.parse(detail) as { recipe?: string; former?: string | null };
    return told.recipe === recipe || told.former === recipe;
  });
  const names = [...revisions.map(({ by }) => by), ...setters.map(({ madeBy }) => madeBy)];
  // who came without a user's session may say any name
  return new Set(names.flatMap((name) => (name === null ? [] : [name.trim().toLowerCase()])));
}

/** The proposal that a release completes; null where one person releases alone. Throws CONFLICT and SIGNATURE_REFUSED. */
async function proposalFor(
  db: Kysely<Tables>,
  content: ReleasedContent,
  signatures: readonly RecipeSignature[],
  by: string,
  mayAlone: boolean,
): Promise<number | null> {
  const { recipe } = content;
  const proposal = openProposal(signatures, { recipe, hash: contentHash(content) });
  if (!proposal) {
    if (mayAlone) return null;
    throw conflict('nobody has proposed it as it is now; one person proposes it, and another releases it', recipe);
  }
  if (proposal.by === by) {
    if (mayAlone) return null;
    throw refused(`${by} proposed it; another person must release it`);
  }
  if ((await authorsSince(db, recipe, releaseInForce(signatures, recipe, 2))).has(by.toLowerCase())) {
    if (mayAlone) return null;
    throw refused(`${by} made a change of it that is not released yet; who did not must release it`);
  }
  return proposal.number;
}

/** Throws NOT_FOUND, CONFLICT where it is not what was shown or is released already, and SIGNATURE_REFUSED for who may not be the second. */
export async function signRecipe(
  db: Transaction<Tables>,
  signature: NewSignature,
  { at }: Change,
): Promise<[RecipeSignature, AuditedAction]> {
  const { meaning, eyes, by } = signature;
  const recipe = await requireRecipe(db, signature.recipe);
  const { id, revision } = recipe;
  const content = contentOf(recipe, await findProducts(db));
  const hash = contentHash(content);
  if (hash !== signature.contentHash)
    throw conflict(`recipe ${id} is another than the one that was shown; look at it again, then sign`, id);
  const signatures = await findSignatures(db);
  const { proposal: open } = releaseOf(content, signatures, eyes);
  const isReleased = (by: Eyes): boolean => releaseOf(content, signatures, by).state === 'released';
  if (isReleased(2) || (isReleased(eyes) && meaning === 'released' && !open))
    throw conflict(`recipe ${id} is released as it is`, id);
  if (meaning === 'proposed' && open) throw conflict(`${open.by} has proposed it as it is; another releases it`, id);
  const proposal =
    meaning === 'released' ? await proposalFor(db, content, signatures, by, eyes === 1 && !isReleased(1)) : null;
  const number = (signatures.at(-1)?.number ?? 0) + 1;
  const reason = storedText(signature.reason);
  const row = { number, recipe: id, revision, meaning, proposal, contentHash: hash, reason };
  await db
    .insertInto('recipeSignatures')
    .values({ ...row, content: JSON.stringify(content), signedBy: by, createdAt: at.getTime() })
    .execute();
  const detail = { signature: number, revision, proposal, contentHash: hash, content, reason };
  const signed: RecipeSignature = { ...row, content, by, at: at.toISOString() };
  return [signed, { action: `recipe.${meaning}`, subject: id, detail }];
}
