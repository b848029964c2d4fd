/** Who sends a request: by token, by a session's cookie, or anyone where only this machine can reach the station and it has no users. */
import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { FelfriError } from '../../core/errors.ts';
import { sha256 } from '../../core/files.ts';
import { isPassword, newSecret } from '../access/passwords.ts';
import { TOKEN_ACCOUNT } from '../access/sign-in.ts';
import { Tries } from '../access/tries.ts';
import type { AuditedAction } from '../audit/details.ts';
import type { OpenSession, Person, Role, SessionRequest, SessionState } from '../contract/access.ts';
import type { Change } from '../records/change.ts';
import type { Records } from '../records/records.ts';
import type { NewSession, UserRecords, UserToken } from '../records/users.ts';
import { TokenSessions } from './token-sessions.ts';

export interface CallerSettings {
  /** What whoever brings it may do all with; null where there is none. */
  readonly token: string | null;
  /** Whether only this machine can reach the station: then it is open as long as there is neither token nor user. */
  readonly local: boolean;
  /** Minutes without a request after which a session ends; 30 unless told. */
  readonly idleMinutes?: number;
}

export interface Caller {
  /** Null where it is not known: then a request may say who asks for a change. */
  readonly name: string | null;
  readonly role: Role;
  /** Whether a browser sent its credentials by itself. */
  readonly byCookie: boolean;
}

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller | null;
  }
}

/** Seconds that a session lasts: a shift and its handing over. */
export const SESSION_SECONDS = 12 * 3600;
/** With TLS a browser takes it from this host alone, and for all of it. */
export const cookieNameOf = (secure: boolean): string => (secure ? '__Host-felfri_session' : 'felfri_session');
const IDLE_MINUTES = 30;

/** Milliseconds for which it is not asked again whether there are users. */
const USERS_MILLIS = 1000;

/** What a request itself says of its change. */
interface Said {
  readonly by?: string | undefined;
  readonly note?: string | undefined;
}

/** The change that a request asks for: by whom it comes where that is known, else by whom it says. */
export function changeOf({ caller }: FastifyRequest, body: Said | undefined): Change {
  return { by: caller?.name ?? body?.by ?? null, note: body?.note ?? null, at: new Date() };
}

/** What tells callers apart who are to have equal parts: the user where one is known, else the address. */
export function callerKey({ caller, ip }: FastifyRequest): string {
  return caller?.name ? `user ${caller.name}` : ip;
}

export class Callers {
  readonly #records: Records;
  readonly #users: UserRecords;
  /** Also of who signs. */
  readonly tries = new Tries();
  readonly #settings: CallerSettings;
  readonly #tokenSessions = new TokenSessions();
  #anyUsers = { known: false, until: 0 };

  readonly #session: RegExp;

  /** `secure`: whether TLS is spoken. */
  constructor(records: Records, settings: CallerSettings, secure: boolean) {
    this.#session = sessionPattern(secure);
    this.#records = records;
    this.#users = records.users;
    this.#settings = settings;
  }

  async #hasUsers(): Promise<boolean> {
    const now = performance.now();
    if (now >= this.#anyUsers.until) this.#anyUsers = { known: await this.#users.any(), until: now + USERS_MILLIS };
    return this.#anyUsers.known;
  }

  /** Undefined for who must say first who they are. Throws RECORDS_UNAVAILABLE when the database does not answer. */
  async of(request: FastifyRequest): Promise<Caller | undefined> {
    try {
      return await this.#find(request);
    } catch (cause) {
      throw new FelfriError('RECORDS_UNAVAILABLE', 'who asks cannot be looked up: the database does not answer', {
        cause,
      });
    }
  }

