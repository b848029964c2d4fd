/** From an image to a decision on record; one that is sent twice is inspected once. */
import { FelfriError } from '../../core/errors.ts';
import { readImageHeader } from '../../data/image/header.ts';
import { inspectedBytes } from '../../data/image/memory.ts';
import type { Decision } from '../../judge/decision.ts';
import type { Inspection, InspectionFields } from '../contract/inspections.ts';
import type { Drift } from '../drift/drift.ts';
import type { References } from '../drift/references.ts';
import type { Watched, WatchedInspection } from '../drift/watched.ts';
import type { StationEvents } from '../events.ts';
import { newId } from '../ids.ts';
import type { Attempt } from '../inspecting/attempt.ts';
import type { InspectionQueue } from '../inspecting/inspection-queue.ts';
import type { Moments } from '../moments.ts';
import type { PictureStore } from '../pictures/picture-store.ts';
import type { Picture, RecentPictures } from '../pictures/recent-pictures.ts';
import type { Products } from '../recipes/products.ts';
import type { Recipes } from '../recipes/recipes.ts';
import { recordsError } from '../records/database-errors.ts';
import type { NewInspection } from '../records/new-records.ts';
import type { Records } from '../records/records.ts';
import type { StationSettings } from '../settings.ts';
import { requireSame } from './same-record.ts';

/** What of a station takes part. */
export interface InspectedBy {
  readonly settings: Pick<StationSettings, 'maxPixels' | 'store'>;
  readonly records: Records;
  readonly recipes: Recipes;
  readonly products: Products;
  readonly queue: InspectionQueue;
  readonly pictures: PictureStore;
  readonly recentPictures: RecentPictures;
  readonly events: StationEvents;
  readonly moments: Moments;
  /** Hears of each record with its image, whose bytes stay as they are; returns at once and throws nothing. */
  readonly shadows: { offer(inspection: Inspection, bytes: Uint8Array<ArrayBuffer>): void };
  readonly drift: Drift;
  readonly references: References;
}

/** An inspection on record, and whether it was made now or was there already. */
export interface Recorded {
  readonly inspection: Inspection;
  readonly added: boolean;
}

/** A decision that is not on record yet. */
export interface Decided {
  readonly inspection: NewInspection;
  readonly picture: Picture;
  /** When its image began to come, as performance.now() has it. */
  readonly cameAt: number;
  readonly watched: Watched;
}

/** That a decision could not be recorded. */
export interface Failure {
  readonly error: unknown;
  /** As performance.now() has it. */
  readonly at: number;
}

export class Inspecting {
  /** Decisions since the start. */
  readonly counts: Record<Decision, number> = { OK: 0, REVIEW: 0, NG: 0 };
  /** Of the last decision that could not be recorded; null once one was. */
  lastFailure: Failure | null = null;
  readonly #things: InspectedBy;
  /** Inspections under way by their resultId. */
  readonly #underWay = new Map<string, Promise<unknown>>();

  constructor(things: InspectedBy) {
    this.#things = things;
  }

  /**
   * Inspects and records an image, for which a place was taken. With a resultId that is on record, gives that
   * record. When it is resolved, the record outlives a kill. Throws IMAGE_ codes, NO_RECIPE, PRODUCT_UNKNOWN, NOT_FOUND, DISK_FULL, CONFLICT when the
   * resultId belongs to another image, part, lot, product or recipe, and TOO_LATE when the attempt was given up before the decision was recorded.
   */
  async inspect(bytes: Uint8Array<ArrayBuffer>, fields: InspectionFields, attempt: Attempt): Promise<Recorded> {
    const { resultId } = fields;
    attempt.hashed(await hashAside(bytes));
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
    return { inspection: requireSame(former, { ...fields, imageHash: attempt.imageHash! }), added: false };
  }

