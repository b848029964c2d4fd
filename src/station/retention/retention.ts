/** Pictures are kept for so many days, or so many bytes; records too where that was asked for (`old-records.ts`). */

import type { KeptPictures } from '../records/records.ts';
import type { RetentionClock } from './clock.ts';
import { OldRecords, olderThan, type RecordLimits, removePictures, type StoredThings } from './old-records.ts';

/** What is left out has no limit: it is kept for ever. */
export interface RetentionLimits extends RecordLimits {
  readonly days?: number;
  /** Of images and maps together. */
  readonly bytes?: number;
}

interface Removed {
  /** Whose pictures alone were removed. */
  readonly inspections: number;
  readonly bytes: number;
  /** Inspections that are no longer on record. */
  readonly records: number;
}

type RemovedPictures = Omit<Removed, 'records'>;

/** Inspections whose pictures are removed at a time, with one entry in the audit log. */
const BATCH = 200;
const DAY_MILLIS = 24 * 3600 * 1000;
const HOUR_MILLIS = 3600 * 1000;

export class Retention {
  readonly #things: StoredThings;
  readonly #oldRecords: OldRecords;
  readonly #limits: RetentionLimits;
  #stopped = false;
  #timer: ReturnType<typeof setInterval> | undefined;
  #running: Promise<unknown> = Promise.resolve();

  constructor(things: StoredThings, limits: RetentionLimits) {
    this.#things = things;
    this.#oldRecords = new OldRecords(things, limits);
    this.#limits = limits;
  }

  /** Runs now and every hour; what goes wrong is told, and tried again an hour later. */
  start(clock: RetentionClock, failed: (error: unknown) => void): void {
    const run = (): void => {
      this.#running = this.#running.then(async () => this.run(await clock.look())).catch(failed);
    };
    run();
    this.#timer = setInterval(run, HOUR_MILLIS).unref();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#running;
  }

  /** Removes the oldest first, records with what belongs to them and then pictures, until all limits hold. */
  async run(now: Date): Promise<Removed> {
    const { days, bytes } = this.#limits;
    const records = await this.#oldRecords.run(now, () => this.#stopped);
    const old = await this.#runDays(days, now);
    const large = bytes === undefined ? { inspections: 0, bytes: 0 } : await this.#runBytes(bytes, now);
    return { inspections: old.inspections + large.inspections, bytes: old.bytes + large.bytes, records };
  }

  async #runDays(days: number | undefined, now: Date): Promise<RemovedPictures> {
    const sum = { inspections: 0, bytes: 0 };
    if (days === undefined) return sum;
    const old = { before: new Date(now.getTime() - days * DAY_MILLIS), now };
    for (;;) {
      const batch = await this.#things.records.keptPictures(old, BATCH);
      const removed = await this.#remove(batch, Number.POSITIVE_INFINITY, olderThan(days), now);
      sum.inspections += removed.inspections;
      sum.bytes += removed.bytes;
      if (removed.inspections < BATCH) return sum;
    }
  }

  async #runBytes(limit: number, now: Date): Promise<RemovedPictures> {
    const sum = { inspections: 0, bytes: 0 };
    const excess = (await this.#things.pictures.size()) - limit;
    while (sum.bytes < excess) {
      const batch = await this.#things.records.keptPictures(null, BATCH);
      const removed = await this.#remove(batch, excess - sum.bytes, `more than ${limit} bytes`, now);
      if (removed.inspections === 0) break;
      sum.inspections += removed.inspections;
      sum.bytes += removed.bytes;
    }
    return sum;
  }

  /** Files first: a kill in between leaves a record whose pictures are gone, which the next run meets again, and never files of no record. */
  async #remove(batch: readonly KeptPictures[], enough: number, reason: string, at: Date): Promise<RemovedPictures> {
    const gone: KeptPictures[] = [];
    let bytes = 0;
    for (const kept of batch) {
      if (this.#stopped || bytes >= enough) break;
      // the image of a later inspection too, or of one under way: then only the map goes
      bytes += await removePictures(this.#things, kept, gone);
      gone.push(kept);
    }
    const [first, last] = [gone[0], gone.at(-1)];
    if (first && last) {
      const detail = { reason, inspections: gone.length, bytes, from: first.createdAt, to: last.createdAt };
      const ids = gone.map(({ id }) => id);
      await this.#things.records.forgetPictures(ids, detail, { by: 'felfri serve', at });
    }
    return { inspections: gone.length, bytes };
  }
}
