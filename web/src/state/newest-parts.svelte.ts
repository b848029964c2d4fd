/** The newest records, as they came: by answers to questions, by answers to what was sent, and by events, in any order. */
import type { Inspection, PartRecord } from '../api/contract.ts';
import { isDecided } from '../lib/outcomes.ts';

/** Records that are kept at hand. */
export const KEPT = 60;
/** Pictures that the station has at hand of its newest inspections, whatever it stores. */
const PICTURES_AT_HAND = 50;

export class NewestParts {
  #list = $state.raw<readonly PartRecord[]>([]);

  /** Newest first, with parts that were not inspected. */
  get list(): readonly PartRecord[] {
    return this.#list;
  }

  has(id: string): boolean {
    return this.#list.some((record) => record.id === id);
  }

  /** Puts a record in its place, or in that of its former state. */
  take(record: PartRecord): void {
    const list = this.has(record.id)
      ? this.#list.map((old) => (old.id === record.id ? record : old))
      : [record, ...this.#list].sort((a, b) => (a.id < b.id ? 1 : -1));
    this.#list = list.slice(0, KEPT);
  }

  /** Takes what the station has on record; what is younger came by events meanwhile, and stays. */
  replace(records: readonly PartRecord[]): void {
    const [first] = records;
    const heard = this.#list.filter(({ id }) => first === undefined || id > first.id);
    this.#list = records;
    for (const record of heard) this.take(record);
  }

  /** Whether the station has the picture among its newest, though it may not store it. */
  hasAtHand(inspection: Inspection): boolean {
    const decided = this.#list.filter(isDecided).slice(0, PICTURES_AT_HAND);
    return decided.some(({ id }) => id === inspection.id);
  }
}
