/** The station's recipes: which one is active, and every change of them, one after another. */

import { FelfriError } from '../../core/errors.ts';
import type { Alarms } from '../alarms.ts';
import type { Recipe, ThresholdChange } from '../contract/recipes.ts';
import type { StationEvent } from '../contract/station.ts';
import type { StationEvents } from '../events.ts';
import { InTurn } from '../in-turn.ts';
import type { InspectionQueue } from '../inspecting/inspection-queue.ts';
import type { RecordedBundle } from '../inspecting/messages.ts';
import { notFound } from '../not-found.ts';
import type { Change } from '../records/change.ts';
import type { Records } from '../records/records.ts';
import { checkedRecipe, requireOrder } from './new-recipe.ts';
import type { RecipeBundles } from './recipe-bundles.ts';
import { isRefusal, withoutPath } from './refusal.ts';
import type { Releases, Signing } from './releases.ts';
import type { Trust } from './trust.ts';

type RecipeChange = Extract<StationEvent, { type: 'recipe' }>['change'];

/** What of a station takes part. */
interface Things {
  readonly records: Records;
  readonly bundles: RecipeBundles;
  readonly queue: InspectionQueue;
  readonly events: StationEvents;
  readonly alarms: Alarms;
  readonly trust: Trust;
  readonly releases: Releases;
}

export class Recipes {
  readonly bundles: RecipeBundles;
  readonly releases: Releases;
  readonly #things: Things;
  /** As it judges: where releases are asked for, as it was released. */
  #active: Recipe | null = null;
  #inactiveReason: string | null = null;
  readonly #changes = new InTurn();
  /** Whether what is on record may be another than what is inspected by. */
  #isInDoubt = false;
  /** Rises with every change that is known to be on record. */
  #changed = 0;

  constructor(things: Things) {
    this.#things = things;
    this.bundles = things.bundles;
    this.releases = things.releases;
  }

