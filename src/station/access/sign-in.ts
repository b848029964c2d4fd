/** Who comes in by a connector of the line, with a name and a password or token, as on the page. */
import { timingSafeEqual } from 'node:crypto';
import { FelfriError } from '../../core/errors.ts';
import { sha256 } from '../../core/files.ts';
import type { AuditedAction } from '../audit/details.ts';
import type { Role } from '../contract/access.ts';
import type { Records } from '../records/records.ts';
import { isPassword } from './passwords.ts';
import { Tries } from './tries.ts';

/** As the audit log calls it; has a character that no user's name has. */
export const TOKEN_ACCOUNT = 'the token';
/** How a user's token begins. */
const TOKEN = /^felfri_[0-9a-f]{64}$/;

/** Somebody who came in. */
export interface Entered {
  readonly role: Role;
  /** Null for who came by the token of the station. */
  readonly name: string | null;
  /** What they may do now; null where they would not be let in any more. Throws RECORDS_UNAVAILABLE. */
  roleNow(): Promise<Role | null>;
}

export class SignIn {
  readonly #records: Pick<Records, 'users' | 'audited'>;
  readonly #token: string | null;
  readonly #tries = new Tries();

  /** `token`: what whoever brings it may do all with. */
  constructor(records: Pick<Records, 'users' | 'audited'>, token: string | null) {
    this.#records = records;
    this.#token = token;
  }

  /** Who comes in, and a refusal, is in the audit log, with the way it came by. Throws UNAUTHORISED, TOO_BUSY, RATE_EXCEEDED. */
  async enter(name: string, secret: string, way: string): Promise<Entered> {
    const account = name.toLowerCase();
    this.#tries.require(account, performance.now());
    const found = await this.#find(account, secret);
    if (found) {
      this.#tries.succeed(account);
      const subject = found.name ?? TOKEN_ACCOUNT;
      await this.#note(found.name, { action: 'user.signed in', subject, detail: { address: way, session: null } });
      return found;
    }
    this.#tries.fail(account, performance.now());
    await this.#note(null, { action: 'user.sign-in refused', subject: account, detail: { address: way } });
    throw new FelfriError('UNAUTHORISED', 'name, password or token is wrong');
  }

  #note(by: string | null, did: AuditedAction): Promise<void> {
    return this.#records.audited({ by, at: new Date() }, async () => [undefined, did]);
  }

  async #find(account: string, secret: string): Promise<Entered | undefined> {
    const { users } = this.#records;
    const isToken =
      this.#token !== null && timingSafeEqual(Buffer.from(sha256(secret)), Buffer.from(sha256(this.#token)));
    if (isToken) return { role: 'admin', name: null, roleNow: async () => 'admin' };
    if (TOKEN.test(secret)) return this.#byToken(account, sha256(secret));
    const found = await users.withPassword(account);
    if (!found || !(await isPassword(secret, found.password))) return undefined;
    const roleNow = async (): Promise<Role | null> => {
      const now = await users.withPassword(account);
      return now?.password === found.password ? now.user.role : null;
    };
    return { role: found.user.role, name: account, roleNow };
  }

  async #byToken(account: string, hash: string): Promise<Entered | undefined> {
    const roleNow = async (): Promise<Role | null> => {
      const user = await this.#records.users.ofToken(hash);
      return user?.name === account ? user.role : null;
    };
    const role = await roleNow();
    return role === null ? undefined : { role, name: account, roleNow };
  }
}
