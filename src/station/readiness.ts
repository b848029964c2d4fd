/** Whether an image sent now would be decided and recorded: asked by controllers every second or so, and told to nobody before it was tried. */
import { rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FelfriError } from '../core/errors.ts';
import { diskFull } from '../core/system-errors.ts';
import { mostPixels } from '../data/image/memory.ts';
import type { Recipe } from './contract/recipes.ts';
import type { Readiness, RecipeInUse } from './contract/station.ts';
import type { Station } from './station.ts';

/** In which all must show that it works; who waits for longer holds the line anyway. */
const ANSWER_MILLIS = 2000;
/** For so long a record that failed says more than a trial that succeeds. */
const FAILED_MILLIS = 3000;
/** Less than this left on the disk is none. */
const LEAST_BYTES = 8 * 1024 * 1024;

/** What of an error is its readers' business. */
const told = (error: unknown): string =>
  error instanceof FelfriError ? error.message : 'the station met an error of its own';

/** The reason where none was chosen yet: nothing is broken then. */
export const NO_RECIPE = 'no recipe is active';

export class ReadinessCheck {
  readonly #station: Station;
  /** As they were on record at the last trial. */
  #recipes: readonly Recipe[] = [];
  #running: Promise<string | null> | undefined;
  #next: Promise<string | null> | undefined;

  constructor(station: Station) {
    this.#station = station;
  }

  async ask(): Promise<Readiness> {
    const reason = this.#known() ?? (await this.#trial()) ?? this.#known();
    return { ready: reason === null, reason, recipes: this.#inUse() };
  }

  /** Those of products; without any the active one. */
  #inUse(): RecipeInUse[] {
    const { recipes, products } = this.#station;
    const { active } = recipes;
    const told = ({ id, name, revision }: Recipe, product: string | null): RecipeInUse => ({
      product,
      recipe: id,
      name,
      revision,
      reason: product === null ? null : this.#faultOf(id),
    });
    // where there are products no image is judged by the active one unless it names it
    if (!products.areToldApart) return active ? [told(active, null)] : [];
    return products.all.flatMap(({ code, recipe }) => {
      const found = this.#recipes.find(({ id }) => id === recipe);
      return found ? [told(found, code)] : [];
    });
  }

  #faultOf(recipe: string): string | null {
    return this.#station.alarms.all.find(({ kind, id }) => kind === 'recipe' && id === recipe)?.message ?? null;
  }

  /** Where products are told apart, whether any of them can be judged; else the active recipe. */
  #recipeProblem(): string | null {
    const { recipes, products } = this.#station;
    const { active, inactiveReason } = recipes;
    if (!products.areToldApart) return active ? null : (inactiveReason ?? NO_RECIPE);
    if (products.all.length === 0) return 'no recipe is released for a product';
    const faults = products.all.map(({ recipe }) => this.#faultOf(recipe));
    return faults.includes(null) ? null : faults[0]!;
  }

  /** Where the pictures that the recipes in use learned from would all be refused for their size. */
  #sizeProblem(): string | null {
    const { recipes, products, settings, queue } = this.#station;
    const named = new Set(products.all.map(({ recipe }) => recipe));
    const inUse = named.size === 0 ? [recipes.active] : this.#recipes.filter(({ id }) => named.has(id));
    const most = Math.min(settings.maxPixels, mostPixels(queue.memory.bytes, 'uint8'));
    const least = inUse.map((recipe) => (recipe?.sizes ? recipe.sizes.height.least * recipe.sizes.width.least : 0));
    if (least.length === 0 || Math.min(...least) <= most) return null;
    const [theirs, legal] = [Math.min(...least), most].map((pixels) => (pixels / 1e6).toFixed(1));
    return `pictures as the recipe learned from have ${theirs} megapixels, and ${legal} are taken: start with a larger --memory or --image-megapixels`;
  }

  /** What stands in the way as far as the station knows by itself. */
  #known(): string | null {
    const { queue, inspections } = this.#station;
    const { lastFailure } = inspections;
    if (queue.stopping) return 'the station is stopping';
    const recipeProblem = this.#recipeProblem();
    if (recipeProblem !== null) return recipeProblem;
    const sizeProblem = this.#sizeProblem();
    if (sizeProblem !== null) return sizeProblem;
    if (queue.trouble !== null) return queue.trouble;
    if (lastFailure && performance.now() - lastFailure.at < FAILED_MILLIS)
      return `an image could not be recorded: ${told(lastFailure.error)}`;
    return null;
  }

  /** A trial that began after it was asked for; those who ask while one runs share the next. */
  #trial(): Promise<string | null> {
    if (!this.#running) return this.#begin();
    this.#next ??= this.#running.then(() => this.#begin());
    return this.#next;
  }

  #begin(): Promise<string | null> {
    this.#next = undefined;
    const running = this.#try().finally(() => {
      if (this.#running === running) this.#running = undefined;
    });
    this.#running = running;
    return running;
  }

  async #try(): Promise<string | null> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<string>((resolve) => {
      timer = setTimeout(
        resolve,
        ANSWER_MILLIS,
        `nothing could be inspected and recorded within ${ANSWER_MILLIS / 1000} seconds`,
      );
    });
    const { records, queue, recipes, products } = this.#station;
    const known = Promise.all([recipes.settle(), products.settle()]).then(async ([, { length }]) => {
      if (length > 0) this.#recipes = (await records.recipes()).map((one) => recipes.releases.shown(one));
    });
    const trial = Promise.all([records.ping(), queue.trial(), known, this.#writeFile()]).then(
      () => null,
      (error: unknown) => `nothing can be recorded: ${told(error)}`,
    );
    const found = await Promise.race([trial, late]);
    clearTimeout(timer);
    return found;
  }

  async #writeFile(): Promise<void> {
    const { folder, store } = this.#station.settings;
    if (store === 'none' && this.#station.records.kind === 'postgresql') return;
    try {
      const { bavail, bsize } = await statfs(folder);
      if (bavail * bsize < LEAST_BYTES) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
      const path = join(folder, 'station.ready.tmp');
      await writeFile(path, 'ready').finally(() => rm(path, { force: true }));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const refused = new FelfriError('RECORDS_UNAVAILABLE', `the data folder cannot be written (${code})`);
      throw diskFull('the data folder', error) ?? refused;
    }
    if (store !== 'none') await this.#station.pictures.trial();
  }
}