  /** Opens the recipe that is active on record; where its bundle does not open, an alarm says so and none is active. */
  async openActive(): Promise<void> {
    const active = (await this.#things.records.recipes()).find((recipe) => recipe.active);
    if (!active) return;
    try {
      const released = this.releases.inForce(active);
      await this.#things.trust.require(this.bundles.directory(active.id));
      await this.#things.queue.prepare(this.bundles.recorded(active));
      this.#active = released;
      await this.#things.queue.keepInUse();
      this.#inactiveReason = null;
      this.#things.alarms.end('recipe', active.id);
    } catch (error) {
      this.refuse(active, error);
    }
  }

  get active(): Recipe | null {
    return this.#active;
  }

  /** Why no recipe is active though one should be; null where none is. */
  get inactiveReason(): string | null {
    return this.#inactiveReason;
  }

  /** Lets nothing more be decided by a recipe whose bundle is damaged or another one, and raises an alarm. */
  refuse({ id, name, active }: Recipe, error: unknown): void {
    const { message } = this.#things.alarms.raise('recipe', id, error);
    // another may have become active while an image was inspected by this one
    if (!active || (this.#active && this.#active.id !== id)) return;
    this.#active = null;
    this.#inactiveReason = `the active recipe ${JSON.stringify(name)} cannot be used: ${message}`;
  }

  /** Makes a change of the records. One that failed may be on record all the same; then nothing is decided until the records have said what holds. */
  async #change(what: RecipeChange, change: () => Promise<Recipe>): Promise<Recipe> {
    try {
      return this.#tell(what, await change());
    } catch (error) {
      if (!isRefusal(error)) {
        this.#isInDoubt = true;
        void this.settle().catch(() => undefined);
      }
      throw error;
    }
  }

  /** The active recipe as it may judge; null where it may not, and then none does. */
  #released(active: Recipe): Recipe | null {
    try {
      return this.releases.inForce(active);
    } catch (error) {
      this.refuse(active, error);
      return null;
    }
  }

  /** Looks up what is active where that is in doubt. Throws RECORDS_UNAVAILABLE where the database does not say. */
  async settle(): Promise<void> {
    await this.releases.settle();
    while (this.#isInDoubt) {
      const before = this.#changed;
      const active = (await this.#things.records.recipes()).find((recipe) => recipe.active);
      // what was changed meanwhile may be newer than this answer
      if (before !== this.#changed) continue;
      this.#isInDoubt = false;
      if (!active) return;
      const known = this.#active;
      // nobody may have opened its bundle: it may be damaged
      if (!known) await this.openActive();
      const released = this.#active && this.#released(active);
      if (!released || (active.id === known?.id && released.revision === known.revision)) return;
      // where it is another one, its bundle was opened before that was recorded
      this.#tell(active.id === known?.id ? 'thresholds' : 'activated', active);
    }
  }

  /** The recipe of an id, or the active one, as it may judge. Throws NOT_FOUND, NO_RECIPE, RECIPE_UNRELEASED; of an id also BUNDLE_UNTRUSTED. */
  async toInspectBy(id: string | undefined): Promise<Recipe> {
    await this.settle();
    if (id !== undefined && id !== this.#active?.id) return this.releases.inForce(await this.requireTrusted(id));
    if (this.#active) return this.#active;
    const why = this.#inactiveReason ?? 'the station has no active recipe';
    throw new FelfriError('NO_RECIPE', `${why}; upload a bundle and activate it`);
  }

  /** One whose model may be run by the present policy. Throws NOT_FOUND, BUNDLE_UNTRUSTED and KEY_INVALID. */
  async requireTrusted(id: string): Promise<Recipe> {
    const recipe = await this.require(id);
    await this.#things.trust.requireOwn(this.bundles.directory(id));
    return recipe;
  }

  /** Throws NOT_FOUND. */
  async require(id: string): Promise<Recipe> {
    const recipe = await this.#things.records.recipe(id);
    if (recipe) return recipe;
    throw notFound('recipe', id, '/api/recipes');
  }

  /** Whether it may be used by the present policy; a bundle that was signed since may come as another recipe. */
  isTrusted(id: string): Promise<boolean> {
    return this.#things.trust.trusts(this.bundles.directory(id));
  }

  #tell(change: RecipeChange, recipe: Recipe): Recipe {
    this.#changed++;
    // a change of thresholds makes no damaged bundle whole
    if (recipe.active && (change === 'activated' || this.#active)) {
      this.#active = this.#released(recipe);
      if (this.#active) this.#inactiveReason = null;
    }
    // who listens is told by what it judges
    const judging = recipe.active ? (this.#active ?? recipe) : recipe;
    this.#things.events.tell({ type: 'recipe', change, recipe: judging });
    return recipe;
  }

  /** Takes a received folder as a new recipe's bundle, once it opens and replays its golden images. Throws BUNDLE_ codes and KEY_INVALID. */
  async add(received: string, name: string, change: Change): Promise<Recipe> {
    try {
      // which may take long: other changes do not wait for it
      const recipe = await checkedRecipe(this.#things, received, name, change);
      return await this.#changes.run(async () => {
        await this.bundles.keep(received, recipe.id);
        return this.#change('created', () => this.#things.records.addRecipe(recipe, change));
      });
    } catch (error) {
      throw withoutPath(error, received);
    } finally {
      await this.bundles.discard(received);
    }
  }

  /** Opens its bundle beside the present one, then swaps: what was accepted before is finished by the recipe it was accepted under. */
  activate(id: string, change: Change): Promise<Recipe> {
    const { queue, records } = this.#things;
    const done = this.#changes.run(async () => {
      await this.releases.settle();
      this.releases.requireReleased(await this.require(id));
      await this.#open(id, (bundle) => queue.prepare(bundle));
      return this.#change('activated', () => records.activate(id, change));
    });
    return done.finally(() => queue.keepInUse());
  }

  /** Opens the bundle of a recipe that judges beside the active one. Throws NOT_FOUND and BUNDLE_ codes. */
  openBeside(id: string): Promise<void> {
    return this.#open(id, (bundle) => this.#things.queue.prepareBeside(bundle));
  }

  async #open(id: string, open: (bundle: RecordedBundle) => Promise<void>): Promise<void> {
    const { alarms } = this.#things;
    const recipe = await this.require(id);
    await this.#things.trust.requireOwn(this.bundles.directory(id));
    await open(this.bundles.recorded(recipe)).catch((error: unknown) => {
      alarms.raise('recipe', id, error);
      throw withoutPath(error, this.bundles.directory(id));
    });
    alarms.end('recipe', id);
  }

  /** Throws NOT_FOUND, CONFLICT, or OPTION_INVALID unless review <= ng. */
  setThresholds(id: string, { ng, review = null, revision }: ThresholdChange, change: Change): Promise<Recipe> {
    requireOrder(ng, review);
    const to = { threshold: ng, review, rule: 'by hand' };
    return this.#changes.run(async () =>
      this.#change('thresholds', () => this.#things.records.setThresholds(id, to, change, revision)),
    );
  }

  /** Throws NOT_FOUND or CONFLICT. */
  rollBack(id: string, to: number | undefined, change: Change): Promise<Recipe> {
    return this.#changes.run(async () =>
      this.#change('rolled back', () => this.#things.records.rollBack(id, to, change)),
    );
  }

  /** Signs for a recipe; what is released judges from then on. Throws NOT_FOUND, CONFLICT, SIGNATURE_REFUSED, and BUNDLE_ codes. */
  sign(signing: Signing, change: Change): Promise<Recipe> {
    const { recipe: id, meaning } = signing;
    return this.#changes.run(async () => {
      await this.settle();
      await this.bundles.requireWholeHash(await this.require(id));
      // else its products would be judged no more
      if ((await this.#things.records.products()).some(({ recipe }) => recipe === id)) await this.openBeside(id);
      return this.#change(meaning, async () => {
        await this.releases.sign(signing, change);
        const recipe = await this.require(id);
        // one that was active before releases were asked for
        if (recipe.active && !this.#active) await this.openActive();
        return recipe;
      });
    });
  }

  /** Waits for the changes that were begun. */
  close = (): Promise<void> => this.#changes.rest();
}
