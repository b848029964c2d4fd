/** Who is signed in at this browser, where somebody must be. */
import { suffices } from '../../../../src/station/contract/roles.ts';
import type { Role, SessionRequest, SessionState } from '../../api/contract.ts';
import { closeSession, getSession, openSession } from './session.ts';

class Session {
  #state = $state.raw<SessionState>();

  get person(): SessionState['person'] {
    return this.#state?.person ?? null;
  }

  /** Whether it was opened by the token of the station, which may do everything and has no name. */
  get byToken(): boolean {
    return this.#state?.byToken ?? false;
  }

  /** What the station wants before it answers; undefined until it has said so. */
  get wants(): SessionState['wants'] | undefined {
    return this.#state?.wants;
  }

  /** Whether the service gives this browser what asks for that role; an engineer's things not before it has said so. */
  may(least: Role): boolean {
    const person = this.person;
    return person ? suffices(person.role, least) : least === 'operator' || this.wants === 'nothing';
  }

  /** Seconds without a key or pointer after which who may change what others rely on is signed out; undefined for anybody else. */
  get idleSeconds(): number | undefined {
    const { person, byToken = false, idleSeconds } = this.#state ?? {};
    return byToken || (person && person.role !== 'operator') ? idleSeconds : undefined;
  }

  async refresh(): Promise<void> {
    this.#state = await getSession();
  }

  async signIn(given: SessionRequest): Promise<void> {
    this.#state = await openSession(given);
  }

  async signOut(): Promise<void> {
    await closeSession();
    // nothing that the former user saw stays on the page
    globalThis.location.reload();
  }
}

export const session = new Session();
