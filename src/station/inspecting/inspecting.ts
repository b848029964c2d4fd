/** From an image to a decision on record; one that is sent twice is inspected once. */
import { FelfriError } from '../../core/errors.ts';
import { readImageHeader } from '../../data/image/header.ts';
import type { Decision } from '../../judge/decision.ts';
import type { Inspection, InspectionFields } from '../contract/inspections.ts';
import type { Recipe } from '../contract/recipes.ts';
import type { StationEvents } from '../events.ts';
import { newId } from '../ids.ts';
import type { PictureStore } from '../picture-store.ts';
import type { RecentPictures } from '../recent-pictures.ts';
import type { RecipeBundles } from '../recipe-bundles.ts';
import type { NewInspection, Records } from '../records/records.ts';
import type { StationSettings } from '../station.ts';
import { Attempt } from './attempt.ts';
import type { InspectionQueue } from './inspection-queue.ts';

/** What of a station takes part. */
interface Things {
  readonly settings: Pick<StationSettings, 'maxPixels' | 'store'>;
  readonly records: Records;
  readonly queue: InspectionQueue;
  readonly pictures: PictureStore;
  readonly recentPictures: RecentPictures;
  readonly bundles: RecipeBundles;
  readonly events: StationEvents;
}

interface Recipes {
  /** The recipe of an id, or the active one. */
  readonly recipeFor: (id: string | undefined) => Promise<Recipe>;
  /** Hears of one whose bundle does not open. */
  readonly refuse: (recipe: Recipe, error: FelfriError) => void;
}

export class Inspecting {
  /** Decisions since the start. */
  readonly counts: Record<Decision, number> = { OK: 0, REVIEW: 0, NG: 0 };
  readonly #things: Things;
  readonly #recipes: Recipes;
  /** Inspections under way by their resultId. */
  readonly #underWay = new Map<string, Promise<unknown>>();

  constructor(things: Things, recipes: Recipes) {
    this.#things = things;
    this.#recipes = recipes;
  }

  /**
   * Inspects and records an image, for which a place was taken; its bytes are handed over. With a resultId that is on record, gives that
   * record. When it is resolved, the record outlives a kill. Throws IMAGE_ codes, NO_RECIPE, NOT_FOUND, DISK_FULL, CONFLICT when the
   * resultId belongs to another image, and TOO_LATE when the attempt was given up before the decision was recorded.
   */
  async inspect(
    bytes: Uint8Array<ArrayBuffer>,
    fields: InspectionFields,
    attempt = new Attempt(),
  ): Promise<{ inspection: Inspection; added: boolean }> {
    const { resultId } = fields;
    attempt.imageHash = await hashAside(bytes);
    if (resultId === undefined) return this.#inspectNew(bytes, fields, attempt);
    while (this.#underWay.has(resultId)) await this.#underWay.get(resultId);
    const work = this.#inspectOnce(bytes, { ...fields, resultId }, attempt);
    // those who wait want to know that it ended, not how
    const ended = work.catch(() => undefined);
    this.#underWay.set(resultId, ended);
    try {
      return await work;
    } finally {
      this.#underWay.delete(resultId);
    }
  }

  async #inspectOnce(
    bytes: Uint8Array<ArrayBuffer>,
    fields: InspectionFields & { resultId: string },
    attempt: Attempt,
  ) {
    const former = await this.#things.records.inspectionOfResult(fields.resultId);
    if (!former) return this.#inspectNew(bytes, fields, attempt);
    return { inspection: requireSameImage(former, attempt.imageHash!), added: false };
  }

  async #inspectNew(bytes: Uint8Array<ArrayBuffer>, fields: InspectionFields, attempt: Attempt) {
    const start = performance.now();
    const recipe = await this.#recipes.recipeFor(fields.recipe);
    const { maxPixels } = this.#things.settings;
    let release = (): void => undefined;
    try {
      await readImageHeader(bytes, 'the image', maxPixels);
      const { threshold, review } = recipe;
      const found = await this.#things.queue.inspect(
        { bundle: this.#things.bundles.recorded(recipe), bytes, maxPixels, limits: { threshold, review } },
        attempt,
      );
      attempt.requireInTime();
      const { decision, reason } = found;
      const keep = this.#keeps(decision);
      const id = newId();
      const inspection: NewInspection = {
        id,
        resultId: fields.resultId ?? id,
        part: fields.part ?? null,
        lot: fields.lot ?? null,
        recipe: recipe.id,
        revision: recipe.revision,
        decision,
        reason,
        score: found.score,
        threshold,
        review,
        millis: performance.now() - start,
        imageHash: attempt.imageHash!,
        imageStored: keep,
        width: found.width,
        height: found.height,
        createdAt: new Date().toISOString(),
      };
      // files first: a record never promises a picture that a kill prevented
      if (keep) {
        release = this.#things.pictures.hold(inspection.imageHash);
        await this.#things.pictures.addImage(inspection.imageHash, found.bytes);
        await this.#things.pictures.addMap(id, found.map);
      }
      return await this.#record(inspection, () => this.#things.recentPictures.add(id, found));
    } catch (error) {
      if (error instanceof FelfriError && error.code.startsWith('BUNDLE_')) this.#recipes.refuse(recipe, error);
      throw error;
    } finally {
      release();
    }
  }

  #keeps(decision: Decision): boolean {
    const { store } = this.#things.settings;
    return store === 'all' || (store === 'ng' && decision !== 'OK');
  }

  /** `keep` is called before anybody hears of it. */
  async #record(wanted: NewInspection, keep: () => void): Promise<{ inspection: Inspection; added: boolean }> {
    const { inspection, added } = await this.#things.records.addInspection(wanted);
    if (!added) return { inspection: requireSameImage(inspection, wanted.imageHash), added };
    this.counts[inspection.decision]++;
    keep();
    this.#things.events.tell({ type: 'inspection', change: 'new', inspection });
    return { inspection, added };
  }
}

/** SHA-256 of an image's bytes, computed beside the thread that answers. */
async function hashAside(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex');
}

/** Throws CONFLICT when the record is of another image. */
function requireSameImage(record: Inspection, hash: string): Inspection {
  if (record.imageHash === hash) return record;
  throw new FelfriError(
    'CONFLICT',
    `the resultId ${record.resultId} is on record with another image; give every image a resultId of its own`,
    { subject: 'resultId' },
  );
}
