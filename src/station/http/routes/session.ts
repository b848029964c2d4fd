/** Sessions: a page changes a password or token for a cookie that scripts cannot read and other sites cannot send. */
import type { FastifyInstance } from 'fastify';
import { SessionRequest, SessionState } from '../../contract/access.ts';
import { ErrorBody } from '../../contract/common.ts';
import { type Callers, cookieName, SESSION_SECONDS } from '../callers.ts';

export function addSessionRoutes(app: FastifyInstance, callers: Callers, secure: boolean): void {
  const cookie = (value: string, seconds: number): string =>
    `${cookieName}=${value}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${seconds}${secure ? '; Secure' : ''}`;

  app.get(
    '/api/session',
    { schema: { summary: 'Who is signed in, and what the station wants first', response: { 200: SessionState } } },
    async (request) => callers.state(await callers.of(request)),
  );

  app.post<{ Body: SessionRequest }>(
    '/api/session',
    {
      schema: {
        summary: 'Sign in by name and password, or by the token of the station',
        body: SessionRequest,
        response: { 200: SessionState, 401: ErrorBody, 429: ErrorBody },
      },
      config: { rateLimit: { max: 10, timeWindow: '1 minute' } },
    },
    async (request, reply) => {
      const { id, caller } = await callers.signIn(request.body);
      return reply.header('set-cookie', cookie(id, SESSION_SECONDS)).send(await callers.state(caller));
    },
  );

  app.delete('/api/session', { schema: { summary: 'Sign out' } }, async (request, reply) => {
    await callers.signOut(request);
    return reply.header('set-cookie', cookie('', 0)).code(204).send();
  });
}
