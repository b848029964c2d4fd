/** Sessions: a page changes a password or token for a cookie that scripts cannot read and other sites cannot send. */
import { SessionList, SessionRequest, SessionState, TokenList } from '../access.ts';
import { PasswordChange } from '../users.ts';
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
  changePassword: {
    least: 'operator',
    summary: 'Change the own password',
    description: 'Ends all other sessions of the user, and the tokens. Who came by a token has no password to change.',
    body: PasswordChange,
    answer: SessionState,
    refuses: ['CONFLICT', 'OPTION_INVALID', 'TOO_BUSY'],
    perMinute: 10,
  },
  signOut: { least: 'anyone', summary: 'Sign out', status: 204 },
  listSessions: {
    least: 'operator',
    summary: 'Sessions: all for an admin, else those of the user',
    answer: SessionList,
  },
  endSession: { least: 'operator', summary: 'End a session: any as an admin, else one of the user', status: 204 },
  listTokens: { least: 'operator', summary: 'Tokens: all for an admin, else those of the user', answer: TokenList },
  endToken: {
    least: 'operator',
    summary: 'Make a token worthless: any as an admin, else one of the user',
    status: 204,
  },
} as const satisfies Rows<'session'>;
