/**
 * A hub on 127.0.0.1 that serves one file as huggingface.co does (a redirect that states hash, size and commit, then the bytes, in ranges
 * when asked), and that misbehaves as it is told, one behaviour a request for bytes.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export type Behaviour =
  | { readonly kind: 'whole' }
  /** The connection is cut after this many bytes of the body. */
  | { readonly kind: 'cut'; readonly after: number }
  /** Nothing comes after this many bytes of the body, and the connection stays open. */
  | { readonly kind: 'stall'; readonly after: number }
  /** One byte of the body is another. */
  | { readonly kind: 'corrupt' }
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: string }
  /** Ranges are ignored. */
  | { readonly kind: 'no-ranges' };

export interface Seen {
  readonly path: string;
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
  /** Status that was answered. */
  readonly status: number;
}

export const commit = '0123456789abcdef0123456789abcdef01234567';

export class LocalHub {
  /** The file; replace it to change what the hub has. */
  bytes: Buffer;
  /** Behaviours of the next requests for bytes; well behaved when there is none left. */
  readonly next: Behaviour[] = [];
  /** Whether the hub states SHA-256, size and commit. */
  states = true;
  /** Whether the bytes have an entity tag: strong, weak, or none. */
  tag: 'strong' | 'weak' | 'none' = 'strong';
  /** Where requests for the file are redirected to, unless to the bytes. */
  location: string | undefined;
  readonly seen: Seen[] = [];
  port = 0;
  address = '';
  readonly #server: Server;

  private constructor(bytes: Buffer, tls?: { readonly cert: string; readonly key: string }) {
    this.bytes = bytes;
    const answer = (request: IncomingMessage, response: ServerResponse): void => this.#answer(request, response);
    this.#server = tls ? createSecureServer(tls, answer) : createServer(answer);
  }

  /** Starts it, with https where a certificate is given. */
  static async start(bytes: Buffer, tls?: { readonly cert: string; readonly key: string }): Promise<LocalHub> {
    const hub = new LocalHub(bytes, tls);
    await new Promise<void>((resolve) => hub.#server.listen(0, '127.0.0.1', resolve));
    hub.port = (hub.#server.address() as AddressInfo).port;
    hub.address = `${tls ? 'https' : 'http'}://127.0.0.1:${hub.port}`;
    return hub;
  }

  get sha256(): string {
    return createHash('sha256').update(this.bytes).digest('hex');
  }

  /** Requests for bytes alone. */
  get fetches(): Seen[] {
    return this.seen.filter(({ path }) => path.startsWith('/bytes'));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? '';
    const { range, 'if-range': ifRange } = request.headers;
    response.on('close', () => {
      this.seen.push({ path, range, ifRange: ifRange as string | undefined, status: response.statusCode });
    });
    if (!path.startsWith('/bytes')) {
      const statement = {
        'X-Linked-Etag': `"${this.sha256}"`,
        'X-Linked-Size': this.bytes.length,
        'X-Repo-Commit': commit,
      };
      response.writeHead(302, { Location: this.location ?? '/bytes?signed=yes', ...(this.states && statement) }).end();
      return;
    }
    this.#sendBytes(range, ifRange as string | undefined, response);
  }

  #sendBytes(range: string | undefined, ifRange: string | undefined, response: ServerResponse): void {
    const behaviour = this.next.shift() ?? { kind: 'whole' };
    if (behaviour.kind === 'status') {
      const { status, retryAfter } = behaviour;
      response.writeHead(status, retryAfter === undefined ? {} : { 'Retry-After': retryAfter }).end('sorry');
      return;
    }
    const tag = { strong: `"${this.sha256.slice(0, 16)}"`, weak: 'W/"tag"', none: undefined }[this.tag];
    const size = this.bytes.length;
    const asked = /^bytes=(\d+)-$/.exec(range ?? '')?.[1];
    const honoured =
      asked !== undefined && behaviour.kind !== 'no-ranges' && (ifRange === undefined || ifRange === tag);
    const start = honoured ? Number(asked) : 0;
    if (start >= size) {
      response.writeHead(416, { 'Content-Range': `bytes */${size}` }).end();
      return;
    }
    const body = Buffer.from(this.bytes.subarray(start));
    if (behaviour.kind === 'corrupt') body[Math.floor(body.length / 2)]! ^= 0x10;
    response.writeHead(honoured ? 206 : 200, {
      'Content-Length': body.length,
      ...(tag !== undefined && { ETag: tag }),
      ...(honoured && { 'Content-Range': `bytes ${start}-${size - 1}/${size}` }),
    });
    if (behaviour.kind === 'cut') response.write(body.subarray(0, behaviour.after), () => response.socket?.end());
    else if (behaviour.kind === 'stall') response.write(body.subarray(0, behaviour.after));
    else response.end(body);
  }
}