  async #find({ headers }: FastifyRequest): Promise<Caller | undefined> {
    const bearer = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1]?.trim();
    const session = this.#sessionOf(headers.cookie);
    if (bearer !== undefined) {
      if (this.#isToken(bearer)) return { name: null, role: 'admin', byCookie: false };
      const user = await this.#users.ofToken(sha256(bearer));
      if (user) return { name: user.name, role: user.role, byCookie: false };
    } else if (session !== undefined) {
      const hash = sha256(session);
      if (this.#tokenSessions.use(hash, this.#idleMillis)) return { name: null, role: 'admin', byCookie: true };
      const user = await this.#users.ofSession(hash, new Date(), this.#idleMillis);
      if (user) return { name: user.name, role: user.role, byCookie: true };
    }
    return (await this.#isOpen()) ? { name: null, role: 'admin', byCookie: false } : undefined;
  }

  get #idleMillis(): number {
    return (this.#settings.idleMinutes ?? IDLE_MINUTES) * 60_000;
  }

  #sessionOf(header: string | undefined): string | undefined {
    return this.#session.exec(header ?? '')?.[1];
  }

  async #isOpen(): Promise<boolean> {
    const { token, local } = this.#settings;
    return token === null && local && !(await this.#hasUsers());
  }

  #isToken(given: string): boolean {
    const { token } = this.#settings;
    // hashes are of one length, and how long comparing them takes tells nothing of the token
    return token !== null && timingSafeEqual(Buffer.from(sha256(given)), Buffer.from(sha256(token)));
  }

  async state(caller: Caller | undefined): Promise<SessionState> {
    const person: Person | null = caller?.name ? { name: caller.name, role: caller.role } : null;
    const idleSeconds = this.#idleMillis / 1000;
    const byToken = person === null && caller?.byCookie === true;
    if (caller) return { wants: 'nothing', person, byToken, idleSeconds };
    return { wants: (await this.#hasUsers()) ? 'password' : 'token', person, byToken, idleSeconds };
  }

  /** Opens a session and gives its id; who tried, and whether it was let in, is in the audit log. Throws UNAUTHORISED, TOO_BUSY, RATE_EXCEEDED. */
  async signIn(given: SessionRequest, address: string): Promise<{ id: string; caller: Caller }> {
    const account = 'token' in given ? TOKEN_ACCOUNT : given.name.toLowerCase();
    this.tries.require(account, performance.now());
    const { secret: id, hash } = newSecret();
    const session = { hash, until: new Date(Date.now() + SESSION_SECONDS * 1000) };
    const caller = await ('token' in given
      ? this.#byToken(given.token, session, address)
      : this.#byPassword(given, session, address));
    if (caller) {
      this.tries.succeed(account);
      return { id, caller };
    }
    this.tries.fail(account, performance.now());
    await this.#note({ action: 'user.sign-in refused', subject: account, detail: { address } });
    throw new FelfriError(
      'UNAUTHORISED',
      'token' in given ? 'this is not the token of this station' : 'name or password is wrong',
    );
  }

  #note(did: AuditedAction): Promise<void> {
    return this.#records.audited({ by: null, at: new Date() }, async () => [undefined, did]);
  }

  async #byToken(token: string, session: NewSession, address: string): Promise<Caller | undefined> {
    if (!this.#isToken(token)) return undefined;
    await this.#note({ action: 'user.signed in', subject: TOKEN_ACCOUNT, detail: { address, session: null } });
    this.#tokenSessions.add(session, address);
    return { name: null, role: 'admin', byCookie: true };
  }

  async #byPassword(
    { name, password }: { name: string; password: string },
    session: NewSession,
    address: string,
  ): Promise<Caller | undefined> {
    const found = await this.#users.withPassword(name.toLowerCase());
    if (!(await isPassword(password, found?.password)) || !found) return undefined;
    await this.#users.openSession(found.user, session, address);
    return { name: found.user.name, role: found.user.role, byCookie: true };
  }

  async signOut({ headers }: FastifyRequest): Promise<void> {
    const session = this.#sessionOf(headers.cookie);
    if (session === undefined) return;
    this.#tokenSessions.end(sha256(session));
    await this.#users.closeSession(sha256(session));
  }

  async #sessions(request: FastifyRequest) {
    const all = [...this.#tokenSessions.list(), ...(await this.#users.sessions())];
    return all.filter(({ user }) => mayEnd(request, user));
  }

  /** Those that the caller may end. */
  async sessions(request: FastifyRequest): Promise<OpenSession[]> {
    const own = this.#sessionOf(request.headers.cookie);
    const all = await this.#sessions(request);
    return all.map(({ hash, ...session }) => ({ ...session, own: own !== undefined && sha256(own) === hash }));
  }

  /** Throws NOT_FOUND, also where it is not the caller's. */
  async endSession(request: FastifyRequest, id: string): Promise<void> {
    const found = (await this.#sessions(request)).find((one) => one.id === id);
    if (!found) throw new FelfriError('NOT_FOUND', `there is no session ${id}; it may have ended`, { subject: id });
    const { hash, user, address } = found;
    if (user !== null) return this.#users.endSession(id, changeOf(request, undefined));
    this.#tokenSessions.end(hash);
    await this.#records.audited(changeOf(request, undefined), async () => [
      undefined,
      { action: 'user.session ended', subject: TOKEN_ACCOUNT, detail: { address, session: id } },
    ]);
  }

  async tokens(request: FastifyRequest): Promise<UserToken[]> {
    return (await this.#users.tokens()).filter(({ user }) => mayEnd(request, user));
  }

  /** Throws NOT_FOUND, also where it is not the caller's. */
  async endToken(request: FastifyRequest, id: string): Promise<void> {
    const found = (await this.tokens(request)).find((one) => one.id === id);
    if (!found) throw new FelfriError('NOT_FOUND', `there is no token ${id}`, { subject: id });
    await this.#users.removeToken(found.user, found.label, changeOf(request, undefined));
  }
}

/** Whether who asks may see and end what belongs to a user; null: to whoever has the token of the station. */
function mayEnd({ caller }: FastifyRequest, user: string | null): boolean {
  return caller?.role === 'admin' || (user !== null && caller?.name === user);
}

const sessionPattern = (secure: boolean): RegExp =>
  new RegExp(`(?:^|;\\s*)${cookieNameOf(secure)}=([0-9a-f]{64})(?:;|$)`);
