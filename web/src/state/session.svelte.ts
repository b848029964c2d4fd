/** Who is signed in at this browser, where the station has users. */
import type { SessionRequest, SessionState } from '../api/contract.ts';
import { closeSession, getSession, openSession } from '../api/session.ts';

class Session {
  #state = $state.raw<SessionState>();

  get person(): SessionState['person'] {
    return this.#state?.person ?? null;
  }

  /** What the station wants before it answers; undefined until it has said so. */
  get wants(): SessionState['wants'] | undefined {
    return this.#state?.wants;
  }

  /** Whether the service gives an engineer's pages to this browser; not before it has said so. */
  get isEngineer(): boolean {
    const person = this.person;
    return person ? person.role !== 'operator' : this.wants === 'nothing';
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
