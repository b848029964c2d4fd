/** Sessions: a page changes a password or token for a cookie that scripts cannot read and other sites cannot send. */
import { FelfriError } from '../../../core/errors.ts';
import { hashPassword } from '../../access/passwords.ts';
import type { UserRecords } from '../../records/users.ts';
import { type Callers, changeOf, cookieNameOf, SESSION_SECONDS } from '../callers.ts';
import type { HandlersOf } from '../mount.ts';

export function sessionHandlers(callers: Callers, users: UserRecords, secure: boolean): HandlersOf<'session'> {
  const cookie = (value: string, seconds: number): string =>
    `${cookieNameOf(secure)}=${value}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${seconds}${secure ? '; Secure' : ''}`;
  return {
    getSession: async ({ request }) => callers.state(await callers.of(request)),
    signIn: async ({ request, body, reply }) => {
      const { id, caller } = await callers.signIn(body, request.ip);
      reply.header('set-cookie', cookie(id, SESSION_SECONDS));
      return callers.state(caller);
    },
    changePassword: async ({ request, body: { password, another }, reply }) => {
      const name = request.caller?.byCookie ? request.caller.name : null;
      if (name === null)
        throw new FelfriError('CONFLICT', 'nobody is signed in by a password here', { subject: 'password' });
      // counts as a try, as any other; who mistypes is signed in all the same, so that it is no 401
      await callers.signIn({ name, password }, request.ip).catch((error) => {
        if (!(error instanceof FelfriError) || error.code !== 'UNAUTHORISED') throw error;
        throw new FelfriError('OPTION_INVALID', 'the present password is another', { subject: 'password' });
      });
      await users.setPassword(name, await hashPassword(another), changeOf(request, undefined));
      const { id, caller } = await callers.signIn({ name, password: another }, request.ip);
      reply.header('set-cookie', cookie(id, SESSION_SECONDS));
      return callers.state(caller);
    },
    signOut: async ({ request, reply }) => {
      await callers.signOut(request);
      reply.header('set-cookie', cookie('', 0));
    },
    listSessions: async ({ request }) => ({ sessions: await callers.sessions(request) }),
    endSession: ({ request, params }) => callers.endSession(request, params.id),
    listTokens: async ({ request }) => ({ tokens: await callers.tokens(request) }),
    endToken: ({ request, params }) => callers.endToken(request, params.id),
  };
}
