/** Which request needs which role: the row of its endpoint says. */
import type { FastifyRequest } from 'fastify';
import type { Least } from '../contract/endpoints/endpoint.ts';

/** The least role that a request needs, the admin's where nothing says; of an address that leads nowhere, only callers learn that it does not. */
export function leastRoleOf({ url, routeOptions }: FastifyRequest): Least {
  const route = routeOptions.url;
  // the page that asks who one is
  if (route === undefined || route === '/*') return /^\/+(api|metrics)\b/i.test(url) ? 'operator' : 'anyone';
  return routeOptions.config.least ?? 'admin';
}
