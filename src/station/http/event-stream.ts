/** Server-sent events: each listener gets what happens from then on; one that does not keep up, or may no longer listen, is let go. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { FelfriError } from '../../core/errors.ts';
import type { StationEvents } from '../events.ts';

const KEEP_ALIVE_MILLIS = 15_000;
const MOST_LISTENERS = 100;

/** Bytes that may wait for a slow listener. */
const MOST_WAITING = 1024 * 1024;

export class EventStreams {
  readonly #events: StationEvents;
  readonly #open = new Set<() => void>();

  /** Whether who asked may still listen, as sessions end and users are removed. */
  readonly #mayListen: (request: FastifyRequest) => Promise<boolean>;

  constructor(events: StationEvents, mayListen: (request: FastifyRequest) => Promise<boolean>) {
    this.#events = events;
    this.#mayListen = mayListen;
  }

  get size(): number {
    return this.#open.size;
  }

  /** Answers with a stream that stays open. Throws TOO_BUSY when there are too many. */
  add(request: FastifyRequest, reply: FastifyReply): void {
    if (this.#open.size >= MOST_LISTENERS)
      throw new FelfriError('TOO_BUSY', `${MOST_LISTENERS} listen already; close a page and try again`);
    const { raw } = reply.hijack();
    const headers = { ...reply.getHeaders(), 'content-type': 'text/event-stream', 'cache-control': 'no-store' };
    raw.writeHead(200, headers as Record<string, string>);
    const write = (text: string): void => {
      if (raw.writableLength > MOST_WAITING) raw.destroy();
      else raw.write(text);
    };
    write('retry: 2000\n\n');
    const deaf = this.#events.listen((event) => write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`));
    const look = async (): Promise<void> => {
      // while the database does not answer nobody is sent away
      const may = await this.#mayListen(request).catch(() => true);
      if (may) write(': still here\n\n');
      else end();
    };
    const timer = setInterval(() => void look(), KEEP_ALIVE_MILLIS);
    const end = (): void => {
      deaf();
      clearInterval(timer);
      this.#open.delete(end);
      raw.end();
    };
    this.#open.add(end);
    request.raw.on('close', end);
  }

  end(): void {
    for (const end of [...this.#open]) end();
  }
}