  async #inspectNew(bytes: Uint8Array<ArrayBuffer>, fields: InspectionFields, attempt: Attempt) {
    const decided = await this.#decide(bytes, fields, attempt);
    const { inspection } = decided;
    return this.#keep({ ...decided, inspection: { ...inspection, imageStored: this.#keeps(inspection.decision) } });
  }

  /**
   * As `inspect`, for a view of a part: nothing is recorded before the part is decided. Gives the record where the resultId has one already.
   */
  async decide(
    bytes: Uint8Array<ArrayBuffer>,
    fields: InspectionFields & { resultId: string },
    attempt: Attempt,
  ): Promise<Decided | Inspection> {
    attempt.hashed(await hashAside(bytes));
    const former = await this.#things.records.inspectionOfResult(fields.resultId);
    if (former) return requireSame(former, { ...fields, imageHash: attempt.imageHash! });
    return this.#decide(bytes, fields, attempt);
  }

  /** Records the views of a part, the one that stands for the part last; that one alone is told and goes out. */
  async recordPart(views: readonly Decided[], part: Decided): Promise<Recorded> {
    const imageStored = this.#keeps(part.inspection.decision);
    // ids sort in the order of recording
    const named = (one: Decided): Decided => ({ ...one, inspection: { ...one.inspection, id: newId(), imageStored } });
    for (const view of views) await this.#keep(named(view), false);
    return this.#keep(named(part));
  }

  async #decide(bytes: Uint8Array<ArrayBuffer>, fields: InspectionFields, attempt: Attempt): Promise<Decided> {
    const start = performance.now();
    const { recipes, products, settings, queue, references } = this.#things;
    const recipe = await products.toInspectBy(fields);
    const reference = references.nameFor(fields, recipe.id);
    const { maxPixels } = settings;
    try {
      const header = await readImageHeader(bytes, 'the image', maxPixels);
      const { threshold, review } = recipe;
      const found = await queue.inspect(
        { bundle: recipes.bundles.recorded(recipe), bytes, maxPixels, limits: { threshold, review } },
        inspectedBytes(header, bytes.length),
        attempt,
      );
      attempt.requireInTime();
      const { decision, reason } = found;
      const id = newId();
      const inspection: NewInspection = {
        id,
        resultId: fields.resultId ?? id,
        part: fields.part ?? null,
        lot: fields.lot ?? null,
        product: fields.product ?? null,
        recipe: recipe.id,
        revision: recipe.revision,
        decision,
        reason,
        score: found.score,
        threshold,
        review,
        millis: performance.now() - start,
        imageHash: attempt.imageHash!,
        imageStored: false,
        width: found.width,
        height: found.height,
        createdAt: new Date().toISOString(),
        reference,
      };
      const watched = { source: attempt.source, recipeName: recipe.name, statistics: found.statistics };
      return { inspection, picture: { bytes, map: found.map }, cameAt: attempt.cameAt, watched };
    } catch (error) {
      if (error instanceof FelfriError && error.code.startsWith('BUNDLE_')) recipes.refuse(recipe, error);
      throw error;
    }
  }

  #keeps(decision: Decision): boolean {
    const { store } = this.#things.settings;
    return store === 'all' || (store === 'ng' && decision !== 'OK');
  }

  /** `isPart`: whether it is the decision on a part; the other views of a part are on record alone. */
  async #keep(decided: Decided, isPart = true): Promise<Recorded> {
    const { pictures } = this.#things;
    const { inspection, picture } = decided;
    const { id, imageHash, imageStored } = inspection;
    const release = imageStored ? pictures.hold(imageHash) : () => undefined;
    try {
      // files first: a record never promises a picture that a kill prevented
      if (imageStored) await bothOf(pictures.addImage(imageHash, picture.bytes), pictures.addMap(id, picture.map));
      const done = await this.#record(decided, isPart);
      this.lastFailure = null;
      return done;
    } catch (error) {
      // another image, part or lot under that resultId is its sender's business
      if (!(error instanceof FelfriError && error.code === 'CONFLICT'))
        this.lastFailure = { error: recordsError(error) ?? error, at: performance.now() };
      throw error;
    } finally {
      release();
    }
  }

  async #record({ inspection: wanted, picture, cameAt, watched }: Decided, isPart: boolean): Promise<Recorded> {
    const { records, recentPictures, events, moments, shadows } = this.#things;
    // before an output finds it
    if (isPart) moments.add(wanted.id, cameAt);
    const { inspection, added } = await records.addInspection(wanted, isPart);
    if (!added) return { inspection: requireSame(inspection, wanted), added };
    // before anybody hears of it
    recentPictures.add(inspection.id, picture);
    shadows.offer(inspection, picture.bytes);
    this.#watch({ ...watched, inspection: wanted }, isPart);
    if (!isPart) return { inspection, added };
    // what is known before says nothing of how the line fares
    if (inspection.reference === null) this.counts[inspection.decision]++;
    events.tell({ type: 'inspection', change: 'new', inspection });
    return { inspection, added };
  }

  /** A view of a part is watched too; of a reference part only what stands for it is presented. */
  #watch(watched: WatchedInspection, isPart: boolean): void {
    const { drift, references } = this.#things;
    const { inspection, source } = watched;
    if (inspection.reference === null) drift.observe(watched);
    else if (isPart) void references.observe(inspection, source);
  }
}

/** Both at a time, as each waits for the disk; what one of them throws, once both have ended. */
async function bothOf(one: Promise<void>, other: Promise<void>): Promise<void> {
  await Promise.allSettled([one, other]);
  await one;
  await other;
}

/** SHA-256 of an image's bytes, computed beside the thread that answers. */
async function hashAside(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex');
}
