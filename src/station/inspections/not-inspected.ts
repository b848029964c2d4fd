/**
 * Parts that were not inspected: each is counted, told to those who listen, and put on record. Under overload those beyond a few a second
 * share one record, so that turning images away stays cheap.
 */
import { type ErrorCode, errorCodes, type FelfriError } from '../../core/errors.ts';
import type { Cause, NotInspected } from '../contract/not-inspected.ts';
import type { StationEvents } from '../events.ts';
import { newId } from '../ids.ts';
import type { Moments } from '../moments.ts';
import type { NewNotInspected } from '../records/new-records.ts';
import type { Records } from '../records/records.ts';

/** What is known of a part, as its sender said it. */
export type KnownPart = Pick<
  NewNotInspected,
  'resultId' | 'part' | 'lot' | 'product' | 'recipe' | 'imageHash' | 'millis'
>;

/**
 * Records of one part each that are made of a cause in a second; those beyond share one that says how many they are. Turning images away must
 * stay cheap, or it would not help.
 */
const singly: Readonly<Record<Cause, number>> = { refused: 50, shed: 5, late: 50, lost: 50, failed: 50 };

const SECOND = 1000;
/** Records that wait for the database to take them again; beyond, the oldest are given up. */
const MOST_UNWRITTEN = 500;

const ofSender: ReadonlySet<ErrorCode> = new Set([
  'NO_RECIPE',
  'RECIPE_UNRELEASED',
  'PRODUCT_UNKNOWN',
  'NOT_FOUND',
  'CONFLICT',
  'OPTION_INVALID',
]);

/** Why a part was not inspected, by what its sender was told. */
export function causeOf(code: ErrorCode): Cause {
  if (code === 'TOO_BUSY' || code === 'RATE_EXCEEDED') return 'shed';
  if (code === 'TOO_LATE') return 'late';
  const isSenders = /^(IMAGE|REQUEST)_/.test(code) && errorCodes[code].http < 500;
  return isSenders || ofSender.has(code) ? 'refused' : 'failed';
}

interface Excess {
  count: number;
  readonly of: NewNotInspected;
}

export class NotInspectedLog {
  /** Since the start. */
  readonly counts: Record<Cause, number> = { refused: 0, shed: 0, late: 0, lost: 0, failed: 0 };
  readonly #records: Records;
  readonly #events: StationEvents;
  readonly #moments: Moments;
  #last: NotInspected | null = null;
  /** Of this second: how many were recorded singly, and those beyond. */
  readonly #singly = new Map<Cause, number>();
  readonly #excess = new Map<Cause, Excess>();
  #unwritten: NewNotInspected[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<unknown> = Promise.resolve();

  constructor(records: Records, events: StationEvents, moments: Moments) {
    this.#records = records;
    this.#events = events;
    this.#moments = moments;
  }

  get last(): NotInspected | null {
    return this.#last;
  }

  /** Whether the next of this cause gets a record of its own. */
  isSingle(cause: Cause): boolean {
    return (this.#singly.get(cause) ?? 0) < singly[cause];
  }

  /** Counts it, tells it and records it; resolves when it is on record, or waits for a database that takes it. Never throws. */
  async note(part: KnownPart, { code, message }: FelfriError, cause = causeOf(code)): Promise<void> {
    this.counts[cause]++;
    const record: NewNotInspected = {
      ...part,
      id: newId(),
      decision: 'NOT_INSPECTED',
      cause,
      code,
      message,
      count: 1,
      createdAt: new Date().toISOString(),
    };
    this.#beginSecond();
    if (!this.isSingle(cause)) {
      const excess = this.#excess.get(cause);
      if (excess) excess.count++;
      else this.#excess.set(cause, { count: 1, of: record });
      return;
    }
    this.#singly.set(cause, (this.#singly.get(cause) ?? 0) + 1);
    const written = this.#tellAndWrite(record);
    // who is turned away does not wait for the disk
    if (cause !== 'shed') await written;
  }

  #tellAndWrite(record: NewNotInspected): Promise<void> {
    this.#moments.add(record.id, performance.now() - record.millis);
    this.#last = { ...record, decidedAs: null };
    this.#events.tell({ type: 'inspection', change: 'new', inspection: this.#last });
    const written = this.#write(record);
    this.#writing = Promise.all([this.#writing, written]);
    return written;
  }

  async #write(record: NewNotInspected): Promise<void> {
    try {
      await this.#records.addNotInspected(record);
    } catch {
      // the disk is full, or the database away: it was told, and is tried again
      this.#unwritten = [...this.#unwritten, record].slice(-MOST_UNWRITTEN);
      this.#beginSecond();
    }
  }

  #beginSecond(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#endSecond();
    }, SECOND).unref();
  }

  #endSecond(): void {
    this.#singly.clear();
    const excess = [...this.#excess.values()];
    this.#excess.clear();
    for (const { count, of } of excess) void this.#tellAndWrite(count === 1 ? of : summaryOf(of, count));
    const [first, ...others] = this.#unwritten;
    if (!first) return;
    this.#unwritten = others;
    // the others follow where the first could be written
    const retry = this.#write(first).then(async () => {
      if (this.#unwritten.includes(first)) return;
      for (const record of this.#unwritten.splice(0)) await this.#write(record);
    });
    this.#writing = Promise.all([this.#writing, retry]);
  }

  /** Records what is left, as far as the database takes it. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#endSecond();
    await this.#writing;
    clearTimeout(this.#timer);
  }
}

function summaryOf(first: NewNotInspected, count: number): NewNotInspected {
  return {
    ...first,
    id: newId(),
    count,
    message: `${count} more within a second, of which the first: ${first.message}`,
    resultId: null,
    part: null,
    lot: null,
    product: null,
    imageHash: null,
    createdAt: new Date().toISOString(),
  };
}
