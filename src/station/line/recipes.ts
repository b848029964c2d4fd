/** The choice of a recipe by a controller, by the numbers that the file gives them, and by the name that a file's name or the file has. */
import { FelfriError } from '../../core/errors.ts';
import type { Recipe } from '../contract/recipes.ts';
import type { Change } from '../records/change.ts';

interface Choosing {
  readonly recipes: { readonly active: Recipe | null; activate(id: string, change: Change): Promise<Recipe> };
  readonly records: { recipes(): Promise<Recipe[]> };
}

export class LineRecipes {
  readonly #station: Choosing;
  readonly #by: string;

  constructor(station: Choosing, by: string) {
    this.#station = station;
    this.#by = by;
  }

  get active(): Recipe | null {
    return this.#station.recipes.active;
  }

  /** Newest first. */
  all(): Promise<Recipe[]> {
    return this.#station.records.recipes();
  }

  /** By its id, or by its name where only one has it. Throws NOT_FOUND and CONFLICT. */
  async find(nameOrId: string): Promise<Recipe> {
    const all = await this.all();
    const found = all.filter(({ id, name }) => id === nameOrId || name === nameOrId);
    const [recipe] = found;
    if (!recipe) throw new FelfriError('NOT_FOUND', `there is no recipe ${JSON.stringify(nameOrId)}`);
    if (found.length > 1)
      throw new FelfriError('CONFLICT', `${found.length} recipes are called ${JSON.stringify(nameOrId)}; use the id`);
    return recipe;
  }

  /** As `find`. `by`: who asked for it, where that is known. Throws also BUNDLE_ codes. */
  async activate(nameOrId: string, by: string | null = null): Promise<Recipe> {
    const { id } = await this.find(nameOrId);
    return this.#station.recipes.activate(id, { by: by ?? this.#by, at: new Date() });
  }
}
