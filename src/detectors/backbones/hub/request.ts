/** One GET request, redirects followed, through the proxy where one is set. */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { PassThrough, type Readable } from 'node:stream';
import { FelfriError } from '../../../core/errors.ts';
import { given } from '../../../core/given.ts';
import { felfriVersion } from '../../../core/version.ts';
import { mayRedirect } from './address.ts';
import { openTunnel, proxyFor } from './proxy.ts';

const MOST_REDIRECTS = 5;

/** What a hub says of a file in its first response, which redirects to where the bytes lie. */
export interface Statement {
  /** SHA-256 of the file: the `X-Linked-Etag` of a file in large-file storage. */
  readonly sha256?: string;
  /** Bytes of the whole file: `X-Linked-Size`. */
  readonly bytes?: number;
  /** Commit that the revision stands for: `X-Repo-Commit`. */
  readonly commit?: string;
}

export interface Answer {
  readonly response: IncomingMessage;
  /** All that comes of the body. It ends, and does not fail, where the connection breaks: what came counts. */
  readonly body: Readable;
  /** Why the body ended before its time, once it has. */
  readonly broken: () => Error | undefined;
  readonly stated: Statement;
}

function one(response: IncomingMessage, name: string): string {
  const value = response.headers[name];
  return typeof value === 'string' ? value : '';
}

function statementOf(response: IncomingMessage): Statement {
  const sha256 = /^(?:W\/)?"?([0-9a-f]{64})"?$/.exec(one(response, 'x-linked-etag').toLowerCase())?.[1];
  const bytes = /^\d+$/.exec(one(response, 'x-linked-size'))?.[0];
  const commit = /^[0-9a-f]{40}$/.exec(one(response, 'x-repo-commit'))?.[0];
  return {
    ...given({ sha256 }),
    ...(bytes !== undefined && { bytes: Number(bytes) }),
    ...given({ commit }),
  };
}

/** So much that the connection is hardly ever paused: what waits in a paused one is lost when it breaks. */
const BODY_BUFFER_BYTES = 2 ** 22;

/** Takes the body from the first moment on: a response that breaks while nobody reads it loses what it holds. */
function salvage(response: IncomingMessage): Pick<Answer, 'body' | 'broken'> {
  const body = new PassThrough({ highWaterMark: BODY_BUFFER_BYTES });
  let broken: Error | undefined;
  response.on('data', (chunk: Buffer) => {
    if (body.write(chunk)) return;
    response.pause();
    body.once('drain', () => response.resume());
  });
  response.once('end', () => body.end());
  response.on('error', (error) => {
    broken = error;
    body.end();
  });
  return { body, broken: () => broken };
}

/** Waits for the response's head, not for its body. The signal ends the connection at any time. */
async function requestOnce(
  address: URL,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Omit<Answer, 'stated'>> {
  const proxy = proxyFor(address);
  const tunnel = proxy && (await openTunnel(proxy, address, signal));
  const options = {
    headers: { 'User-Agent': `felfri/${felfriVersion}`, 'Accept-Encoding': 'identity', ...headers },
    // connections are not kept: the next request may be minutes away, and idle sockets would keep the process from ending;
    // an agent of any kind would open a connection of its own beside the tunnel
    ...(tunnel ? { createConnection: () => tunnel } : { agent: false as const }),
    signal,
  };
  return new Promise((resolve, reject) => {
    const request = address.protocol === 'https:' ? httpsRequest(address, options) : httpRequest(address, options);
    request.once('error', reject);
    request.once('response', (response) => resolve({ response, ...salvage(response) }));
    request.end();
  });
}

/**
 * Gets an address. Statements are taken from every response on the way, the first one that makes any going before. Rejects with what the
 * network gives, and throws DOWNLOAD_FAILED when a redirect leads away from https (from http on this machine to there), nowhere, or in circles.
 */
export async function get(
  address: URL,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Answer> {
  let at = address;
  let stated: Statement = {};
  for (let hops = 0; hops <= MOST_REDIRECTS; hops++) {
    const answer = await requestOnce(at, headers, signal);
    const { response } = answer;
    stated = { ...statementOf(response), ...stated };
    const { statusCode = 0 } = response;
    if (![301, 302, 303, 307, 308].includes(statusCode)) return { ...answer, stated };
    response.destroy();
    const location = one(response, 'location');
    if (!URL.canParse(location, at.href)) throw refused(address, `${at.host} redirects without saying where`);
    const next = new URL(location, at);
    if (!mayRedirect(at, next)) throw refused(address, `${at.host} redirects to ${next.origin}, which is not https`);
    at = next;
  }
  throw refused(address, `more than ${MOST_REDIRECTS} redirects`);
}

function refused(address: URL, what: string): FelfriError {
  return new FelfriError('DOWNLOAD_FAILED', `${address}: ${what}; check the hub's address`, { subject: address.href });
}
