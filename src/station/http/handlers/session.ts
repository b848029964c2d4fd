/** Sessions: a page changes a password or token for a cookie that scripts cannot read and other sites cannot send. */
import { type Callers, cookieName, SESSION_SECONDS } from '../callers.ts';
import type { HandlersOf } from '../mount.ts';

export function sessionHandlers(callers: Callers, secure: boolean): HandlersOf<'session'> {
  const cookie = (value: string, seconds: number): string =>
    `${cookieName}=${value}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${seconds}${secure ? '; Secure' : ''}`;
  return {
    getSession: async ({ request }) => callers.state(await callers.of(request)),
    signIn: async ({ request, body, reply }) => {
      const { id, caller } = await callers.signIn(body, request.ip);
      reply.header('set-cookie', cookie(id, SESSION_SECONDS));
      return callers.state(caller);
    },
    signOut: async ({ request, reply }) => {
      await callers.signOut(request);
      reply.header('set-cookie', cookie('', 0));
    },
  };
}
