/** Looks whether the audit log holds, at the start and every hour, and notes its head outside. What is wrong is an alarm; the line goes on. */
import { FelfriError } from '../../core/errors.ts';
import type { Alarms } from '../alarms.ts';
import type { Records } from '../records/records.ts';
import type { Head } from './heads/head.ts';
import type { HeadPlace } from './heads/places.ts';

interface Watched {
  readonly records: Records;
  readonly alarms: Alarms;
}

const HOUR_MILLIS = 3600 * 1000;
/** How soon a new entry is noted outside. */
const NOTE_MILLIS = 10_000;
/** How soon a new inspection is. */
const SEAL_MILLIS = 10 * 60_000;
/** Seals of inspections that are followed in an hour. */
const MOST_SEALS = 200_000;

/** What was noted last at a place. */
interface Noted {
  readonly head: string;
  readonly number: number;
  /** Of a clock that only goes on. */
  readonly at: number;
}

export class AuditWatch {
  readonly #records: Records;
  readonly #alarms: Alarms;
  readonly #places: readonly HeadPlace[];
  readonly #noted = new Map<HeadPlace, Noted>();
  readonly #timers: ReturnType<typeof setInterval>[] = [];
  /** The number of the inspection that the seals were followed to. */
  #checked: number | undefined;
  #checking: Promise<void> = Promise.resolve();
  #noting: Promise<void> = Promise.resolve();
  /** Whether what was noted before is not compared yet. */
  #isComparing = false;
  #stop!: () => void;
  /** A check of a large log takes minutes, for which no stop waits. */
  readonly #stopped = new Promise<void>((resolve) => {
    this.#stop = resolve;
  });
  #isStopped = false;

  constructor({ records, alarms }: Watched, places: readonly HeadPlace[]) {
    this.#records = records;
    this.#alarms = alarms;
    this.#places = places;
  }

  /** Begins: what was noted before is compared first, so that nothing is noted that does not go with it. */
  start(noteMillis = NOTE_MILLIS): void {
    this.#isComparing = true;
    const compared = this.check().finally(() => {
      this.#isComparing = false;
    });
    this.#noting = Promise.race([compared, this.#stopped]);
    const note = (): void => {
      this.#noting = this.#noting.then(() => this.note());
    };
    const check = (): void => {
      this.#checking = Promise.race([this.#checking.then(() => this.check()), this.#stopped]);
    };
    note();
    this.#timers.push(setInterval(note, noteMillis).unref(), setInterval(check, HOUR_MILLIS).unref());
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#isStopped = true;
    this.#stop();
    await this.#checking;
    await this.#noting;
    await this.note(0);
  }

  /** Compares the chain with itself and with what was noted in files. Never throws. */
  async check(): Promise<void> {
    try {
      const heads = (await Promise.all(this.#places.map((place) => place.noted()))).flat();
      await this.#records.verifyAudit(heads);
      await this.#checkRecords(heads);
      this.#alarms.end('audit', 'log');
    } catch (error) {
      // they were closed meanwhile
      if (this.#isStopped) return;
      // records that do not answer are said elsewhere, and say nothing of the chain
      if (error instanceof FelfriError && error.code === 'RECORDS_UNAVAILABLE') return;
      this.#alarms.raise('audit', 'log', error);
    }
  }

  /** The newest first, then all in turn, as many at a time as disturb nobody. */
  async #checkRecords(heads: readonly Head[]): Promise<void> {
    const { inspections } = await this.#records.auditState();
    this.#checked ??= Math.max(0, inspections.number - MOST_SEALS);
    const end = await this.#records.verifyRecords({ after: this.#checked, most: MOST_SEALS }, heads);
    this.#checked = end ?? 0;
  }

  /** Notes the head where it is another one than was noted there. Never throws. */
  async note(sealMillis = SEAL_MILLIS): Promise<void> {
    if (this.#places.length === 0 || this.#isComparing) return;
    const state = await this.#records.auditState().catch(() => undefined);
    if (!state) return;
    const head: Head = { felfri: 'audit head', at: new Date().toISOString(), ...state };
    await Promise.all(this.#places.map((place) => this.#noteAt(place, head, sealMillis)));
  }

  async #noteAt(place: HeadPlace, head: Head, sealMillis: number): Promise<void> {
    const before = this.#noted.get(place);
    const number = head.inspections?.number ?? 0;
    const at = performance.now();
    if (before?.head === head.head && (before.number === number || at - before.at < sealMillis)) return;
    try {
      await place.send(head);
      this.#noted.set(place, { head: head.head, number, at });
      this.#alarms.end('audit', place.name);
    } catch (cause) {
      const { message } = cause as Error;
      const why = new FelfriError('AUDIT_UNNOTED', `the head of the audit log cannot be noted: ${message}`, { cause });
      this.#alarms.raise('audit', place.name, why);
    }
  }
}
