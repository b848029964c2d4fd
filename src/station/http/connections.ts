/** Connections are bounded, in all and for each address, and one over which nothing is asked, or whose answer is not read, is let go. */
import { Socket } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';

export interface ConnectionLimits {
  /** Connections at a time. */
  readonly all: number;
  /** Of one address. */
  readonly ofOne: number;
  /** Milliseconds for which an answer may stand without a byte of it being taken. */
  readonly readMillis: number;
  /** Milliseconds in which a connection must have said what it asks for. */
  readonly askMillis: number;
}

const MOST = 2000;
const READ_MILLIS = 20_000;
const ASK_MILLIS = 10_000;
/** For which what still comes over a connection that is to be closed is dropped. */
const LAST_MILLIS = 2000;

let known: number | undefined;

/** How many files the system lets this process open; asked once, as the report tells of all else too and takes 30 ms. */
function openFiles(): number {
  known ??= askOpenFiles();
  return known;
}

function askOpenFiles(): number {
  const report = process.report.getReport() as unknown as { userLimits?: { open_files?: { soft?: unknown } } };
  const soft = Number(report.userLimits?.open_files?.soft);
  return Number.isFinite(soft) && soft > 0 ? soft : 2 * MOST;
}

export function connectionLimits(given: Partial<ConnectionLimits> = {}): ConnectionLimits {
  // the other half is for databases, pictures and models
  const all = Math.min(MOST, Math.floor(openFiles() / 2));
  return { all, ofOne: Math.ceil(all / 4), readMillis: READ_MILLIS, askMillis: ASK_MILLIS, ...given };
}

/** What Node's server is made with. */
export const patienceOf = ({ askMillis }: ConnectionLimits) => ({
  headersTimeout: askMillis,
  connectionsCheckingInterval: askMillis / 2,
});

/**
 * Closes the connection after the answer to a request whose body is not waited for, a little later than Node would: a sender whose bytes meet a
 * closed connection gets an error in place of the answer, which may lie there already.
 */
export function closeAfter({ raw: { socket } }: FastifyRequest): void {
  if (!(socket instanceof Socket)) return;
  socket.destroySoon = () => {
    socket.end();
    setTimeout(() => socket.destroy(), LAST_MILLIS).unref();
  };
}

export function limitConnections(app: FastifyInstance, { all, ofOne, readMillis }: ConnectionLimits): void {
  const open = new Map<string, number>();
  app.server.maxConnections = all;
  app.server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    const count = (open.get(address) ?? 0) + 1;
    if (count > ofOne) {
      socket.destroy();
      return;
    }
    open.set(address, count);
    socket.once('close', () => {
      const left = open.get(address)! - 1;
      if (left > 0) open.set(address, left);
      else open.delete(address);
    });
  });
  // requests of tests have no socket; an answer that is being taken keeps its connection, however slowly that goes
  app.addHook('onSend', async ({ raw: { socket } }) => {
    if (socket instanceof Socket) socket.setTimeout(readMillis);
  });
  app.addHook('onResponse', async ({ raw: { socket } }) => {
    if (socket instanceof Socket) socket.setTimeout(app.server.keepAliveTimeout);
  });
}
