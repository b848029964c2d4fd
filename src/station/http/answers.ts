/**
 * Large answers on their way out. What is sent to somebody who reads slowly lies in memory until it is taken, so all of them together take a
 * bounded amount: where there is no room, whoever is sent the most, and among that what has been under way longest, makes it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { FelfriError } from '../../core/errors.ts';
import { callerKey } from './callers.ts';

/** Of these as many may be under way as there are connections. */
const SMALL = 32 * 1024;
/** In which an answer may be taken however many others wait for room. */
const GRACE_MILLIS = 3000;
/** How long an answer waits for room. */
const WAIT_MILLIS = 6000;
const LOOK_MILLIS = 50;
const MOST_WAITING = 64;
/** Files that are read while they are sent: each is one of those that the process may open. */
const MOST_FILES = 32;

interface Answer {
  readonly caller: string;
  readonly bytes: number;
  readonly startedAt: number;
  readonly cut: () => void;
}

interface Waiter {
  readonly caller: string;
  /** Bytes that are there already. */
  readonly made: number;
}

export class Answers {
  readonly #mostBytes: number;
  readonly #open = new Set<Answer>();
  readonly #counted = new WeakSet<FastifyRequest>();
  #bytes = 0;
  #files = 0;
  /** Callers of those that wait for room, oldest first. */
  readonly #waiting = new Set<Waiter>();

  /** One is sent whatever its size. */
  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** To be called before so many bytes are read to be sent, or with what was made. Throws TOO_BUSY where there is no room for long. */
  async take(request: FastifyRequest, { raw }: FastifyReply, size: number | Buffer | string): Promise<void> {
    const bytes = typeof size === 'number' ? size : size.length;
    if (bytes <= SMALL || this.#counted.has(request)) return;
    const caller = callerKey(request);
    await this.#room({ caller, made: typeof size === 'number' ? 0 : bytes }, bytes);
    const answer: Answer = {
      caller,
      bytes,
      startedAt: performance.now(),
      cut: () => raw.destroy(),
    };
    this.#counted.add(request);
    this.#open.add(answer);
    this.#bytes += bytes;
    const end = (): void => {
      if (this.#open.delete(answer)) this.#bytes -= bytes;
    };
    raw.once('finish', end).once('close', end);
    // who went away meanwhile closed it before
    if (raw.destroyed) end();
  }

  /** To be called before a file is opened that is sent while it is read. Throws TOO_BUSY where as many are as may. */
  takeFile({ raw }: FastifyReply): void {
    if (this.#files >= MOST_FILES) throw full();
    this.#files++;
    raw.once('close', () => {
      this.#files--;
    });
  }

  #fits(bytes: number): boolean {
    return this.#bytes === 0 || this.#bytes + bytes <= this.#mostBytes;
  }

  async #room(waiter: Waiter, bytes: number): Promise<void> {
    if (this.#waiting.size === 0 && this.#fits(bytes)) return;
    const begin = performance.now();
    this.#waiting.add(waiter);
    try {
      const made = [...this.#waiting].reduce((sum, one) => sum + one.made, 0);
      if (this.#waiting.size > MOST_WAITING || made > this.#mostBytes) throw full();
      while (!this.#fits(bytes) || this.#next() !== waiter) {
        if (performance.now() - begin > WAIT_MILLIS) throw full();
        if (!this.#fits(bytes)) this.#worst()?.cut();
        await sleep(LOOK_MILLIS);
      }
    } finally {
      this.#waiting.delete(waiter);
    }
  }

  #byCaller(): (caller: string) => number {
    const of = new Map<string, number>();
    for (const { caller, bytes } of this.#open) of.set(caller, (of.get(caller) ?? 0) + bytes);
    return (caller) => of.get(caller) ?? 0;
  }

  /** Of those that wait the first of whoever is sent the least. */
  #next(): Waiter {
    const of = this.#byCaller();
    return [...this.#waiting].reduce((a, b) => (of(b.caller) < of(a.caller) ? b : a));
  }

  /** Undefined while all have their grace. */
  #worst(): Answer | undefined {
    const of = this.#byCaller();
    const late = [...this.#open].filter(({ startedAt }) => performance.now() - startedAt > GRACE_MILLIS);
    return late.sort((a, b) => of(b.caller) - of(a.caller) || a.startedAt - b.startedAt)[0];
  }
}

const full = (): FelfriError =>
  new FelfriError('TOO_BUSY', 'large answers are on their way to others, as many as may; ask again in a second');
