/** Replays of kept images by two recipes, one at a time in a process of low priority; the line goes first. */
import { join } from 'node:path';
import { FelfriError } from '../../core/errors.ts';
import { readImageHeader } from '../../data/image/header.ts';
import { inspectedBytes } from '../../data/image/memory.ts';
import { decide } from '../../judge/decision.ts';
import { isOfPicture } from '../../judge/verdict.ts';
import type { Alarms } from '../alarms.ts';
import type { Inspection } from '../contract/inspections.ts';
import type { Recipe } from '../contract/recipes.ts';
import type { NewReplay, ReplayList, Replay as ReplayState } from '../contract/replays.ts';
import { newId } from '../ids.ts';
import { ComputingProcess } from '../inspecting/computing-process.ts';
import type { InspectionQueue } from '../inspecting/inspection-queue.ts';
import type { Inspections } from '../inspections/inspections.ts';
import { byteMapPng } from '../pictures/byte-map-png.ts';
import type { PictureStore } from '../pictures/picture-store.ts';
import type { Recipes } from '../recipes/recipes.ts';
import type { Records } from '../records/records.ts';
import type { StationSettings } from '../settings.ts';
import { Replay, type Replayed } from './replay.ts';
import { ReplayStore } from './replay-store.ts';

const PAGE = 500;
const DEFAULT_LIMIT = 500;
/** A computation that takes longer never ends; the line goes first, so that it may wait long. */
const LIMIT_MILLIS = 300_000;

/** What of a station takes part. */
interface Things {
  readonly settings: Pick<StationSettings, 'folder' | 'maxPixels'>;
  readonly records: Records;
  readonly recipes: Recipes;
  readonly inspections: Inspections;
  readonly pictures: PictureStore;
  readonly queue: InspectionQueue;
  readonly alarms: Alarms;
}

export class Replays {
  readonly #things: Things;
  /** Those under way: one, and such as were just cancelled. */
  #live: Replay[] = [];
  readonly #ended: ReplayStore;
  #process: ComputingProcess | undefined;
  #work: Promise<void> = Promise.resolve();

  constructor(things: Things) {
    this.#things = things;
    this.#ended = new ReplayStore(join(things.settings.folder, 'replays'));
  }

  /** Reads those that ended before the station was opened. */
  load(): Promise<void> {
    return this.#ended.load(this.#things.alarms);
  }

  /** Newest first. */
  list(): ReplayList {
    const kept = this.#ended.all;
    const live = this.#live.filter(({ id }) => kept.every((one) => one.id !== id));
    const all = [...live.map((replay) => replay.answer()), ...kept];
    return { replays: all.map(({ changes: _, ...replay }) => replay) };
  }

  /** Throws NOT_FOUND. */
  find(id: string): ReplayState {
    const replay = this.#ended.all.find((one) => one.id === id) ?? this.#live.find((one) => one.id === id)?.answer();
    if (replay) return replay;
    throw new FelfriError('NOT_FOUND', `there is no replay ${id}; GET /api/replays lists those that are kept`, {
      subject: id,
    });
  }

  /** Begins one. Throws NOT_FOUND, BUNDLE_UNTRUSTED, OPTION_INVALID when both recipes are the same, and CONFLICT while another runs. */
  async start({ first, second, ...query }: NewReplay): Promise<ReplayState> {
    if (first === second) {
      throw new FelfriError('OPTION_INVALID', `got ${first} twice; name two recipes`, { subject: 'second' });
    }
    const { recipes: known } = this.#things;
    const recipes = [await known.requireTrusted(first), await known.requireTrusted(second)] as const;
    const running = this.#live.find(({ state }) => state === 'running');
    if (running) {
      throw new FelfriError('CONFLICT', `replay ${running.id} still runs; wait for it or cancel it`, {
        subject: running.id,
      });
    }
    const replay = new Replay(newId(), new Date(), ...recipes);
    this.#live = [replay, ...this.#live];
    const former = this.#work;
    const own = this.#runToEnd(replay, query);
    this.#work = former.then(() => own);
    return replay.answer();
  }

  /** Throws NOT_FOUND. */
  cancel(id: string): ReplayState {
    const replay = this.#live.find((one) => one.id === id);
    if (replay?.state === 'running') replay.state = 'cancelled';
    return this.find(id);
  }

