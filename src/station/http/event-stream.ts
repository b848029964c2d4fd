/**
 * Server-sent events: each listener gets what happens from then on, and a heartbeat, whose absence says that nothing can be relied on; one
 * that does not keep up, or may no longer listen, is let go.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { FelfriError } from '../../core/errors.ts';
import type { StationEvent } from '../contract/station.ts';
import type { StationEvents } from '../events.ts';
import { callerKey } from './callers.ts';

const HEARTBEAT_MILLIS = 1000;
/** How often a listener's right to listen is looked at again. */
const LOOK_MILLIS = 15_000;
const MOST_LISTENERS = 100;
/** Of one caller. */
const MOST_OF_ONE = 25;

/** Bytes that may wait for a slow listener. */
const MOST_WAITING = 1024 * 1024;
/** Milliseconds for which a listener may have taken less than was sent. */
const STUCK_MILLIS = 15_000;

export class EventStreams {
  readonly #events: StationEvents;
  /** What ends each, and whose it is. */
  readonly #open = new Map<() => void, string>();

  /** Whether who asked may still listen, as sessions end and users are removed. */
  readonly #mayListen: (request: FastifyRequest) => Promise<boolean>;

  /** How many images the station has at present. */
  readonly #underWay: () => number;

  constructor(events: StationEvents, underWay: () => number, mayListen: (request: FastifyRequest) => Promise<boolean>) {
    this.#events = events;
    this.#underWay = underWay;
    this.#mayListen = mayListen;
  }

  get size(): number {
    return this.#open.size;
  }

  /** Answers with a stream that stays open. Throws TOO_BUSY when there are too many. */
  add(request: FastifyRequest, reply: FastifyReply): void {
    if (this.#open.size >= MOST_LISTENERS)
      throw new FelfriError('TOO_BUSY', `${MOST_LISTENERS} listen already; close a page and try again`);
    const caller = callerKey(request);
    if ([...this.#open.values()].filter((other) => other === caller).length >= MOST_OF_ONE)
      throw new FelfriError('TOO_BUSY', `${MOST_OF_ONE} of yours listen already; close a page and try again`);
    const { raw } = reply.hijack();
    const headers = { ...reply.getHeaders(), 'content-type': 'text/event-stream', 'cache-control': 'no-store' };
    raw.writeHead(200, headers as Record<string, string>);
    let stuckSince: number | undefined;
    const write = (text: string): void => {
      const waiting = raw.writableLength;
      stuckSince = waiting === 0 ? undefined : (stuckSince ?? performance.now());
      const isStuck = stuckSince !== undefined && performance.now() - stuckSince > STUCK_MILLIS;
      if (waiting > MOST_WAITING || isStuck) raw.destroy();
      else raw.write(text);
    };
    write('retry: 2000\n\n');
    const tell = (event: StationEvent): void => write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    const beat = (): void => tell({ type: 'heartbeat', at: new Date().toISOString(), underWay: this.#underWay() });
    const deaf = this.#events.listen(tell);
    beat();
    const heart = setInterval(beat, HEARTBEAT_MILLIS);
    const look = async (): Promise<void> => {
      // while the database does not answer nobody is sent away
      const may = await this.#mayListen(request).catch(() => true);
      if (!may) end();
    };
    const timer = setInterval(() => void look(), LOOK_MILLIS);
    const end = (): void => {
      deaf();
      clearInterval(heart);
      clearInterval(timer);
      this.#open.delete(end);
      raw.end();
    };
    this.#open.set(end, caller);
    request.raw.on('close', end);
  }

  end(): void {
    for (const end of [...this.#open.keys()]) end();
  }
}
