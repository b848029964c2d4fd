/** Who signed in at an OPC UA server, as its station keeps it: they may stay as long as they would be let in, as those at the page may. */
import { FelfriError } from '../../../core/errors.ts';
import type { Entered } from '../../access/sign-in.ts';
import type { Role } from '../../contract/access.ts';
import { suffices } from '../../contract/roles.ts';
import type { SignedIn } from './messages.ts';

/** How often it is looked whether they may stay. */
const LOOK_MILLIS = 5000;

export class SignedInClients {
  readonly #all = new Map<number, Entered>();
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #leave: (id: number) => void;
  #last = 0;

  /** `leave` is told whose right has gone, or become another. */
  constructor(leave: (id: number) => void, everyMillis = LOOK_MILLIS) {
    this.#leave = leave;
    this.#timer = setInterval(() => void this.#look(), everyMillis).unref();
  }

  add(entered: Entered): SignedIn {
    const id = ++this.#last;
    this.#all.set(id, entered);
    return { id, role: entered.role };
  }

  left(id: number): void {
    this.#all.delete(id);
  }

  /** With the server all of them have gone. */
  clear(): void {
    this.#all.clear();
  }

  /** The name of who may do that now. Throws FORBIDDEN, and RECORDS_UNAVAILABLE. */
  async require(id: number | null, least: Role): Promise<string | null> {
    const entered = id === null ? undefined : this.#all.get(id);
    const role = (await entered?.roleNow()) ?? null;
    if (role !== null && suffices(role, least)) return entered!.name;
    throw new FelfriError('FORBIDDEN', `this asks for the role ${least}`, { subject: least });
  }

  async #look(): Promise<void> {
    for (const [id, entered] of this.#all) {
      // while the database does not answer nobody is sent away
      const role = await entered.roleNow().catch(() => entered.role);
      if (role === entered.role) continue;
      this.#all.delete(id);
      this.#leave(id);
    }
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
