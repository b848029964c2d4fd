/** Who may speak to the station: requests for its own host name, from its own pages, and from who has the role that the route asks for. */
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { FelfriError } from '../../core/errors.ts';
import { suffices } from '../contract/roles.ts';
import { leastRoleOf } from './authorisation.ts';
import type { Callers } from './callers.ts';

export interface GuardSettings {
  /** Further host names by which browsers may address it. */
  readonly hosts: readonly string[];
  /** Whether only this machine can reach it. */
  readonly local: boolean;
}

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

/** A browser sends the cookie by itself, so what it changes must say that it comes from the station's own page. */
function requireStatedPage({ method, headers }: FastifyRequest): void {
  if (method === 'GET' || method === 'HEAD') return;
  if (headers.origin !== undefined || headers['sec-fetch-site'] === 'same-origin') return;
  throw new FelfriError('ORIGIN_REFUSED', 'got a cookie without the header Origin; programs use a token instead', {
    subject: 'origin',
  });
}

/** Adds the checks to all routes that are added afterwards, and says with each request who sends it. */
export function addGuard(app: FastifyInstance, { hosts, local }: GuardSettings, callers: Callers): void {
  const legalHosts = new Set(['localhost', ...(local ? [] : [hostname().toLowerCase()]), ...hosts.map(nameOf)]);
  app.decorateRequest('caller', null);
  app.addHook('onRequest', async (request) => {
    requireHost(request, legalHosts);
    requireOwnPage(request);
  });
  const limit = app.rateLimit();
  // after the limits of the routes, so that tokens are not guessed without one
  app.addHook('preParsing', async (request, reply) => {
    if (request.routeOptions.url === undefined) await limit.call(app, request, reply);
    const least = leastRoleOf(request);
    if (least === 'anyone') return;
    const caller = await callers.of(request);
    if (!caller) {
      throw new FelfriError(
        'UNAUTHORISED',
        'the station asks who you are: send the header "Authorization: Bearer TOKEN", or sign in by POST /api/session',
      );
    }
    if (caller.byCookie) requireStatedPage(request);
    if (!suffices(caller.role, least)) {
      throw new FelfriError('FORBIDDEN', `${caller.name} is ${caller.role}; this asks for the role ${least}`, {
        subject: least,
      });
    }
    request.caller = caller;
  });
}
