/** What a question to the audit log stands for. */
import { FelfriError } from '../../core/errors.ts';
import type { AuditFilter } from '../contract/audit.ts';
import type { AuditSearch } from '../records/audit-search.ts';
import { auditActions } from './actions.ts';

/** Throws REQUEST_INVALID for an action that is not in the table: it would find nothing, as if nobody had done it. */
export function auditSearchOf({ about, ...rest }: AuditFilter): AuditSearch {
  const { action } = rest;
  if (action !== undefined && !Object.hasOwn(auditActions, action)) {
    const legal = Object.keys(auditActions).join(', ');
    throw new FelfriError('REQUEST_INVALID', `got the action ${JSON.stringify(action)}; legal are ${legal}`);
  }
  if (about === undefined) return rest;
  const actions = Object.entries(auditActions).flatMap(([name, row]) => (row.about === about ? [name] : []));
  return { ...rest, actions };
}
