/** The station without its HTTP: images in, decisions on record; recipes, feedback and what follows from them. */
import { join } from 'node:path';
import { FelfriError } from '../core/errors.ts';
import type { Decision } from '../judge/decision.ts';
import { Alarms } from './alarms.ts';
import { Comparisons } from './comparisons.ts';
import type { Feedback, Inspection, InspectionFields } from './contract/inspections.ts';
import type { PartRecord } from './contract/not-inspected.ts';
import type { Recipe, ThresholdChange } from './contract/recipes.ts';
import type { StationEvent, StorePolicy } from './contract/station.ts';
import { DataSets } from './datasets/data-sets.ts';
import { StationEvents } from './events.ts';
import { type Held, hold } from './held-folder.ts';
import { newId } from './ids.ts';
import type { Attempt } from './inspecting/attempt.ts';
import { Inspecting } from './inspecting/inspecting.ts';
import { InspectionQueue, type QueueSettings } from './inspecting/inspection-queue.ts';
import { NotInspectedLog } from './not-inspected.ts';
import { PictureStore } from './picture-store.ts';
import { RecentPictures } from './recent-pictures.ts';
import { RecipeBundles, recipeOfBundle } from './recipe-bundles.ts';
import type { RecordsPlace } from './records/open-records.ts';
import type { Change, Records } from './records/records.ts';
import { Replays } from './replays.ts';
import type { RetentionLimits } from './retention.ts';
import type { TrainCommand } from './training/process.ts';
import { Trainings } from './training/trainings.ts';
import { Views } from './views.ts';

export interface StationSettings {
  /** Of everything that is kept in files. */
  readonly folder: string;
  readonly records: RecordsPlace;
  readonly store: StorePolicy;
  /** What it is said to keep; who opens the station runs it. Left out: everything, for ever. */
  readonly retention?: RetentionLimits;
  readonly queue: QueueSettings;
  /** Most pixels of an image, refused from its header. */
  readonly maxPixels: number;
  /** In which an image must be decided on once it has come; 30 unless told. */
  readonly decideSeconds?: number;
  /** After which a page shows a decision as an old one; 30 unless told. */
  readonly showSeconds?: number;
  /** Looks at the records before anything else is opened or changed; what it throws ends the start. */
  readonly admit?: (records: Records) => Promise<void>;
  readonly train: TrainCommand;
  /** Where `felfri compare` leaves its folders; left out: `comparisons` in the data folder. */
  readonly comparisons?: string;
}

type RecipeChange = Extract<StationEvent, { type: 'recipe' }>['change'];

export class Station {
  readonly settings: StationSettings;
  readonly records: Records;
  readonly queue: InspectionQueue;
  readonly pictures: PictureStore;
  readonly recentPictures = new RecentPictures();
  readonly views = new Views();
  readonly bundles: RecipeBundles;
  readonly dataSets: DataSets;
  readonly trainings: Trainings;
  readonly replays: Replays;
  readonly comparisons: Comparisons;
  readonly events = new StationEvents();
  readonly startedAt = new Date();
  /** Parts that came and were not inspected. */
  readonly notInspected: NotInspectedLog;
  readonly alarms: Alarms;
  #active: Recipe | null = null;
  #inactiveReason: string | null = null;
  readonly #inspecting: Inspecting;
  /** Changes of recipes, one after another. */
  #lastChange: Promise<unknown> = Promise.resolve();

  readonly #release: () => void;

