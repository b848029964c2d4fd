/** Shadows of the station: started, gone on with after a restart, ended, and what they found. Nothing here is waited for by an inspection. */
import { FelfriError } from '../../core/errors.ts';
import { Gate } from '../../inspect/gate.ts';
import type { Alarms } from '../alarms.ts';
import type { Inspection } from '../contract/inspections.ts';
import type { Recipe } from '../contract/recipes.ts';
import type { NewShadow, Shadow, ShadowList, ShadowReport } from '../contract/shadows.ts';
import { newId } from '../ids.ts';
import { InTurn } from '../in-turn.ts';
import type { InspectionQueue } from '../inspecting/inspection-queue.ts';
import { ShadowProcess } from '../inspecting/shadow-process.ts';
import { notFound } from '../not-found.ts';
import type { Recipes } from '../recipes/recipes.ts';
import type { Change } from '../records/change.ts';
import type { Records } from '../records/records.ts';
import type { ShadowEnd, StoredShadow } from '../records/shadows.ts';
import type { StationSettings } from '../settings.ts';
import { shadowPage, shadowReport, toldShadow } from './shadow-report.ts';
import { type Ended, Shadowing } from './shadowing.ts';

const DAY_MILLIS = 24 * 3600 * 1000;
/** How often it is looked whether one is due. */
const LOOK_MILLIS = 30_000;
/** In which a part must be judged, at the lowest priority of a busy machine. */
const JUDGE_SECONDS = 300;

/** What of a station takes part. */
interface Things {
  readonly settings: Pick<StationSettings, 'maxPixels' | 'shadowSeconds'>;
  readonly records: Records;
  readonly recipes: Recipes;
  readonly queue: InspectionQueue;
  readonly alarms: Alarms;
}

/** Until it is known which inspection was the last. */
type Ending = Omit<ShadowEnd, 'lastId'> & { readonly change: Change };

const told = (error: unknown): string =>
  error instanceof FelfriError ? `${error.code}: ${error.message}` : 'the station met an error of its own';

export class Shadows {
  readonly #things: Things;
  /** Those that run, by the recipe that decides. */
  readonly #running = new Map<string, Shadowing>();
  /** Ends that are not on record yet, by the shadow. */
  readonly #ending = new Map<string, ShadowEnd & Ending>();
  readonly #changes = new InTurn();
  readonly #gate = new Gate(1);
  #opening: ShadowProcess | undefined;
  #resumed: StoredShadow[] = [];
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(things: Things) {
    this.#things = things;
  }

  /** Reads those that were not ended. */
  async load(): Promise<void> {
    this.#resumed = (await this.#things.records.shadows.all()).filter(({ state }) => state === 'running');
  }

