/** Who signs: a user who is signed in, and gives the password once more. */
import type { FastifyRequest } from 'fastify';
import { FelfriError } from '../../core/errors.ts';
import { isPassword } from '../access/passwords.ts';
import type { Tries } from '../access/tries.ts';
import { suffices } from '../contract/roles.ts';
import type { Records } from '../records/records.ts';

const refused = (message: string, subject: string): FelfriError =>
  new FelfriError('SIGNATURE_REFUSED', message, { subject });

export class Signers {
  readonly #records: Records;
  readonly #tries: Tries;

  /** `tries`: those to sign in, among which a wrong password counts. */
  constructor(records: Records, tries: Tries) {
    this.#records = records;
    this.#tries = tries;
  }

  /** The user's name; a wrong password is in the audit log. Throws SIGNATURE_REFUSED, TOO_BUSY, RATE_EXCEEDED. */
  async require({ caller, ip }: FastifyRequest, password: string, recipe: string): Promise<string> {
    if (!caller?.byCookie || caller.name === null)
      throw refused(
        'a person signs, who is signed in as a user by a password; who comes by a token, or without a name, cannot sign',
        'token',
      );
    const { name } = caller;
    this.#tries.require(name, performance.now());
    const found = await this.#records.users.withPassword(name);
    if (found && (await isPassword(password, found.password))) {
      this.#tries.succeed(name);
      // it may have been taken since the request came
      if (suffices(found.user.role, 'engineer')) return name;
      throw refused(`${name} is ${found.user.role}; who signs is at least engineer`, 'person');
    }
    this.#tries.fail(name, performance.now());
    await this.#records.audited({ by: null, at: new Date() }, async () => [
      undefined,
      { action: 'user.signature refused', subject: name, detail: { address: ip, recipe } },
    ]);
    throw refused('the password is wrong; nothing was signed', 'password');
  }
}
