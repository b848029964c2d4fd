/** Pictures are kept for so many days, or so many bytes; records for ever. */
import type { PictureStore } from './picture-store.ts';
import type { KeptPictures, Records } from './records/records.ts';

export interface RetentionLimits {
  readonly days?: number;
  /** Of images and maps together. */
  readonly bytes?: number;
}

interface Removed {
  readonly inspections: number;
  readonly bytes: number;
}

/** Inspections whose pictures are removed at a time, with one entry in the audit log. */
const BATCH = 200;
const DAY_MILLIS = 24 * 3600 * 1000;
const HOUR_MILLIS = 3600 * 1000;

export class Retention {
  readonly #records: Records;
  readonly #pictures: PictureStore;
  readonly #limits: RetentionLimits;
  #stopped = false;
  #timer: ReturnType<typeof setInterval> | undefined;
  #running: Promise<unknown> = Promise.resolve();

  constructor(station: { readonly records: Records; readonly pictures: PictureStore }, limits: RetentionLimits) {
    this.#records = station.records;
    this.#pictures = station.pictures;
    this.#limits = limits;
  }

  /** Runs now and every hour; what goes wrong is told, and tried again an hour later. */
  start(failed: (error: unknown) => void): void {
    const run = (): void => {
      this.#running = this.#running.then(() => this.run(new Date())).catch(failed);
    };
    run();
    this.#timer = setInterval(run, HOUR_MILLIS).unref();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#running;
  }

  /** Removes the oldest pictures first, until both limits hold. */
  async run(now: Date): Promise<Removed> {
    const { days, bytes } = this.#limits;
    const old = await this.#runDays(days, now);
    const large = bytes === undefined ? { inspections: 0, bytes: 0 } : await this.#runBytes(bytes, now);
    return { inspections: old.inspections + large.inspections, bytes: old.bytes + large.bytes };
  }

  async #runDays(days: number | undefined, now: Date): Promise<Removed> {
    const sum = { inspections: 0, bytes: 0 };
    if (days === undefined) return sum;
    const before = new Date(now.getTime() - days * DAY_MILLIS);
    for (;;) {
      const batch = await this.#records.keptPictures(before, BATCH);
      const removed = await this.#remove(batch, Number.POSITIVE_INFINITY, `older than ${days} days`, now);
      sum.inspections += removed.inspections;
      sum.bytes += removed.bytes;
      if (removed.inspections < BATCH) return sum;
    }
  }

  async #runBytes(limit: number, now: Date): Promise<Removed> {
    const sum = { inspections: 0, bytes: 0 };
    const excess = (await this.#pictures.size()) - limit;
    while (sum.bytes < excess) {
      const batch = await this.#records.keptPictures(null, BATCH);
      const removed = await this.#remove(batch, excess - sum.bytes, `more than ${limit} bytes`, now);
      if (removed.inspections === 0) break;
      sum.inspections += removed.inspections;
      sum.bytes += removed.bytes;
    }
    return sum;
  }

  /** Files first: a kill in between leaves a record whose pictures are gone, which the next run meets again, and never files of no record. */
  async #remove(batch: readonly KeptPictures[], enough: number, reason: string, at: Date): Promise<Removed> {
    const gone: KeptPictures[] = [];
    let bytes = 0;
    for (const kept of batch) {
      if (this.#stopped || bytes >= enough) break;
      // the image of a later inspection too, or of one under way: then only the map goes
      const except = [...gone, kept].map(({ id }) => id);
      bytes += await this.#pictures.removeImage(
        kept.imageHash,
        async () => !(await this.#records.isImageKept(kept.imageHash, except)),
      );
      bytes += await this.#pictures.removeMap(kept.id);
      gone.push(kept);
    }
    const [first, last] = [gone[0], gone.at(-1)];
    if (first && last) {
      const detail = { reason, inspections: gone.length, bytes, from: first.createdAt, to: last.createdAt };
      const ids = gone.map(({ id }) => id);
      await this.#records.forgetPictures(ids, detail, { by: 'felfri serve', at });
    }
    return { inspections: gone.length, bytes };
  }
}