  private constructor({ settings, records, release }: Held, alarms: Alarms, dataSets: DataSets, trainings: Trainings) {
    this.settings = settings;
    this.records = records;
    this.#release = release;
    this.alarms = alarms;
    this.dataSets = dataSets;
    this.trainings = trainings;
    this.queue = new InspectionQueue(settings.queue);
    this.pictures = new PictureStore(settings.folder);
    this.bundles = new RecipeBundles(settings.folder);
    this.notInspected = new NotInspectedLog(records, this.events);
    this.#inspecting = new Inspecting(this, {
      recipeFor: (id) => this.#recipeFor(id),
      refuse: (recipe, error) => this.#refuse(recipe, error),
    });
    this.replays = new Replays(this);
    this.comparisons = new Comparisons(settings.comparisons ?? join(settings.folder, 'comparisons'));
  }

  /**
   * Takes the folder, opens records and the active recipe; what of its files is damaged costs that alone, and an alarm. Throws FOLDER_IN_USE
   * before anything is touched, RECORDS_UNAVAILABLE, and what `admit` throws.
   */
  static async open(settings: StationSettings): Promise<Station> {
    const held = await hold(settings);
    const station = await Station.#withFolders(held).catch(async (error: unknown) => {
      await held.records.close();
      held.release();
      throw error;
    });
    try {
      await station.bundles.clear();
      await station.replays.load();
      const active = (await station.records.recipes()).find((recipe) => recipe.active);
      if (active && (await station.#opens(active))) station.#active = active;
      return station;
    } catch (error) {
      await station.close();
      throw error;
    }
  }

  static async #withFolders(held: Held): Promise<Station> {
    const { settings, records } = held;
    const { folder, maxPixels, train } = settings;
    await settings.admit?.(records);
    const alarms = new Alarms(folder);
    const dataSets = await DataSets.open(join(folder, 'datasets'), records, maxPixels, alarms);
    const trainings = await Trainings.open(join(folder, 'trainings'), train, { records, dataSets, alarms });
    return new Station(held, alarms, dataSets, trainings);
  }

  /** Goes on with the trainings that wait, once the station is sure to stay. */
  begin(): void {
    this.trainings.begin();
  }

  /** Whether a recipe's bundle opens as it is on record; else it raises an alarm. */
  async #opens(recipe: Recipe): Promise<boolean> {
    try {
      await this.queue.prepare(this.bundles.recorded(recipe));
      return true;
    } catch (error) {
      this.#refuse(recipe, error);
      return false;
    }
  }

  /** Lets nothing more be decided by a recipe whose bundle is damaged or another one. */
  #refuse({ id, name, active }: Recipe, error: unknown): void {
    const { message } = this.alarms.raise('recipe', id, error);
    if (!active) return;
    this.#active = null;
    this.#inactiveReason = `the active recipe ${JSON.stringify(name)} cannot be used: ${message}`;
  }

  /** Decisions since the start. */
  get counts(): Readonly<Record<Decision, number>> {
    return this.#inspecting.counts;
  }

  get active(): Recipe | null {
    return this.#active;
  }

  /** Why no recipe is active though one should be; null where none is. */
  get inactiveReason(): string | null {
    return this.#inactiveReason;
  }

  get decideSeconds(): number {
    return this.settings.decideSeconds ?? 30;
  }

  get showSeconds(): number {
    return this.settings.showSeconds ?? 30;
  }

  async #recipeFor(id: string | undefined): Promise<Recipe> {
    if (id !== undefined && id !== this.#active?.id) return this.requireRecipe(id);
    if (this.#active) return this.#active;
    const why = this.#inactiveReason ?? 'the station has no active recipe';
    throw new FelfriError('NO_RECIPE', `${why}; upload a bundle and activate it`);
  }

  /** Throws NOT_FOUND. */
  async requireRecipe(id: string): Promise<Recipe> {
    const recipe = await this.records.recipe(id);
    if (recipe) return recipe;
    throw new FelfriError('NOT_FOUND', `there is no recipe ${id}; GET /api/recipes lists those that are`, {
      subject: id,
    });
  }

  /** As Inspecting.inspect says. */
  inspect(
    bytes: Uint8Array<ArrayBuffer>,
    fields: InspectionFields,
    attempt?: Attempt,
  ): Promise<{ inspection: Inspection; added: boolean }> {
    return this.#inspecting.inspect(bytes, fields, attempt);
  }

  /** A person's verdict. Throws NOT_FOUND, or OPTION_INVALID when it does not go with the decision. */
  async giveFeedback(id: string, verdict: Feedback['verdict'], change: Change): Promise<Inspection> {
    const { decision } = await this.requireInspection(id);
    if ((decision === 'OK' && verdict === 'false-alarm') || (decision === 'NG' && verdict === 'missed')) {
      throw new FelfriError(
        'OPTION_INVALID',
        `the decision was ${decision}, which is no ${verdict}; legal are agree and ${decision === 'OK' ? 'missed' : 'false-alarm'}`,
        { subject: 'verdict' },
      );
    }
    const inspection = await this.records.giveFeedback(id, verdict, change);
    this.events.tell({ type: 'inspection', change: 'feedback', inspection });
    return inspection;
  }

  /** Throws NOT_FOUND, also when nobody gave a verdict. */
  async withdrawFeedback(id: string, change: Change): Promise<Inspection> {
    const inspection = await this.records.withdrawFeedback(id, change);
    this.events.tell({ type: 'inspection', change: 'feedback', inspection });
    return inspection;
  }

  /** An inspection, or a part that was not inspected. Throws NOT_FOUND. */
  async requireRecord(id: string): Promise<PartRecord> {
    return (await this.records.notInspected(id)) ?? this.requireInspection(id);
  }

  /** Throws NOT_FOUND, or CONFLICT where the part was not inspected. */
  async requireInspection(id: string): Promise<Inspection> {
    const inspection = await this.records.inspection(id);
    if (inspection) return inspection;
    if (await this.records.notInspected(id))
      throw new FelfriError('CONFLICT', `the part of ${id} was not inspected; there is no decision to go by`, {
        subject: id,
      });
    throw new FelfriError('NOT_FOUND', `there is no inspection ${id}`, { subject: id });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#lastChange.then(work);
    this.#lastChange = done.catch(() => undefined);
    return done;
  }

  #changed(change: RecipeChange, recipe: Recipe): Recipe {
    // a change of thresholds makes no damaged bundle whole
    if (recipe.active && (change === 'activated' || this.#active)) {
      this.#active = recipe;
      this.#inactiveReason = null;
    }
    this.events.tell({ type: 'recipe', change, recipe });
    return recipe;
  }

  /** Takes a received folder as a new recipe's bundle, once it opens and replays its golden images. Throws BUNDLE_ codes. */
  addRecipe(received: string, name: string, change: Change): Promise<Recipe> {
    return this.#inTurn(async () => {
      try {
        const recipe = recipeOfBundle(newId(), name, await this.queue.check(received), change.at);
        await this.bundles.keep(received, recipe.id);
        return this.#changed('created', await this.records.addRecipe(recipe, change));
      } catch (error) {
        throw withoutPath(error, received);
      } finally {
        await this.bundles.discard(received);
      }
    });
  }

  /** Opens its bundle beside the present one, then swaps: what was accepted before is finished by the recipe it was accepted under. */
  activate(id: string, change: Change): Promise<Recipe> {
    return this.#inTurn(async () => {
      const recipe = await this.requireRecipe(id);
      await this.queue.prepare(this.bundles.recorded(recipe)).catch((error: unknown) => {
        this.alarms.raise('recipe', id, error);
        throw withoutPath(error, this.bundles.directory(id));
      });
      this.alarms.end('recipe', id);
      return this.#changed('activated', await this.records.activate(id, change));
    });
  }

  /** Throws NOT_FOUND, CONFLICT, or OPTION_INVALID unless review <= ng. */
  setThresholds(id: string, { ng, review = null, revision }: ThresholdChange, change: Change): Promise<Recipe> {
    if (review !== null && review > ng) {
      throw new FelfriError(
        'OPTION_INVALID',
        `got ${review} for REVIEW and ${ng} for NG; REVIEW must not be above NG`,
        {
          subject: 'review',
        },
      );
    }
    const to = { threshold: ng, review, rule: 'by hand' };
    return this.#inTurn(async () =>
      this.#changed('thresholds', await this.records.setThresholds(id, to, change, revision)),
    );
  }

  /** Throws NOT_FOUND or CONFLICT. */
  rollBack(id: string, to: number | undefined, change: Change): Promise<Recipe> {
    return this.#inTurn(async () => this.#changed('rolled back', await this.records.rollBack(id, to, change)));
  }

  /** Takes no more images, finishes those it took, and closes everything. */
  async close(): Promise<void> {
    await this.replays.close();
    await this.queue.close();
    await this.#lastChange;
    await this.notInspected.close();
    await this.dataSets.close();
    await this.trainings.close();
    await this.records.close();
    this.#release();
  }
}

/** An error without the folder in it: where the station keeps things is not its clients' business. */
function withoutPath(error: unknown, folder: string): unknown {
  if (!(error instanceof FelfriError)) return error;
  return new FelfriError(error.code, error.message.replaceAll(folder, 'the bundle'), { cause: error });
}
