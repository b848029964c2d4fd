/** Who comes in by a connector of the line, with a name and a password or token, as on the page. */
import { timingSafeEqual } from 'node:crypto';
import { FelfriError } from '../../core/errors.ts';
import { sha256 } from '../../core/files.ts';
import type { Role } from '../contract/access.ts';
import type { Records } from '../records/records.ts';
import { isPassword } from './passwords.ts';
import { Tries } from './tries.ts';

/** How a user's token begins. */
const TOKEN = /^felfri_[0-9a-f]{64}$/;

export class SignIn {
  readonly #records: Pick<Records, 'users' | 'audited'>;
  readonly #token: string | null;
  readonly #tries = new Tries();

  /** `token`: what whoever brings it may do all with. */
  constructor(records: Pick<Records, 'users' | 'audited'>, token: string | null) {
    this.#records = records;
    this.#token = token;
  }

  /** What a user may do. A refusal is in the audit log, with the way it came by. Throws UNAUTHORISED, TOO_BUSY, RATE_EXCEEDED. */
  async roleOf(name: string, secret: string, way: string): Promise<Role> {
    const account = name.toLowerCase();
    this.#tries.require(account, performance.now());
    const role = await this.#find(account, secret);
    if (role) {
      this.#tries.succeed(account);
      return role;
    }
    this.#tries.fail(account, performance.now());
    const refused = { action: 'user.sign-in refused', subject: account, detail: { address: way } } as const;
    await this.#records.audited({ by: null, at: new Date() }, async () => [undefined, refused]);
    throw new FelfriError('UNAUTHORISED', 'name, password or token is wrong');
  }

  async #find(account: string, secret: string): Promise<Role | undefined> {
    const { users } = this.#records;
    const isToken =
      this.#token !== null && timingSafeEqual(Buffer.from(sha256(secret)), Buffer.from(sha256(this.#token)));
    if (isToken) return 'admin';
    if (TOKEN.test(secret)) {
      const user = await users.ofToken(sha256(secret));
      return user?.name === account ? user.role : undefined;
    }
    const found = await users.withPassword(account);
    return (await isPassword(secret, found?.password)) ? found?.user.role : undefined;
  }
}
