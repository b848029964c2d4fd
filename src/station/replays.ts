/** Replays of kept images by two recipes, one at a time in a thread of the lowest priority; the line goes first. */
import { FelfriError } from '../core/errors.ts';
import { encodePng } from '../data/image.ts';
import type { Inspection } from './contract/inspections.ts';
import type { Recipe } from './contract/recipes.ts';
import type { NewReplay } from './contract/replays.ts';
import { newId } from './ids.ts';
import { RemoteThread } from './inspecting/remote-thread.ts';
import { Replay } from './replay.ts';
import type { Station } from './station.ts';

/** Replays that are kept to be looked at. */
const KEPT = 5;
const PAGE = 500;
const DEFAULT_LIMIT = 500;

export class Replays {
  readonly #station: Station;
  #replays: Replay[] = [];
  #thread: RemoteThread | undefined;
  #work: Promise<void> = Promise.resolve();

  constructor(station: Station) {
    this.#station = station;
  }

  /** Throws NOT_FOUND. */
  find(id: string): Replay {
    const replay = this.#replays.find((one) => one.id === id);
    if (replay) return replay;
    throw new FelfriError('NOT_FOUND', `there is no replay ${id}; the newest ${KEPT} are kept until the station ends`, {
      subject: id,
    });
  }

  /** Begins one. Throws NOT_FOUND, OPTION_INVALID when both recipes are the same, and CONFLICT while another runs. */
  async start({ first, second, ...query }: NewReplay): Promise<Replay> {
    if (first === second) {
      throw new FelfriError('OPTION_INVALID', `got ${first} twice; name two recipes`, { subject: 'second' });
    }
    const recipes = [await this.#station.requireRecipe(first), await this.#station.requireRecipe(second)] as const;
    const running = this.#replays.find(({ state }) => state === 'running');
    if (running) {
      throw new FelfriError('CONFLICT', `replay ${running.id} still runs; wait for it or cancel it`, {
        subject: running.id,
      });
    }
    const replay = new Replay(newId(), ...recipes);
    this.#replays = [replay, ...this.#replays].slice(0, KEPT);
    this.#work = this.#run(replay, query).catch((error: unknown) => {
      replay.state = 'failed';
      replay.problem = error instanceof FelfriError ? `${error.code}: ${error.message}` : 'it failed; the log says why';
    });
    return replay;
  }

  cancel(id: string): Replay {
    const replay = this.find(id);
    if (replay.state === 'running') replay.state = 'cancelled';
    return replay;
  }

  /** Newest first. */
  async #kept({ limit = DEFAULT_LIMIT, ...query }: Omit<NewReplay, 'first' | 'second'>): Promise<Inspection[]> {
    const kept: Inspection[] = [];
    for (let before: string | undefined; kept.length < limit; ) {
      const page = await this.#station.records.inspections({ ...query, limit: PAGE, ...(before && { before }) });
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
        const scores = [
          await this.#score(inspection, replay.recipes[0]),
          await this.#score(inspection, replay.recipes[1]),
        ] as const;
        replay.add(inspection, scores);
      } catch (error) {
        const ofImage = error instanceof FelfriError && /^(IMAGE_|NOT_FOUND|SCORES_INVALID)/.test(error.code);
        if (!ofImage) throw error;
        replay.unusable++;
      }
    }
    replay.state = 'done';
  }

  /** A recipe's bundle never changes, so that a score by it on record is the score. */
  async #score(inspection: Inspection, recipe: Recipe): Promise<number> {
    if (inspection.recipe === recipe.id) return inspection.score;
    return (await this.#inspect(inspection, recipe)).score;
  }

  async #inspect(inspection: Inspection, recipe: Recipe) {
    const { pictures, bundles, settings } = this.#station;
    const bytes = inspection.imageStored ? await pictures.image(inspection.imageHash) : undefined;
    if (!bytes) {
      throw new FelfriError('NOT_FOUND', `the image of inspection ${inspection.id} is not kept`, {
        subject: inspection.id,
      });
    }
    if (!this.#thread || this.#thread.failed) this.#thread = new RemoteThread({ threads: 1, background: true });
    const directory = bundles.directory(recipe.id);
    return this.#thread.ask('inspect', { directory, bytes: new Uint8Array(bytes), maxPixels: settings.maxPixels });
  }

  /** A PNG of an inspection's image with the map by another recipe over it. Throws NOT_FOUND and IMAGE_ codes. */
  async map(inspectionId: string, recipeId: string, longest: number | null): Promise<Uint8Array<ArrayBuffer>> {
    const inspection = await this.#station.requireInspection(inspectionId);
    const { map, bytes } = await this.#inspect(inspection, await this.#station.requireRecipe(recipeId));
    const { maxPixels } = this.#station.settings;
    const grey = new Uint8Array(await encodePng({ ...map, channels: 1 }));
    return this.#thread!.ask('draw', { bytes, map: grey, longest, maxPixels });
  }

  async close(): Promise<void> {
    for (const replay of this.#replays) this.cancel(replay.id);
    await this.#work;
    await this.#thread?.end();
  }
}
