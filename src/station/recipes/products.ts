/**
 * Which recipe judges which product. Several recipes are in use at a time then, each for its product codes; a part of which nothing says the
 * product is never judged by the recipe of another.
 */
import { FelfriError } from '../../core/errors.ts';
import type { Product, ProductChange } from '../contract/products.ts';
import type { Recipe } from '../contract/recipes.ts';
import type { StationEvents } from '../events.ts';
import { InTurn } from '../in-turn.ts';
import type { InspectionQueue } from '../inspecting/inspection-queue.ts';
import type { Change } from '../records/change.ts';
import type { Records } from '../records/records.ts';
import type { Recipes } from './recipes.ts';
import { isRefusal } from './refusal.ts';

/** What says by which recipe an image is to be judged. */
interface Choice {
  readonly product?: string | undefined;
  readonly recipe?: string | undefined;
}

interface Things {
  readonly records: Records;
  readonly recipes: Recipes;
  readonly events: StationEvents;
  readonly queue: InspectionQueue;
}

const unknown = (message: string): FelfriError => new FelfriError('PRODUCT_UNKNOWN', message, { subject: 'product' });

export class Products {
  readonly #things: Things;
  readonly #changes = new InTurn();
  /** As they are set; where releases are asked for, another list may judge. */
  #list: readonly Product[] = [];
  /** Whether what is on record may be another than what is known. */
  #isInDoubt = false;
  /** Rises when a change begins and when it ends. */
  #changed = 0;

  constructor(things: Things) {
    this.#things = things;
    things.events.listen((event) => {
      if (event.type === 'recipe' && event.change === 'released') this.#tell(this.#list);
    });
  }

  /** Reads them, and opens their recipes; one that does not open costs its own parts alone, and an alarm. */
  async open(): Promise<void> {
    const { records, recipes } = this.#things;
    this.#list = await records.products();
    for (const id of new Set(this.all.map(({ recipe }) => recipe)))
      await recipes.openBeside(id).catch(async (error: unknown) => {
        recipes.refuse({ ...(await recipes.require(id)), active: false }, error);
      });
    await this.#things.queue.keepInUse();
  }

  /** By which recipe each code is judged, by code; as far as it is known. */
  get all(): readonly Product[] {
    return this.#things.recipes.releases.products(this.#list);
  }

  /** Whether a part needs a product code, or a recipe's id. */
  get areToldApart(): boolean {
    return this.all.length > 0 || this.#things.recipes.releases.tellsApart(this.#list);
  }

  /** What is set, looked up where that is in doubt. Throws RECORDS_UNAVAILABLE where the database does not say. */
  async settle(): Promise<readonly Product[]> {
    while (this.#isInDoubt) {
      const before = this.#changed;
      const list = await this.#things.records.products();
      // what was changed meanwhile may be newer than this answer
      if (before !== this.#changed) continue;
      this.#isInDoubt = false;
      this.#tell(list);
    }
    return this.#list;
  }

  #tell(products: readonly Product[]): void {
    this.#list = products;
    this.#things.events.tell({ type: 'products', products: [...this.all] });
  }

  /**
   * The recipe of a product, of an id, or the active one. Throws PRODUCT_UNKNOWN where nothing is set for the product, and where products are
   * told apart and neither product nor recipe is named; OPTION_INVALID where both are and disagree; and what `Recipes.toInspectBy` throws.
   */
  async toInspectBy({ product, recipe }: Choice): Promise<Recipe> {
    const { recipes } = this.#things;
    await this.settle();
    // a release says also whose products are judged by it
    await recipes.settle();
    return recipes.toInspectBy(this.#idBy({ product, recipe }));
  }

  /** Id of the recipe that a part of a product would be judged by now; null where none would. */
  recipeOf(product: string | null): string | null {
    try {
      const chosen = this.#idBy({ product: product ?? undefined });
      return chosen ?? this.#things.recipes.active?.id ?? null;
    } catch {
      return null;
    }
  }

  /** Undefined: the active one. */
  #idBy({ product, recipe }: Choice): string | undefined {
    const products = this.all;
    const legal = products.map(({ code }) => JSON.stringify(code)).join(', ');
    if (product === undefined) {
      if (recipe !== undefined || !this.areToldApart) return recipe;
      throw unknown(`no product was named, and recipes are set by product; legal are ${legal}, or a recipe by its id`);
    }
    const set = products.find(({ code }) => code === product)?.recipe;
    if (set === undefined && product !== undefined && this.#list.some(({ code }) => code === product))
      throw new FelfriError(
        'RECIPE_UNRELEASED',
        `a recipe is set for the product ${JSON.stringify(product)}, and it is not released for it yet`,
        { subject: 'product' },
      );
    if (set === undefined)
      throw unknown(`no recipe is set for the product ${JSON.stringify(product)}; legal are ${legal || 'none yet'}`);
    if (recipe === undefined || recipe === set) return set;
    throw new FelfriError(
      'OPTION_INVALID',
      `the recipe ${recipe} was named, and for the product ${JSON.stringify(product)} ${set} is set; name one of them`,
      { subject: 'recipe' },
    );
  }

  /** Opens its bundle first. Throws NOT_FOUND, and BUNDLE_ codes. */
  set({ code, recipe }: Pick<ProductChange, 'code' | 'recipe'>, change: Change): Promise<readonly Product[]> {
    const { records, recipes } = this.#things;
    return this.#changes.run(async () => {
      if (recipe !== null) await recipes.openBeside(recipe);
      this.#changed++;
      try {
        await records.setProduct(code, recipe, change);
      } catch (error) {
        if (isRefusal(error)) throw error;
        this.#changed++;
        this.#isInDoubt = true;
        throw error;
      }
      this.#changed++;
      this.#isInDoubt = true;
      const products = await this.settle();
      await this.#things.queue.keepInUse();
      return products;
    });
  }

  /** Waits for the changes that were begun. */
  close(): Promise<void> {
    return this.#changes.rest();
  }
}
