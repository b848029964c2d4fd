/** Which role may do what another may; without the schemas, for the page too. */
import type { Role } from './access.ts';

const rank: Readonly<Record<Role, number>> = { operator: 1, engineer: 2, admin: 3 };

export const suffices = (has: Role, least: Role): boolean => rank[has] >= rank[least];
