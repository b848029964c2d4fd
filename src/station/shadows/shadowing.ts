/**
 * One shadow at work. Images that were decided on wait for it in memory, within a bound; it judges one when no image of the line waits. Whatever
 * becomes of it, the decision was made and recorded before.
 */
import { FelfriError } from '../../core/errors.ts';
import type { Gate } from '../../inspect/gate.ts';
import type { Inspection } from '../contract/inspections.ts';
import { newId } from '../ids.ts';
import type { InspectionQueue } from '../inspecting/inspection-queue.ts';
import { WAITING_FOR_SHADOW } from '../inspecting/memory-plan.ts';
import { isOfImage, type ShadowProcess } from '../inspecting/shadow-process.ts';
import type { ShadowRecords, ShadowResult, StoredShadow } from '../records/shadows.ts';

/** Images that wait at most, beside the bound of their bytes. */
const MOST_WAITING = 200;
/** Results that are written together, at the latest. */
const BATCH = 100;
/** Results that wait for the database to take them; beyond, the oldest are given up: their parts are then told as gone. */
const MOST_UNWRITTEN = 2000;
/** Called back so often in succession, it is no use to go on. */
const MOST_RECALLS = 5;

interface Waiting {
  readonly inspection: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface ShadowingThings {
  readonly records: ShadowRecords;
  readonly queue: InspectionQueue;
  readonly maxPixels: number;
  /** One shadow judges at a time. */
  readonly gate: Gate;
}

/** Why it ends by itself. */
export type Ended = { readonly state: 'done' } | { readonly state: 'failed'; readonly error: unknown };

export class Shadowing {
  readonly stored: StoredShadow;
  /** Records that it judged, as far as is known. */
  judged: number;
  readonly #things: ShadowingThings;
  readonly #process: ShadowProcess;
  readonly #ended: (end: Ended) => void;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #unwritten: ShadowResult[] = [];
  #recalls = 0;
  #isOver = false;
  #isStopping = false;
  #judging: Promise<void> | undefined;
  /** The last inspection that it knows to be on record. */
  #lastId: string;
  #isWorking = false;
  #writing: Promise<void> = Promise.resolve();

  /** `ended` is called once, where it ends by itself. */
  constructor(
    things: ShadowingThings,
    { stored, process, judged }: { stored: StoredShadow; process: ShadowProcess; judged: number },
    ended: (end: Ended) => void,
  ) {
    this.#things = things;
    this.stored = stored;
    this.#process = process;
    this.judged = judged;
    this.#lastId = newId();
    this.#ended = ended;
  }

  /** Images that wait, with the one that it judges and those whose result is not written yet. */
  get waiting(): number {
    return this.#waiting.length + (this.#judging ? 1 : 0) + this.#unwritten.length;
  }

  get lastId(): string {
    return this.#lastId;
  }

  /** Takes an image that was decided on, or notes why not. Throws nothing, and waits for nothing. */
  offer({ id, recipe }: Inspection, bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#isOver || recipe !== this.stored.deciding || id < this.stored.id) return;
    if (this.isDue(new Date())) {
      this.#end({ state: 'done' });
      return;
    }
    if (id > this.#lastId) this.#lastId = id;
    const isFull = this.#waiting.length >= MOST_WAITING || this.#waitingBytes + bytes.length > WAITING_FOR_SHADOW;
    if (bytes.length > WAITING_FOR_SHADOW) this.#note({ inspection: id, fault: 'too large', reason: null });
    else if (isFull) this.#note({ inspection: id, fault: 'overload', reason: null });
    else this.#wait({ inspection: id, bytes });
  }

  #wait(image: Waiting): void {
    this.#waiting.push(image);
    this.#waitingBytes += image.bytes.length;
    if (!this.#isWorking) void this.#run();
  }

  /** Lets the images go that wait; gives their inspections. */
  #drop(): string[] {
    const waiting = this.#waiting.map(({ inspection }) => inspection);
    this.#waiting = [];
    this.#waitingBytes = 0;
    return waiting;
  }

