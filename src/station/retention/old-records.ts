/** Records of inspections go where a number of days or of records was set; without that they are kept for ever. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PictureStore } from '../pictures/picture-store.ts';
import type { KeptPictures, OldInspection, OldNotInspected, Records, TooOld } from '../records/records.ts';

export interface RecordLimits {
  readonly recordDays?: number;
  /** Most inspections on record, and most parts that were not inspected. */
  readonly recordCount?: number;
}

export interface StoredThings {
  readonly records: Records;
  readonly pictures: PictureStore;
}

/** A kind of records that goes by the limits. */
interface Kind {
  count(): Promise<number>;
  /** Removes the oldest; gives how many went. */
  remove(old: TooOld | null, limit: number, reason: string): Promise<number>;
}

/** Records that are removed at a time, with one entry in the audit log. */
const BATCH = 500;
const DAY_MILLIS = 24 * 3600 * 1000;

/** Why something went, as the audit log says it. */
export const olderThan = (days: number): string => `older than ${days} day${days === 1 ? '' : 's'}`;

/** Removes an inspection's image, unless another shows it too, and its map; gives the bytes that they took. */
export async function removePictures(
  { records, pictures }: StoredThings,
  { id, imageHash }: KeptPictures,
  gone: readonly KeptPictures[],
): Promise<number> {
  const except = [...gone.map((one) => one.id), id];
  const image = await pictures.removeImage(imageHash, async () => !(await records.isImageKept(imageHash, except)));
  return image + (await pictures.removeMap(id));
}

export class OldRecords {
  readonly #things: StoredThings;
  readonly #limits: RecordLimits;

  constructor(things: StoredThings, limits: RecordLimits) {
    this.#things = things;
    this.#limits = limits;
  }

  /** Removes the oldest until both limits hold, or it is stopped; of inspections and of parts not inspected each. Gives how many went. */
  async run(now: Date, isStopped: () => boolean): Promise<number> {
    const { records } = this.#things;
    const inspections = await this.#runKind(now, isStopped, {
      count: () => records.countInspections(),
      remove: async (old, limit, reason) => this.#remove(await records.oldestInspections(old, limit), reason, now),
    });
    const notInspected = await this.#runKind(now, isStopped, {
      count: () => records.countNotInspected(),
      remove: async (old, limit, reason) =>
        this.#removeNotInspected(await records.oldestNotInspected(old, limit), reason, now),
    });
    return inspections + notInspected;
  }

  async #runKind(now: Date, isStopped: () => boolean, { count, remove }: Kind): Promise<number> {
    const { recordDays, recordCount } = this.#limits;
    let sum = 0;
    if (recordDays !== undefined) {
      const old = { before: new Date(now.getTime() - recordDays * DAY_MILLIS), now };
      const reason = olderThan(recordDays);
      for (let batch = BATCH; batch === BATCH && !isStopped(); sum += batch) batch = await remove(old, BATCH, reason);
    }
    if (recordCount !== undefined) {
      let excess = (await count()) - recordCount;
      while (excess > 0 && !isStopped()) {
        const removed = await remove(null, Math.min(BATCH, excess), `more than ${recordCount} records`);
        if (removed === 0) break;
        excess -= removed;
        sum += removed;
      }
    }
    return sum;
  }

  async #removeNotInspected(batch: readonly OldNotInspected[], reason: string, at: Date): Promise<number> {
    const [first, last] = [batch[0], batch.at(-1)];
    if (!first || !last) return 0;
    const ids = batch.map(({ id }) => id);
    const detail = { reason, from: first.createdAt, to: last.createdAt };
    const removed = await this.#things.records.removeNotInspected(ids, detail, { by: 'felfri serve', at });
    await nextTurn();
    return removed;
  }

  /** Files first: a kill in between leaves records whose pictures are gone, which the next run meets again, and never files of no record. */
  async #remove(batch: readonly OldInspection[], reason: string, at: Date): Promise<number> {
    if (batch.length === 0) return 0;
    const gone: OldInspection[] = [];
    let bytes = 0;
    for (const one of batch.filter(({ imageStored }) => imageStored)) {
      bytes += await removePictures(this.#things, one, gone);
      gone.push(one);
    }
    const ids = batch.map(({ id }) => id);
    const { inspections } = await this.#things.records.removeInspections(
      ids,
      { reason, bytes },
      { by: 'felfri serve', at },
    );
    // SQLite answers without ever waiting: the line goes first
    await nextTurn();
    return inspections;
  }
}
