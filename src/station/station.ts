/** The station without its HTTP: the things that it is made of, opened together and closed together. */
import { join } from 'node:path';
import { Alarms } from './alarms.ts';
import { Comparisons } from './comparisons.ts';
import { DataSets } from './datasets/data-sets.ts';
import { Drift } from './drift/drift.ts';
import { References } from './drift/references.ts';
import { StationEvents } from './events.ts';
import { type Held, hold } from './folder/held-folder.ts';
import { removeUnfinished } from './folder/unfinished.ts';
import { goOnAfter } from './ids.ts';
import { InspectionQueue } from './inspecting/inspection-queue.ts';
import { Inspections } from './inspections/inspections.ts';
import { NotInspectedLog } from './inspections/not-inspected.ts';
import { Moments } from './moments.ts';
import { PictureStore } from './pictures/picture-store.ts';
import { RecentPictures } from './pictures/recent-pictures.ts';
import { Views } from './pictures/views.ts';
import { Products } from './recipes/products.ts';
import { RecipeBundles } from './recipes/recipe-bundles.ts';
import { Recipes } from './recipes/recipes.ts';
import { Releases } from './recipes/releases.ts';
import { Trust } from './recipes/trust.ts';
import type { Records } from './records/records.ts';
import { Replays } from './replays/replays.ts';
import type { StationSettings } from './settings.ts';
import { Shadows } from './shadows/shadows.ts';
import { Studies } from './studies/studies.ts';
import { Trainings } from './training/trainings.ts';

/** What is opened before the rest is made. */
interface Opened extends Held {
  readonly alarms: Alarms;
  readonly dataSets: DataSets;
  readonly trainings: Trainings;
  readonly studies: Studies;
}

export class Station {
  readonly settings: StationSettings;
  readonly records: Records;
  readonly queue: InspectionQueue;
  readonly recipes: Recipes;
  readonly products: Products;
  /** Made once the records of what is watched were read. */
  inspections!: Inspections;
  drift!: Drift;
  references!: References;
  /** Parts that came and were not inspected. */
  readonly notInspected: NotInspectedLog;
  readonly pictures: PictureStore;
  readonly recentPictures = new RecentPictures();
  readonly views = new Views(() => this.queue.isAtWork);
  readonly dataSets: DataSets;
  readonly trainings: Trainings;
  readonly replays: Replays;
  readonly shadows: Shadows;
  readonly studies: Studies;
  readonly comparisons: Comparisons;
  readonly events = new StationEvents();
  /** Of the parts that were recorded since the start. */
  readonly moments = new Moments();
  readonly alarms: Alarms;
  readonly startedAt = new Date();
  readonly upgraded: Held['upgraded'];
  readonly #release: () => void;

  private constructor({ settings, records, release, upgraded, alarms, dataSets, trainings, studies }: Opened) {
    const { folder, decideSeconds = 30 } = settings;
    this.settings = settings;
    this.records = records;
    this.#release = release;
    this.upgraded = upgraded;
    this.alarms = alarms;
    this.dataSets = dataSets;
    this.trainings = trainings;
    this.studies = studies;
    this.queue = new InspectionQueue(settings.queue, decideSeconds);
    this.pictures = new PictureStore(folder);
    this.recipes = new Recipes({
      records,
      alarms,
      queue: this.queue,
      events: this.events,
      bundles: new RecipeBundles(folder),
      trust: new Trust(settings.trustedKeys),
      releases: new Releases(records, settings.release),
    });
    this.products = new Products(this);
    this.queue.inUse = () =>
      [this.recipes.active?.id ?? [], this.products.all.map(({ recipe }) => recipe)]
        .flat()
        .map((id) => this.recipes.bundles.directory(id));
    this.notInspected = new NotInspectedLog(records, this.events, this.moments);
    alarms.listen((alarm) => this.events.tell({ type: 'alarm', change: 'raised', alarm }));
    alarms.listenToEnds((alarm) => this.events.tell({ type: 'alarm', change: 'ended', alarm }));
    this.replays = new Replays(this);
    this.shadows = new Shadows(this);
    this.comparisons = new Comparisons(settings.comparisons ?? join(folder, 'comparisons'));
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
      await removeUnfinished(settings.folder);
      await station.replays.load();
      await station.recipes.releases.open();
      await station.recipes.openActive();
      await station.products.open();
      await station.shadows.load();
      await station.#watch();
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
    // what is listed by its id stays in order, whatever became of the clock
    goOnAfter((await records.newest()).id ?? '');
    const alarms = new Alarms(folder);
    let station: Station | undefined;
    const about = { records, maxPixels, alarms };
    const dataSets = await DataSets.open(join(folder, 'datasets'), about, () => station!.queue.beside);
    const trainings = await Trainings.open(join(folder, 'trainings'), train, { records, dataSets, alarms });
    const studies = await Studies.open(join(folder, 'studies'), { records, dataSets, alarms });
    station = new Station({ ...held, alarms, dataSets, trainings, studies });
    return station;
  }

  async #watch(): Promise<void> {
    const { settings, records, alarms, recipes, products } = this;
    const things = { folder: settings.folder, records, alarms, recipes, products };
    this.drift = await Drift.open(things);
    this.references = await References.open(things);
    this.inspections = new Inspections(this, settings.decideSeconds ?? 30);
  }

  /** Goes on with the trainings that wait and with shadows, once the station is sure to stay. */
  begin(): void {
    this.trainings.begin();
    this.shadows.begin();
  }

  /** Takes no more images, finishes those it took, and closes everything. */
  async close(): Promise<void> {
    await Promise.all([this.replays.close(), this.shadows.close(), this.queue.close(), this.trainings.close()]);
    await Promise.all([this.recipes.close(), this.products.close()]);
    await Promise.all([this.drift?.close(), this.references?.close()]);
    await this.notInspected.close();
    await this.studies.rest();
    await this.dataSets.close();
    await this.records.close();
    this.#release();
  }
}
