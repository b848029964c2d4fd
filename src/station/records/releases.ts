/** What signatures mean together: which release of a recipe holds, and for which products; knows no database. */
import { sha256 } from '../../core/files.ts';
import type { Recipe } from '../contract/recipes.ts';
import type { RecipeRelease, RecipeSignature, ReleasedContent, SignatureMeaning } from '../contract/releases.ts';

/** How many people a release needs. */
export type Eyes = 1 | 2;

export interface NewSignature {
  readonly recipe: string;
  readonly meaning: SignatureMeaning;
  readonly reason: string;
  /** Of what who signs was shown. */
  readonly contentHash: string;
  /** How many people a release needs. */
  readonly eyes: Eyes;
  /** The user. */
  readonly by: string;
}

export function contentOf(
  { id, name, bundleHash, threshold, review }: Recipe,
  products: readonly { readonly code: string; readonly recipe: string }[],
): ReleasedContent {
  const codes = products.filter(({ recipe }) => recipe === id).map(({ code }) => code);
  return { recipe: id, name, bundleHash, threshold, review, products: codes.sort() };
}

/** SHA-256 over all of it, in one order. */
export function contentHash({ recipe, name, bundleHash, threshold, review, products }: ReleasedContent): string {
  return sha256(JSON.stringify([recipe, name, bundleHash, threshold, review, products]));
}

/** Whether it is a release by so many people; one whose content is not what was signed is none. */
const isRelease = ({ meaning, proposal, content, contentHash: signed, recipe }: RecipeSignature, eyes: Eyes): boolean =>
  meaning === 'released' &&
  (eyes === 1 || proposal !== null) &&
  content.recipe === recipe &&
  contentHash(content) === signed;

/** Signatures come oldest first, here and below. */
export function releaseInForce(
  signatures: readonly RecipeSignature[],
  recipe: string,
  eyes: Eyes,
): RecipeSignature | undefined {
  return signatures.findLast((one) => one.recipe === recipe && isRelease(one, eyes));
}

/** A proposal of this content after which the recipe was not released. */
export function openProposal(
  signatures: readonly RecipeSignature[],
  { recipe, hash }: { readonly recipe: string; readonly hash: string },
): RecipeSignature | undefined {
  const own = signatures.filter((one) => one.recipe === recipe);
  const since = own.findLastIndex(({ meaning }) => meaning === 'released');
  return own.slice(since + 1).findLast(({ meaning, contentHash }) => meaning === 'proposed' && contentHash === hash);
}

/** By product code the release that says who judges its parts: each release takes what its recipe had, and sets what it names. */
export function productsInForce(signatures: readonly RecipeSignature[], eyes: Eyes): Map<string, RecipeSignature> {
  const found = new Map<string, RecipeSignature>();
  for (const release of signatures.filter((one) => isRelease(one, eyes))) {
    for (const [code, { recipe }] of found) if (recipe === release.recipe) found.delete(code);
    for (const code of release.content.products) found.set(code, release);
  }
  return found;
}

export function releaseOf(
  content: ReleasedContent,
  signatures: readonly RecipeSignature[],
  eyes: Eyes,
): Omit<RecipeRelease, 'signatures'> {
  const { recipe } = content;
  const hash = contentHash(content);
  const inForce = releaseInForce(signatures, recipe, eyes) ?? null;
  const products = productsInForce(signatures, eyes);
  // another recipe may have been released since for a product of this one
  const holds = content.products.every((code) => products.get(code)?.recipe === recipe);
  const state = inForce === null ? 'unreleased' : inForce.contentHash === hash && holds ? 'released' : 'changed';
  const proposal = openProposal(signatures, { recipe, hash }) ?? null;
  return { recipe, state, content, contentHash: hash, inForce, proposal };
}
