/** What may judge where the station asks for releases: a recipe as it was released, whatever was changed since. */
import { FelfriError } from '../../core/errors.ts';
import type { AuditDetails } from '../audit/details.ts';
import type { Product } from '../contract/products.ts';
import type { Recipe } from '../contract/recipes.ts';
import type { RecipeRelease, RecipeSignature, ReleaseList, ReleasePolicy } from '../contract/releases.ts';
import type { Change } from '../records/change.ts';
import type { Records } from '../records/records.ts';
import {
  contentOf,
  type Eyes,
  type NewSignature,
  productsInForce,
  releaseInForce,
  releaseOf,
} from '../records/releases.ts';
import { isRefusal } from './refusal.ts';

export type Signing = Omit<NewSignature, 'eyes'>;

const byCode = (a: Product, b: Product): number => (a.code < b.code ? -1 : 1);

const POLICY_ACTION = 'station.release policy';

/** Undefined: the station never asked for releases. */
async function notedPolicy(records: Records): Promise<AuditDetails[typeof POLICY_ACTION] | undefined> {
  const [last] = await records.auditEntries({ action: POLICY_ACTION, limit: 1 });
  return last?.detail as AuditDetails[typeof POLICY_ACTION] | undefined;
}

export class Releases {
  readonly policy: ReleasePolicy;
  readonly #records: Records;
  /** Oldest first; as far as they are known. */
  #signatures: readonly RecipeSignature[] = [];
  /** By recipe, and by product code: what they mean, since every part asks. */
  #releases: ReadonlyMap<string, RecipeSignature> = new Map();
  #products: ReadonlyMap<string, RecipeSignature> = new Map();
  /** Whether what is on record may be more than what is known. */
  #isInDoubt = false;
  /** Rises when a signature is asked for, and when that ended. */
  #changed = 0;
  /** Whether products were told apart already when releases were first asked for. */
  #hadProducts = false;

  constructor(records: Records, policy: ReleasePolicy = 'none') {
    this.#records = records;
    this.policy = policy;
  }

  get #eyes(): Eyes {
    return this.policy === 'four-eyes' ? 2 : 1;
  }

  get #isAsked(): boolean {
    return this.policy !== 'none';
  }

  /** As they are on record, by the policy that the station had last; for who looks beside a station. */
  static async ofRecords(records: Records): Promise<Releases> {
    const releases = new Releases(records, (await notedPolicy(records))?.after);
    releases.#take(await records.signatures());
    return releases;
  }

  #take(signatures: readonly RecipeSignature[]): void {
    this.#signatures = signatures;
    const recipes = new Set(signatures.map(({ recipe }) => recipe));
    const found = [...recipes].map((id) => [id, releaseInForce(signatures, id, this.#eyes)] as const);
    this.#releases = new Map(found.flatMap(([id, release]) => (release ? [[id, release]] : [])));
    this.#products = productsInForce(signatures, this.#eyes);
  }

  /** Reads them, and puts on record where the station was started with another policy than before. */
  async open(): Promise<void> {
    this.#take(await this.#records.signatures());
    const former = await notedPolicy(this.#records);
    const before = former?.after ?? 'none';
    this.#hadProducts = former?.products ?? false;
    if (before === this.policy) return;
    const products = (await this.#records.products()).length > 0;
    this.#hadProducts = products;
    await this.#records.audited({ by: 'felfri serve', at: new Date() }, async () => [
      undefined,
      { action: POLICY_ACTION, subject: 'release', detail: { before, after: this.policy, products } },
    ]);
  }

  /** Looks them up where they are in doubt. Throws RECORDS_UNAVAILABLE where the database does not say. */
  async settle(): Promise<void> {
    while (this.#isInDoubt) {
      const before = this.#changed;
      const signatures = await this.#records.signatures();
      // what was signed meanwhile may be newer than this answer
      if (before !== this.#changed) continue;
      this.#isInDoubt = false;
      this.#take(signatures);
    }
  }

  /** A recipe as it may judge. Throws RECIPE_UNRELEASED. */
  inForce(recipe: Recipe): Recipe {
    if (!this.#isAsked) return recipe;
    const release = this.#releases.get(recipe.id);
    if (!release || release.content.bundleHash !== recipe.bundleHash) throw this.#unreleased(recipe, 'is not released');
    const { threshold, review } = release.content;
    if (recipe.threshold === threshold && recipe.review === review) return recipe;
    return { ...recipe, threshold, review, rule: null, revision: release.revision };
  }

  /** As it judges, or as it is where it does not. */
  shown(recipe: Recipe): Recipe {
    const release = this.#isAsked ? this.#releases.get(recipe.id) : undefined;
    return release ? this.inForce({ ...recipe, bundleHash: release.content.bundleHash }) : recipe;
  }

  /** Throws RECIPE_UNRELEASED where its present thresholds are not those that were released: then nobody could tell by which it judges. */
  requireReleased(recipe: Recipe): void {
    const { threshold, review } = this.inForce(recipe);
    if (recipe.threshold === threshold && recipe.review === review) return;
    throw this.#unreleased(recipe, 'was changed since it was released');
  }

  #unreleased({ id, name }: Recipe, why: string): FelfriError {
    const who = this.policy === 'four-eyes' ? 'by two people' : 'by a person';
    return new FelfriError(
      'RECIPE_UNRELEASED',
      `the recipe ${JSON.stringify(name)} ${why}, and this station judges by none that is not released ${who}; release it on the page Recipes`,
      { subject: id },
    );
  }

  /** By which recipe each product code is judged, of those that are set. */
  products(set: readonly Product[]): readonly Product[] {
    if (!this.#isAsked) return set;
    const released = [...this.#products];
    return released.map(([code, { recipe, by, at }]) => ({ code, recipe, by, since: at })).sort(byCode);
  }

  /** Whether a part of which nothing says the product is judged by no recipe, as far as it hangs on codes that are set and not released. */
  tellsApart(set: readonly Product[]): boolean {
    return this.#isAsked && this.#hadProducts && set.length > 0;
  }

  #of(recipe: Recipe, products: readonly Product[]): RecipeRelease {
    const own = this.#signatures.filter((one) => one.recipe === recipe.id).reverse();
    return { ...releaseOf(contentOf(recipe, products), this.#signatures, this.#eyes), signatures: own };
  }

  async list(): Promise<ReleaseList> {
    await this.settle();
    const [recipes, products] = [await this.#records.recipes(), await this.#records.products()];
    return { policy: this.policy, releases: recipes.map((recipe) => this.#of(recipe, products)) };
  }

  /** Throws NOT_FOUND, CONFLICT and SIGNATURE_REFUSED. */
  async sign(signing: Signing, change: Change): Promise<RecipeSignature> {
    this.#changed++;
    try {
      const signed = await this.#records.sign({ ...signing, eyes: this.#eyes }, change);
      this.#changed++;
      this.#take([...this.#signatures, signed]);
      return signed;
    } catch (error) {
      this.#changed++;
      if (!isRefusal(error)) this.#isInDoubt = true;
      throw error;
    }
  }
}