  /** Goes on with them; one whose recipe may not be used ends with an alarm. */
  begin(): void {
    this.#timer = setInterval(() => this.#look(), LOOK_MILLIS).unref();
    const resumed = this.#resumed;
    this.#resumed = [];
    void this.#changes.run(async () => {
      for (const stored of resumed) await this.#resume(stored).catch((error: unknown) => this.#fail(stored, error));
    });
  }

  async #resume(stored: StoredShadow): Promise<void> {
    const { records, recipes } = this.#things;
    const recipe = await recipes.requireTrusted(stored.recipe);
    const judged = (await records.shadows.judged()).get(stored.id) ?? 0;
    this.#run(stored, this.#processOf(recipe), judged).look(new Date());
  }

  #processOf(recipe: Recipe): ShadowProcess {
    const { settings, recipes, queue } = this.#things;
    const { shadowSeconds = JUDGE_SECONDS } = settings;
    return new ShadowProcess(queue.memory, recipes.bundles.recorded(recipe), shadowSeconds * 1000);
  }

  #run(stored: StoredShadow, process: ShadowProcess, judged: number): Shadowing {
    const { settings, records, queue } = this.#things;
    const things = { records: records.shadows, queue, maxPixels: settings.maxPixels, gate: this.#gate };
    const shadowing = new Shadowing(things, { stored, process, judged }, (end) => void this.#endItself(stored, end));
    this.#running.set(stored.deciding, shadowing);
    return shadowing;
  }

  /** Hears of an inspection that is on record; reference parts are no parts of the line. Returns at once, and throws nothing. */
  offer(inspection: Inspection, bytes: Uint8Array<ArrayBuffer>): void {
    if (inspection.reference === null) this.#running.get(inspection.recipe)?.offer(inspection, bytes);
  }

  #look(): void {
    for (const shadowing of this.#running.values()) shadowing.look(new Date());
    for (const id of this.#ending.keys()) void this.#changes.run(() => this.#record(id)).catch(() => undefined);
  }

  /**
   * Begins one. Throws NOT_FOUND, NO_RECIPE, OPTION_INVALID for a recipe as its own shadow, CONFLICT where the deciding recipe has one,
   * MEMORY_FULL, BUNDLE_ codes and PROCESS_ENDED.
   */
  start({ recipe: id, deciding: of, days, parts }: NewShadow, change: Change): Promise<Shadow> {
    return this.#changes.run(async () => {
      const { records, recipes } = this.#things;
      const deciding = of === undefined ? await recipes.toInspectBy(undefined) : await recipes.require(of);
      if (deciding.id === id) {
        const message = `got ${id} as its own shadow; name another recipe than the one that decides`;
        throw new FelfriError('OPTION_INVALID', message, { subject: 'recipe' });
      }
      const recipe = await recipes.requireTrusted(id);
      const other = this.#running.get(deciding.id);
      if (other) {
        const message = `shadow ${other.stored.id} judges the parts of ${JSON.stringify(deciding.name)} already; stop it first`;
        throw new FelfriError('CONFLICT', message, { subject: other.stored.id });
      }
      const process = this.#processOf(recipe);
      this.#opening = process;
      await process.open('the most so far');
      this.#opening = undefined;
      const { revision, threshold, review, bundleHash } = recipe;
      const { at, by } = change;
      const stored: StoredShadow = {
        ...{ id: newId(), recipe: id, revision, threshold, review, deciding: deciding.id },
        ...{ state: 'running', problem: null, startedBy: by, startedAt: at.toISOString() },
        ...{ endsAt: days === undefined ? null : new Date(at.getTime() + days * DAY_MILLIS).toISOString() },
        ...{ mostParts: parts ?? null, endedAt: null, lastId: null },
      };
      // first, so that what is decided while that is written is judged as well
      const shadowing = this.#run(stored, process, 0);
      try {
        await records.shadows.start(stored, bundleHash, change);
      } catch (error) {
        this.#running.delete(deciding.id);
        await shadowing.stop(false);
        throw error;
      }
      shadowing.look(new Date());
      return this.#told(stored);
    });
  }

  /** Throws NOT_FOUND. One that ended stays as it is, and its alarm is taken back. */
  async stop(id: string, change: Change): Promise<Shadow> {
    const stored = await this.#require(id);
    this.#things.alarms.end('shadow', id);
    if (stored.state !== 'running') return this.#told(stored);
    return this.#told(await this.#changes.run(() => this.#end(stored, { state: 'stopped', problem: null, change })));
  }

  async #endItself(stored: StoredShadow, end: Ended): Promise<void> {
    if (end.state === 'failed') {
      this.#fail(stored, end.error);
      return;
    }
    const done = { state: end.state, problem: null, change: { by: 'felfri serve', at: new Date() } };
    await this.#changes.run(() => this.#end(stored, done)).catch(() => undefined);
  }

  /** Says so at once, and ends it. */
  #fail(stored: StoredShadow, error: unknown): void {
    this.#things.alarms.raise('shadow', stored.id, error);
    const end = { state: 'failed' as const, problem: told(error), change: { by: 'felfri serve', at: new Date() } };
    void this.#changes.run(() => this.#end(stored, end)).catch(() => undefined);
  }

  /** The database may be away: it is ended all the same, and recorded once that takes it. */
  async #end(stored: StoredShadow, end: Ending): Promise<StoredShadow> {
    const { id, deciding } = stored;
    const shadowing = this.#liveOf(stored);
    // what came after the last that it took is none of it, however late it is ended
    if (!this.#ending.has(id)) this.#ending.set(id, { ...end, lastId: shadowing?.lastId ?? newId() });
    if (shadowing) {
      this.#running.delete(deciding);
      await shadowing.stop(true);
    }
    return this.#record(id);
  }

  async #record(id: string): Promise<StoredShadow> {
    const { change, ...end } = this.#ending.get(id) ?? {};
    if (!change) return this.#require(id);
    const stored = await this.#things.records.shadows.end(id, end as ShadowEnd, change);
    this.#ending.delete(id);
    return stored;
  }

  async #require(id: string): Promise<StoredShadow> {
    const stored = (await this.#things.records.shadows.all()).find((one) => one.id === id);
    if (stored) return stored;
    throw notFound('shadow', id, '/api/shadows');
  }

  async #told(stored: StoredShadow): Promise<Shadow> {
    const [all, judged] = await Promise.all([this.#names(), this.#things.records.shadows.judged()]);
    return this.#shadowOf(stored, all, judged.get(stored.id) ?? 0);
  }

  async #names(): Promise<ReadonlyMap<string, string>> {
    return new Map((await this.#things.records.recipes()).map(({ id, name }) => [id, name]));
  }

  #shadowOf(stored: StoredShadow, names: ReadonlyMap<string, string>, judged: number): Shadow {
    // what ended is told as that, be it on record yet or not
    const end = this.#ending.get(stored.id) ?? stored;
    return toldShadow(stored, end, names, { judged, waiting: this.#liveOf(stored)?.waiting ?? 0 });
  }

  #liveOf({ id, deciding }: StoredShadow): Shadowing | undefined {
    const live = this.#running.get(deciding);
    return live?.stored.id === id ? live : undefined;
  }

  async list(): Promise<ShadowList> {
    const { shadows } = this.#things.records;
    const [all, names, judged] = await Promise.all([shadows.all(), this.#names(), shadows.judged()]);
    return { shadows: all.map((stored) => this.#shadowOf(stored, names, judged.get(stored.id) ?? 0)) };
  }

  /** Throws NOT_FOUND. */
  async report(id: string): Promise<ShadowReport> {
    const stored = await this.#require(id);
    const live = this.#liveOf(stored);
    await live?.settled();
    const shadow = await this.#told(stored);
    // read together with what waits
    const now = live ? { ...shadow, waiting: live.waiting } : shadow;
    const end = this.#ending.get(id);
    const lastId = stored.lastId ?? live?.lastId ?? end?.lastId ?? newId();
    return shadowReport(this.#things.records.shadows, { ...stored, lastId }, now);
  }

  /** As a page. Throws NOT_FOUND. */
  async page(id: string): Promise<string> {
    return shadowPage(await this.report(id), new Date());
  }

  /** Those that run go on when the station is opened again. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#opening?.end();
    await this.#changes.rest();
    await Promise.all([...this.#running.values()].map((shadowing) => shadowing.stop(false)));
  }
}
