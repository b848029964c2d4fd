/** Whether something listens at an address: the test of an output to which others connect. */
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { FelfriError } from '../../core/errors.ts';

const PATIENCE = 3000;

const nothing = (host: string, port: number, cause?: unknown): FelfriError =>
  new FelfriError('LINE_UNDELIVERED', `nothing listens on ${host} port ${port}; is the station running?`, { cause });

/** Throws LINE_UNDELIVERED where nothing listens. */
export async function isListening(host: string, port: number): Promise<string> {
  const at = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  const socket = connect({ host: at, port });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(PATIENCE) });
    return `something listens on ${host} port ${port}`;
  } catch (cause) {
    throw nothing(host, port, cause);
  } finally {
    socket.destroy();
  }
}

/** As `isListening`, by whether the place is taken: for an output whose client a connection of the test's would drive out. */
export async function isTaken(host: string, port: number): Promise<string> {
  const server = createServer();
  try {
    server.listen({ host, port, exclusive: true });
    await once(server, 'listening');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') return `something listens on ${host} port ${port}`;
    throw new FelfriError('LINE_UNDELIVERED', `cannot listen on ${host} port ${port} (${code})`, { cause });
  }
  await new Promise((resolve) => server.close(resolve));
  throw nothing(host, port);
}
