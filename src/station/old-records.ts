/** Records of inspections go where a number of days or of records was set; without that they are kept for ever. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PictureStore } from './picture-store.ts';
import type { KeptPictures, OldInspection, Records } from './records/records.ts';

export interface RecordLimits {
  readonly recordDays?: number;
  /** Most inspections on record. */
  readonly recordCount?: number;
}

export interface StoredThings {
  readonly records: Records;
  readonly pictures: PictureStore;
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

  /** Removes the oldest until both limits hold, or it is stopped. Gives how many went. */
  async run(now: Date, isStopped: () => boolean): Promise<number> {
    const { recordDays, recordCount } = this.#limits;
    const { records } = this.#things;
    let sum = 0;
    if (recordDays !== undefined) {
      const before = new Date(now.getTime() - recordDays * DAY_MILLIS);
      const reason = olderThan(recordDays);
      for (let batch = BATCH; batch === BATCH && !isStopped(); sum += batch)
        batch = await this.#remove(await records.oldestInspections(before, BATCH), reason, now);
    }
    if (recordCount !== undefined) {
      let excess = (await records.countInspections()) - recordCount;
      while (excess > 0 && !isStopped()) {
        const oldest = await records.oldestInspections(null, Math.min(BATCH, excess));
        const removed = await this.#remove(oldest, `more than ${recordCount} records`, now);
        if (removed === 0) break;
        excess -= removed;
        sum += removed;
      }
    }
    return sum;
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
