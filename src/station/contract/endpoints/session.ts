/** Sessions: a page changes a password or token for a cookie that scripts cannot read and other sites cannot send. */
import { SessionRequest, SessionState } from '../access.ts';
import type { Rows } from './endpoint.ts';

export const sessionRows = {
  getSession: {
    least: 'anyone',
    summary: 'Who is signed in, and what the station wants first',
    answer: SessionState,
  },
  signIn: {
    least: 'anyone',
    summary: 'Sign in by name and password, or by the token of the station',
    body: SessionRequest,
    answer: SessionState,
    refuses: ['UNAUTHORISED', 'TOO_BUSY'],
    perMinute: 10,
  },
  signOut: { least: 'anyone', summary: 'Sign out', status: 204 },
} as const satisfies Rows<'session'>;