  async #runToEnd(replay: Replay, query: Omit<NewReplay, 'first' | 'second'>): Promise<void> {
    let end: Partial<ReplayState> = {};
    try {
      await this.#run(replay, query);
      if (replay.state === 'running') end = { state: 'done' };
    } catch (error) {
      const problem = error instanceof FelfriError ? `${error.code}: ${error.message}` : 'it failed; the log says why';
      // what was cancelled may have lost its process
      if (replay.state === 'running') end = { state: 'failed', problem };
    }
    // who reads that it ended may rely on its being kept
    await this.#ended.add({ ...replay.answer(), ...end });
    this.#live = this.#live.filter((one) => one !== replay);
  }

  /** Newest first. */
  async #kept({ limit = DEFAULT_LIMIT, ...query }: Omit<NewReplay, 'first' | 'second'>): Promise<Inspection[]> {
    const kept: Inspection[] = [];
    for (let before: string | undefined; kept.length < limit; ) {
      const page = await this.#things.records.inspections({ ...query, limit: PAGE, ...(before && { before }) });
      kept.push(...page.inspections.filter(({ imageStored }) => imageStored));
      if (page.next === null) break;
      before = page.next;
    }
    return kept.slice(0, limit);
  }

  async #run(replay: Replay, query: Omit<NewReplay, 'first' | 'second'>): Promise<void> {
    const inspections = await this.#kept(query);
    replay.total = inspections.length;
    for (const inspection of inspections) {
      // a request may have cancelled it meanwhile
      if ((replay.state as string) === 'cancelled') return;
      try {
        const [first, second] = replay.recipes;
        replay.add(inspection, [await this.#judge(inspection, first), await this.#judge(inspection, second)]);
      } catch (error) {
        const ofImage = error instanceof FelfriError && /^(IMAGE_|NOT_FOUND|SCORE_INVALID)/.test(error.code);
        if (!ofImage) throw error;
        replay.unusable++;
      }
    }
  }

  /** A recipe's bundle never changes, so that a score by it on record is the score. */
  async #judge(inspection: Inspection, recipe: Recipe): Promise<Replayed> {
    const { score, reason } = inspection;
    if (inspection.recipe !== recipe.id) {
      const found = await this.#inspect(inspection, recipe);
      return { score: found.score, decision: found.decision };
    }
    // a picture that cannot be judged is for REVIEW under any threshold
    const decision = isOfPicture(reason) ? 'REVIEW' : decide(score, recipe.threshold, recipe.review);
    return { score, decision };
  }

  async #inspect(inspection: Inspection, recipe: Recipe) {
    const { pictures, recipes, settings } = this.#things;
    const bytes = inspection.imageStored ? await pictures.image(inspection.imageHash) : undefined;
    if (!bytes) {
      throw new FelfriError('NOT_FOUND', `the image of inspection ${inspection.id} is not kept`, {
        subject: inspection.id,
      });
    }
    const bundle = recipes.bundles.recorded(recipe);
    const { maxPixels } = settings;
    const { threshold, review } = recipe;
    const limits = { threshold, review };
    const ask = { bundle, bytes: new Uint8Array(bytes), maxPixels, limits };
    const { memory } = this.#things.queue;
    const release = await memory.take(
      inspectedBytes(await readImageHeader(bytes, 'the image', maxPixels), bytes.length),
      'view',
    );
    try {
      return { ...(await this.#aside().ask('inspect', ask, { limitMillis: LIMIT_MILLIS })), bytes };
    } finally {
      release();
    }
  }

  /** A PNG of an inspection's image with the map by another recipe over it. Throws NOT_FOUND, BUNDLE_UNTRUSTED and IMAGE_ codes. */
  async map(inspectionId: string, recipeId: string, longest: number): Promise<Uint8Array<ArrayBuffer>> {
    const inspection = await this.#things.inspections.require(inspectionId);
    const recipe = await this.#things.recipes.requireTrusted(recipeId);
    const { map, bytes, decision, score, reason } = await this.#inspect(inspection, recipe);
    const { queue, settings } = this.#things;
    const { threshold, review } = recipe;
    return queue.beside.draw({
      bytes: new Uint8Array(bytes),
      map: await byteMapPng(map),
      longest,
      maxPixels: settings.maxPixels,
      stamp: { decision, score, threshold, review, reason },
      isStamped: false,
      regions: recipe.regions,
    });
  }

  #aside(): ComputingProcess {
    if (!this.#process || this.#process.failed)
      this.#process = new ComputingProcess({ threads: 1, background: 'behind' });
    return this.#process;
  }

  async close(): Promise<void> {
    for (const { id } of this.#live) this.cancel(id);
    await this.#process?.end();
    await this.#work;
  }
}
