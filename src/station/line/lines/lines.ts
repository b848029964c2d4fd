/** Each part as a line of text to whoever is connected by TCP, such as a controller or a robot. */
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { FelfriError } from '../../../core/errors.ts';
import type { PartMessage, StateMessage } from '../../contract/line.ts';
import type { Connector, LineTools } from '../connector.ts';
import type { LinesSettings } from './settings.ts';
import { lineOf } from './template.ts';

/** Of what a client sends without ending a line. */
const MOST_UNREAD = 4096;
/** Of what a client leaves unread. */
const MOST_UNSENT = 64 * 1024;
/** In which a line must have left this machine. */
const WRITE_MILLIS = 5000;

const undelivered = (why: string): FelfriError => new FelfriError('LINE_UNDELIVERED', why);

class Lines implements Connector {
  readonly #settings: LinesSettings;
  readonly #server: Server;
  #client: Socket | undefined;
  #acknowledged = new Map<number, () => void>();
  #told = '';
  #toldAt = Number.NEGATIVE_INFINITY;
  readonly #tools: LineTools;

  constructor(settings: LinesSettings, server: Server, tools: LineTools) {
    this.#settings = settings;
    this.#server = server;
    this.#tools = tools;
    server.on('connection', (socket) => this.#take(socket));
  }

  get connected(): boolean {
    return this.#client !== undefined;
  }

  /** The newest connection counts: one whose other end was switched off is heard of late or never. */
  #take(socket: Socket): void {
    this.#client?.destroy();
    this.#client = socket;
    socket.setNoDelay(true).setKeepAlive(true, 5000).setEncoding('utf8');
    socket.on('error', () => undefined);
    socket.once('close', () => {
      if (this.#client === socket) this.#client = undefined;
    });
    let unread = '';
    const { end } = this.#settings;
    socket.on('data', (text: string) => {
      const lines = (unread + text).replaceAll(end, '\n').split(/[\r\n]+/);
      unread = lines.pop()!.slice(-MOST_UNREAD);
      for (const line of lines) this.#hear(line);
    });
    this.#say(this.#tools.state());
    this.#tools.retry();
  }

  #hear(line: string): void {
    const found = /^\s*ACK[;, ](\d{1,15})\s*$/i.exec(line);
    if (found) this.#acknowledged.get(Number(found[1]))?.();
  }

  async deliver(part: PartMessage, signal: AbortSignal): Promise<'delivered'> {
    const socket = this.#client;
    if (!socket) throw undelivered('nobody is connected');
    const { acknowledge, acknowledgeSeconds, part: template, end } = this.#settings;
    const over = new AbortController();
    const gone = once(socket, 'close', { signal: AbortSignal.any([signal, over.signal]) }).then(() => {
      throw undelivered('the connection broke');
    });
    gone.catch(() => undefined);
    const millis = acknowledge ? acknowledgeSeconds * 1000 : WRITE_MILLIS;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      const why = acknowledge ? `no ACK;${part.sequence} within ${acknowledgeSeconds} s` : 'the line is not taken';
      timer = setTimeout(() => reject(undelivered(why)), millis);
    });
    const taken = acknowledge && new Promise<void>((resolve) => this.#acknowledged.set(part.sequence, resolve));
    const sent = new Promise<void>((resolve) => this.#write(socket, lineOf(template, part) + end, resolve));
    try {
      await Promise.race([taken || sent, gone, late]);
      if (socket.destroyed && !acknowledge) throw undelivered('the connection broke');
      return 'delivered';
    } finally {
      clearTimeout(timer);
      over.abort();
      this.#acknowledged.delete(part.sequence);
    }
  }

  tell(state: StateMessage): void {
    const { at: _, ...rest } = state;
    const text = JSON.stringify(rest);
    const isDue = performance.now() - this.#toldAt >= this.#settings.stateSeconds * 1000;
    if (text !== this.#told || isDue) this.#say(state);
    this.#told = text;
  }

  #write(socket: Socket, text: string, done: () => void = () => undefined): void {
    socket.write(text, done);
    if (socket.writableLength > MOST_UNSENT) socket.destroy();
  }

  #say(state: StateMessage): void {
    const { state: template, end } = this.#settings;
    this.#toldAt = performance.now();
    if (template !== '' && this.#client?.writable) this.#write(this.#client, lineOf(template, state) + end);
  }

  async close(): Promise<void> {
    this.#client?.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

async function listen({ listen: host, port }: LinesSettings): Promise<Server> {
  const server = createServer();
  try {
    server.listen({ host, port });
    await once(server, 'listening');
    return server;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new FelfriError('LINE_UNDELIVERED', `cannot listen on ${host} port ${port} (${code})`, { cause });
  }
}

export async function makeLines(settings: LinesSettings, tools: LineTools): Promise<Connector> {
  return new Lines(settings, await listen(settings), tools);
}
