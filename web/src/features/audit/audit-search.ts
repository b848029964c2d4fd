/** What somebody looks for in the audit log: as the form holds it, as the service is asked. */

import { addressOf } from '../../../../src/station/client/connection.ts';
import type { AuditFilter, AuditFormat } from '../../api/contract.ts';
import { midnight } from '../../lib/days.ts';

/** Everything as text, empty for no restriction; dates as `YYYY-MM-DD`, both included. */
export interface AuditSearch {
  about: NonNullable<AuditFilter['about']> | '';
  subject: string;
  by: string;
  from: string;
  to: string;
}

export const noSearch: AuditSearch = { about: '', subject: '', by: '', from: '', to: '' };

/** What entries are about, as the form calls it. */
export const subjectNames: Readonly<Record<NonNullable<AuditFilter['about']>, string>> = {
  recipe: 'recipes',
  inspection: 'verdicts',
  dataSet: 'data sets',
  study: 'studies',
  training: 'trainings',
  user: 'users and sign-ins',
  kept: 'what was removed',
  product: 'product codes',
  drift: 'drift',
  reference: 'reference parts',
};

/** What is illegal in an address that was written by hand restricts nothing. */
export function searchFrom(query: URLSearchParams): AuditSearch {
  const text = (name: keyof AuditSearch): string => query.get(name) ?? '';
  const about = text('about');
  return {
    about: Object.hasOwn(subjectNames, about) ? (about as keyof typeof subjectNames) : '',
    subject: text('subject'),
    by: text('by'),
    from: text('from'),
    to: text('to'),
  };
}

export function filterOf({ about, subject, by, from, to }: AuditSearch): AuditFilter {
  // the service's last moment is included, and a day ends where the next begins
  const end = midnight(to, 1);
  const filter = {
    about: about || undefined,
    subject: subject.trim() || undefined,
    by: by.trim() || undefined,
    from: midnight(from),
    to: end && new Date(Date.parse(end) - 1).toISOString(),
  };
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}

export const exportAddress = (filter: AuditFilter, format: AuditFormat): string =>
  addressOf('exportAudit', { query: { ...filter, format } });
