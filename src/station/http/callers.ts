/** Who sends a request: by token, by a session's cookie, or anyone where only this machine can reach the station and it has no users. */
import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { FelfriError } from '../../core/errors.ts';
import { sha256 } from '../../core/files.ts';
import { isPassword, newSecret } from '../access/passwords.ts';
import { Tries } from '../access/tries.ts';
import type { Person, Role, SessionRequest, SessionState } from '../contract/access.ts';
import type { Change, Records } from '../records/records.ts';
import type { UserRecords } from '../records/users.ts';

export interface CallerSettings {
  /** What whoever brings it may do all with; null where there is none. */
  readonly token: string | null;
  /** Whether only this machine can reach the station: then it is open as long as there is neither token nor user. */
  readonly local: boolean;
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
export const cookieName = 'felfri_session';
const MOST_TOKEN_SESSIONS = 1000;
/** Has a character that no user's name has. */
const TOKEN_ACCOUNT = 'the token';

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
  readonly #tries = new Tries();
  readonly #settings: CallerSettings;
  /** Sessions by the station's token, by the hash of their id; they end with the process, as the token may. */
  readonly #tokenSessions = new Map<string, number>();
  #anyUsers = { known: false, until: 0 };

  constructor(records: Records, settings: CallerSettings) {
    this.#records = records;
    this.#users = records.users;
    this.#settings = settings;
  }

  async #hasUsers(): Promise<boolean> {
    const now = Date.now();
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
    const session = sessionOf(headers.cookie);
    if (bearer !== undefined) {
      if (this.#isToken(bearer)) return { name: null, role: 'admin', byCookie: false };
      const user = await this.#users.ofToken(sha256(bearer));
      if (user) return { name: user.name, role: user.role, byCookie: false };
    } else if (session !== undefined) {
      const hash = sha256(session);
      if ((this.#tokenSessions.get(hash) ?? 0) > Date.now()) return { name: null, role: 'admin', byCookie: true };
      const user = await this.#users.ofSession(hash, new Date());
      if (user) return { name: user.name, role: user.role, byCookie: true };
    }
    return (await this.#isOpen()) ? { name: null, role: 'admin', byCookie: false } : undefined;
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
    if (caller) return { wants: 'nothing', person };
    return { wants: (await this.#hasUsers()) ? 'password' : 'token', person };
  }

  /** Opens a session and gives its id; who tried, and whether it was let in, is in the audit log. Throws UNAUTHORISED, TOO_BUSY, RATE_EXCEEDED. */
  async signIn(given: SessionRequest, address: string): Promise<{ id: string; caller: Caller }> {
    const account = 'token' in given ? TOKEN_ACCOUNT : given.name.toLowerCase();
    this.#tries.require(account, performance.now());
    const { secret: id, hash } = newSecret();
    const until = Date.now() + SESSION_SECONDS * 1000;
    const caller =
      'token' in given ? this.#byToken(given.token, hash, until) : await this.#byPassword(given, hash, until);
    await this.#note(caller ? 'user.signed in' : 'user.sign-in refused', account, caller?.name ?? null, address);
    if (caller) {
      this.#tries.succeed(account);
      return { id, caller };
    }
    this.#tries.fail(account, performance.now());
    throw new FelfriError(
      'UNAUTHORISED',
      'token' in given ? 'this is not the token of this station' : 'name or password is wrong',
    );
  }

  #note(action: string, subject: string, by: string | null, address: string): Promise<void> {
    return this.#records.audited({ by, at: new Date() }, async () => [
      undefined,
      { action, subject, detail: { address } },
    ]);
  }

  #byToken(token: string, hash: string, until: number): Caller | undefined {
    if (!this.#isToken(token)) return undefined;
    if (this.#tokenSessions.size >= MOST_TOKEN_SESSIONS)
      this.#tokenSessions.delete(this.#tokenSessions.keys().next().value!);
    this.#tokenSessions.set(hash, until);
    return { name: null, role: 'admin', byCookie: true };
  }

  async #byPassword(
    { name, password }: { name: string; password: string },
    hash: string,
    until: number,
  ): Promise<Caller | undefined> {
    const found = await this.#users.withPassword(name.toLowerCase());
    if (!(await isPassword(password, found?.password)) || !found) return undefined;
    await this.#users.openSession(found.user.id, hash, new Date(until));
    return { name: found.user.name, role: found.user.role, byCookie: true };
  }

  async signOut({ headers }: FastifyRequest): Promise<void> {
    const session = sessionOf(headers.cookie);
    if (session === undefined) return;
    this.#tokenSessions.delete(sha256(session));
    await this.#users.closeSession(sha256(session));
  }
}

const cookie = new RegExp(`(?:^|;\\s*)${cookieName}=([0-9a-f]{64})(?:;|$)`);

function sessionOf(header: string | undefined): string | undefined {
  return cookie.exec(header ?? '')?.[1];
}
