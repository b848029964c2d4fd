/** What does not compile: an endpoint without a role, a row, a handler or what it must be asked with. The compiler is the test. */
import { expect, it } from 'vitest';
import { Connection } from '../client/connection.ts';
import type { HandlersOf } from '../http/mount.ts';
import { SessionState } from './access.ts';
import type { Endpoint, Rows } from './endpoints/endpoint.ts';
import { sessionRows } from './endpoints/session.ts';

it('holds rows, handlers and questions to the table', () => {
  const { getSession: _, ...others } = sessionRows;
  const { signIn, signOut } = sessionRows;
  const rows = [
    {
      ...others,
      getSession: { least: 'anyone', summary: 'Who', answer: SessionState },
    } satisfies Rows<'session'>,
    // @ts-expect-error an address has no row
    { signIn, signOut } satisfies Rows<'session'>,
    // @ts-expect-error a row has no address
    { ...sessionRows, whoAmI: { least: 'anyone', summary: 'Who' } } satisfies Rows<'session'>,
    // @ts-expect-error a row has no role
    { ...others, getSession: { summary: 'Who', answer: SessionState } } satisfies Rows<'session'>,
  ];
  // @ts-expect-error a code that there is not
  const refuses: NonNullable<Endpoint['refuses']> = ['NO_SUCH'];
  expect([rows.length, refuses.length]).toEqual([4, 1]);

  const answer = { wants: 'nothing', person: null, byToken: false, idleSeconds: 1800 } as const;
  const lists = {
    listSessions: () => ({ sessions: [] }),
    endSession: () => undefined,
    listTokens: () => ({ tokens: [] }),
    endToken: () => undefined,
  };
  const rest = { ...lists, signOut: () => undefined, changePassword: () => answer };
  const handlers = [
    { ...rest, getSession: () => answer, signIn: () => answer } satisfies HandlersOf<'session'>,
    // @ts-expect-error an endpoint has no handler
    { ...rest, getSession: () => answer } satisfies HandlersOf<'session'>,
    // @ts-expect-error a handler answers something else
    { ...rest, getSession: () => 'nobody', signIn: () => answer } satisfies HandlersOf<'session'>,
  ];
  expect(handlers).toHaveLength(3);

  const { call } = new Connection({ address: 'http://127.0.0.1:9' });
  const questions = [
    () => call('getDataSet', { params: { id: 'rings' } }),
    // @ts-expect-error no such endpoint
    () => call('getDataset', { params: { id: 'rings' } }),
    // @ts-expect-error a word of the path is missing
    () => call('getDataSet'),
    // @ts-expect-error a body must be given
    () => call('setThresholds', { params: { id: 'rings' } }),
    // @ts-expect-error a field of the query that there is not
    () => call('getReviewQueue', { query: { most: 3 } }),
    // @ts-expect-error its answer is no JSON
    () => call('getInspectionMap', { params: { id: 'one' } }),
  ];
  expect(questions).toHaveLength(6);
});
