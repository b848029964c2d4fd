/** Who may speak to the station: requests for its own host name, from its own pages, and with its token where one is demanded. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { FelfriError } from '../../core/errors.ts';
import { SessionRequest } from '../contract/station.ts';

export interface GuardSettings {
  /** Further host names by which browsers may address it. */
  readonly hosts: readonly string[];
  /** Null where only this machine can reach it. */
  readonly token: string | null;
}

const cookieName = 'felfri_session';
const SESSION_SECONDS = 12 * 3600;
const MOST_SESSIONS = 1000;

/** Without these anyone would be shut out for ever: the page that asks for the token, and what watches over the process. */
const openPaths = new Set(['/health', '/ready', '/api/session']);

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** The name in a Host header or origin, without port and brackets. */
function nameOf(host: string): string {
  return host
    .replace(/:\d+$/, '')
    .replace(/^\[|\]$/g, '')
    .toLowerCase();
}

/** A page elsewhere can make a name of its own point here, but not a bare address. */
function requireHost(request: FastifyRequest, hosts: ReadonlySet<string>): void {
  const name = nameOf(request.headers.host ?? '');
  if (isIP(name) !== 0 || hosts.has(name)) return;
  throw new FelfriError(
    'ORIGIN_REFUSED',
    `got the host ${JSON.stringify(name.slice(0, 100))}; address the station by its IP address or as ${[...hosts].join(', ')}, or name this one by --allow-host`,
    { subject: 'host' },
  );
}

/** A browser says from which page a request that changes something comes. */
function requireOwnPage(request: FastifyRequest): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  const { origin, host, 'sec-fetch-site': site } = request.headers;
  const own = origin === undefined || (URL.canParse(origin) && new URL(origin).host === host?.toLowerCase());
  if (own && (site === undefined || site === 'same-origin' || site === 'none')) return;
  throw new FelfriError(
    'ORIGIN_REFUSED',
    `got a request from the page of another site (${String(origin ?? site).slice(0, 100)})`,
    {
      subject: 'origin',
    },
  );
}

class Sessions {
  readonly #until = new Map<string, number>();

  open(): string {
    if (this.#until.size >= MOST_SESSIONS) this.#until.delete(this.#until.keys().next().value!);
    const id = randomBytes(32).toString('hex');
    this.#until.set(id, Date.now() + SESSION_SECONDS * 1000);
    return id;
  }

  isOpen(id: string): boolean {
    return (this.#until.get(id) ?? 0) > Date.now();
  }
}

/** Adds the checks to all routes, and the route by which a page changes the token for a cookie. */
export function addGuard(app: FastifyInstance, { hosts, token }: GuardSettings): void {
  const legalHosts = new Set([
    'localhost',
    ...(token === null ? [] : [hostname().toLowerCase()]),
    ...hosts.map(nameOf),
  ]);
  const sessions = new Sessions();
  const fits = (given: string): boolean => token !== null && timingSafeEqual(digest(given), digest(token));

  const mayPass = ({ headers }: FastifyRequest): boolean => {
    const bearer = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
    if (bearer !== undefined) return fits(bearer.trim());
    const session = new RegExp(`(?:^|;\\s*)${cookieName}=([0-9a-f]{64})(?:;|$)`).exec(headers.cookie ?? '')?.[1];
    return session !== undefined && sessions.isOpen(session);
  };

  app.addHook('onRequest', async (request) => {
    requireHost(request, legalHosts);
    requireOwnPage(request);
    const path = request.url.split('?', 1)[0]!;
    const guarded = path.startsWith('/api/') || path === '/metrics';
    if (token === null || !guarded || openPaths.has(path) || mayPass(request)) return;
    throw new FelfriError(
      'UNAUTHORISED',
      'the station demands its token: send the header "Authorization: Bearer TOKEN", or open a session by POST /api/session',
    );
  });

  app.post<{ Body: SessionRequest }>(
    '/api/session',
    { schema: { body: SessionRequest }, config: { rateLimit: { max: 10, timeWindow: '1 minute' } } },
    async (request, reply) => {
      if (!fits(request.body.token)) throw new FelfriError('UNAUTHORISED', 'this is not the token of this station');
      const cookie = `${cookieName}=${sessions.open()}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${SESSION_SECONDS}`;
      return reply.header('set-cookie', cookie).code(204).send();
    },
  );
}
