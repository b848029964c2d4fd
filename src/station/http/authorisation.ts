/** Which route asks for which role, in one table. */
import type { FastifyRequest } from 'fastify';
import type { Role } from '../contract/access.ts';

type Least = Role | 'anyone';

/** A route that stands in no line is the admin's. */
export const leastRoles: Readonly<Record<string, Least>> = {
  // the page that asks who one is, and what watches over the process
  'GET /*': 'anyone',
  'GET /health': 'anyone',
  'GET /ready': 'anyone',
  'GET /api/session': 'anyone',
  'POST /api/session': 'anyone',
  'DELETE /api/session': 'anyone',

  'GET /metrics': 'operator',
  'GET /api/openapi.json': 'operator',
  'GET /api/station': 'operator',
  'GET /api/events': 'operator',
  'POST /api/inspections': 'operator',
  'GET /api/inspections': 'operator',
  'GET /api/inspections/:id': 'operator',
  'GET /api/inspections/:id/image': 'operator',
  'GET /api/inspections/:id/map': 'operator',
  'PUT /api/inspections/:id/feedback': 'operator',
  'DELETE /api/inspections/:id/feedback': 'operator',
  'GET /api/review': 'operator',
  'GET /api/recipes': 'operator',
  'GET /api/recipes/:id': 'operator',
  'GET /api/recipes/:id/scores': 'operator',
  'GET /api/recipes/:id/model': 'operator',

  'POST /api/recipes': 'engineer',
  'PATCH /api/recipes/:id': 'engineer',
  'POST /api/recipes/:id/activate': 'engineer',
  'POST /api/recipes/:id/rollback': 'engineer',
  'POST /api/recipes/:id/tune': 'engineer',
  'GET /api/audit': 'engineer',

  'GET /api/replays': 'engineer',
  'POST /api/replays': 'engineer',
  'GET /api/replays/:id': 'engineer',
  'POST /api/replays/:id/cancel': 'engineer',
  'GET /api/inspections/:id/maps/:recipe': 'engineer',

  'GET /api/datasets': 'engineer',
  'POST /api/datasets': 'engineer',
  'GET /api/datasets/:id': 'engineer',
  'POST /api/datasets/:id/images': 'engineer',
  'POST /api/datasets/:id/inspections': 'engineer',
  'PATCH /api/datasets/:id/images/:hash': 'engineer',
  'DELETE /api/datasets/:id/images/:hash': 'engineer',
  'GET /api/datasets/:id/images/:hash/file': 'engineer',
  'GET /api/datasets/:id/images/:hash/mask': 'engineer',
  'PUT /api/datasets/:id/images/:hash/mask': 'engineer',

  'GET /api/trainings': 'engineer',
  'POST /api/trainings': 'engineer',
  'GET /api/trainings/:id': 'engineer',
  'GET /api/trainings/:id/curve': 'engineer',
  'GET /api/trainings/:id/report': 'engineer',
  'POST /api/trainings/:id/cancel': 'engineer',
  'POST /api/trainings/:id/resume': 'engineer',
  'POST /api/trainings/:id/recipe': 'engineer',

  'GET /api/comparisons': 'engineer',
  'GET /api/comparisons/:name': 'engineer',
  'GET /api/comparisons/:name/report': 'engineer',
};

/** The least role that a request needs; of an address that leads nowhere, only callers learn that it does not. */
export function leastRoleOf({ method, url, routeOptions }: FastifyRequest): Least {
  const route = routeOptions.url;
  if (route === undefined || route === '/*') return /^\/+(api|metrics)\b/i.test(url) ? 'operator' : 'anyone';
  return leastRoles[`${method} ${route}`] ?? 'admin';
}

const rank: Readonly<Record<Role, number>> = { operator: 1, engineer: 2, admin: 3 };

export const suffices = (has: Role, least: Role): boolean => rank[has] >= rank[least];
