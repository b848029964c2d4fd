/** Failed tries to sign in, by account, wherever they come from: after so many nobody gets in for a while, not even with the password. */
import { FelfriError } from '../../core/errors.ts';

const MOST = 10;
const WINDOW_MILLIS = 10 * 60_000;
/** Accounts that are remembered; names that nobody has count too, or they would tell which ones are there. */
const MOST_ACCOUNTS = 10_000;

interface Failed {
  count: number;
  readonly until: number;
}

export class Tries {
  /** Longest known first. */
  readonly #failed = new Map<string, Failed>();

  /** Throws RATE_EXCEEDED; `now` in milliseconds, of a clock that only goes on. */
  require(account: string, now: number): void {
    const failed = this.#failed.get(account);
    if (!failed || failed.until <= now || failed.count < MOST) return;
    const minutes = Math.ceil((failed.until - now) / 60_000);
    throw new FelfriError(
      'RATE_EXCEEDED',
      `${MOST} tries to sign in by this name failed; try again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`,
    );
  }

  fail(account: string, now: number): void {
    const failed = this.#failed.get(account);
    if (failed && failed.until > now) {
      failed.count++;
      return;
    }
    this.#failed.delete(account);
    this.#failed.set(account, { count: 1, until: now + WINDOW_MILLIS });
    if (this.#failed.size > MOST_ACCOUNTS) this.#failed.delete(this.#failed.keys().next().value!);
  }

  succeed(account: string): void {
    this.#failed.delete(account);
  }
}