  /** Whether its time is over, or it has judged enough. */
  isDue(now: Date): boolean {
    const { endsAt, mostParts } = this.stored;
    return (endsAt !== null && now.getTime() >= Date.parse(endsAt)) || (mostParts !== null && this.judged >= mostParts);
  }

  /** Ends it where it is due, and writes what could not be written. */
  look(now: Date): void {
    if (!this.#isOver && this.isDue(now)) this.#end({ state: 'done' });
    if (this.#unwritten.length > 0) void this.#write();
  }

  #end(end: Ended): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#ended(end);
  }

  #note(result: ShadowResult): void {
    this.#unwritten.push(result);
    if (this.#unwritten.length >= BATCH) void this.#write();
  }

  async #run(): Promise<void> {
    const { queue, gate } = this.#things;
    this.#isWorking = true;
    while (!this.#isOver && this.#waiting.length > 0) {
      await gate.pass(async () => {
        // the line may have come back meanwhile
        for (;;) {
          await queue.rest();
          if (queue.length === 0 || this.#isOver) break;
        }
        const next = this.#isOver ? undefined : this.#waiting.shift();
        if (!next) return;
        this.#waitingBytes -= next.bytes.length;
        this.#judging = this.#judge(next);
        await this.#judging;
        this.#judging = undefined;
      });
      if (this.isDue(new Date())) this.#end({ state: 'done' });
      if (this.#waiting.length === 0) await this.#write();
    }
    this.#isWorking = false;
  }

  async #judge({ inspection, bytes }: Waiting): Promise<void> {
    const { threshold, review } = this.stored;
    const limits = { threshold, review };
    try {
      const { maxPixels } = this.#things;
      const { decision, score, reason, millis } = await this.#process.judge({ bytes, maxPixels, limits });
      this.judged++;
      this.#recalls = 0;
      this.#note({ inspection, decision, score, reason, millis });
    } catch (error) {
      this.#failed(inspection, error);
    }
  }

  #failed(inspection: string, error: unknown): void {
    // who stopped it ended its process
    if (this.#isOver) {
      if (!this.#isStopping) this.#note({ inspection, fault: 'ended', reason: null });
      return;
    }
    const known = error instanceof FelfriError ? error : undefined;
    const reason = known ? `${known.code}: ${known.message}` : null;
    if (known?.code === 'MEMORY_FULL') {
      // the images that wait go too: their memory is what was asked back
      for (const one of [inspection, ...this.#drop()]) this.#note({ inspection: one, fault: 'memory', reason: null });
      if (++this.#recalls >= MOST_RECALLS) this.#end({ state: 'failed', error });
      return;
    }
    this.#note({ inspection, fault: 'failed', reason });
    if (!known || !isOfImage(known)) this.#end({ state: 'failed', error });
  }

  /** One batch after another. What the database does not take is kept for later; never throws. */
  #write(): Promise<void> {
    this.#writing = this.#writing.then(async () => {
      while (this.#unwritten.length > 0) {
        const batch = this.#unwritten.slice(0, BATCH);
        try {
          await this.#things.records.addResults(this.stored.id, batch);
        } catch {
          this.#unwritten = this.#unwritten.slice(-MOST_UNWRITTEN);
          return;
        }
        const written = new Set(batch);
        this.#unwritten = this.#unwritten.filter((one) => !written.has(one));
      }
    });
    return this.#writing;
  }

  /** Writes what is known so far. */
  settled(): Promise<void> {
    return this.#write();
  }

  /** Judges nothing more; images that wait are noted as that where it `isForGood`, else they are gone. */
  async stop(isForGood: boolean): Promise<void> {
    this.#isOver = true;
    this.#isStopping = !isForGood;
    const waiting = this.#drop();
    if (isForGood) for (const inspection of waiting) this.#note({ inspection, fault: 'ended', reason: null });
    await this.#process.end();
    await this.#judging;
    await this.#write();
  }
}
