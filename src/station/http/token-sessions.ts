/** Sessions that were opened by the token of the station; they end with the process, as the token may. */

import { CLOCK_MILLIS, publicId } from '../records/sql-sessions.ts';
import type { NewSession, UserSession } from '../records/users.ts';

const MOST = 1000;

interface Open {
  readonly address: string;
  readonly openedAt: number;
  readonly until: number;
  seenAt: number;
}

export class TokenSessions {
  /** By the hash of their secret. */
  readonly #open = new Map<string, Open>();

  add({ hash, until }: NewSession, address: string): void {
    if (this.#open.size >= MOST) this.#open.delete(this.#open.keys().next().value!);
    const now = Date.now();
    this.#open.set(hash, { address, openedAt: now, seenAt: now, until: until.getTime() });
  }

  /** Whether it is open; then it was used now. */
  use(hash: string, idleMillis: number): boolean {
    const session = this.#open.get(hash);
    const now = Date.now();
    // one that was used later than now: the clock was set back
    const isLater = session !== undefined && session.seenAt > now + CLOCK_MILLIS;
    if (!session || isLater || session.until <= now || session.seenAt <= now - idleMillis) {
      this.#open.delete(hash);
      return false;
    }
    session.seenAt = now;
    return true;
  }

  end(hash: string): void {
    this.#open.delete(hash);
  }

  list(): (Omit<UserSession, 'user'> & { readonly user: null })[] {
    const timeOf = (millis: number): string => new Date(millis).toISOString();
    return [...this.#open].map(([hash, { address, openedAt, seenAt, until }]) => ({
      id: publicId(hash),
      hash,
      user: null,
      address,
      openedAt: timeOf(openedAt),
      seenAt: timeOf(seenAt),
      until: timeOf(until),
    }));
  }
}
