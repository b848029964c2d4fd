/** The sessions of an OPC UA server: who has which role, and who is to leave. */
import type { ISessionContext } from 'node-opcua-address-space';
import type { OPCUAServer, ServerSession } from 'node-opcua-server';
import type { Asking } from './asking.ts';
import type { SignedIn } from './messages.ts';
import type { RoleOf, SignInOf } from './methods.ts';

export class Clients {
  readonly #asking: Asking;
  /** Those who signed in by a name. */
  readonly #named = new Map<object, SignedIn>();
  readonly #isAnonymous: boolean;

  /** `anonymous`: whether who comes without a name is an operator. */
  constructor(asking: Asking, anonymous: boolean) {
    this.#asking = asking;
    this.#isAnonymous = anonymous;
  }

  /** Whether a session is let in. */
  async enter(session: object, name: string, secret: string): Promise<boolean> {
    try {
      const signedIn = await this.#asking.ask('signIn', { name, secret });
      this.left(session);
      this.#named.set(session, signedIn);
      return true;
    } catch {
      return false;
    }
  }

  left(session: object): void {
    const signedIn = this.#named.get(session);
    if (!signedIn) return;
    this.#named.delete(session);
    this.#asking.tell({ type: 'left', id: signedIn.id });
  }

  /** Ends the session of who may stay no longer. */
  leave(server: OPCUAServer, id: number): void {
    const [session] = [...this.#named].find(([, one]) => one.id === id) ?? [];
    if (!session) return;
    this.#named.delete(session);
    server.engine.closeSession((session as ServerSession).authenticationToken, true, 'Forcing');
  }

  #of({ session }: ISessionContext): SignedIn | undefined {
    return session && this.#named.get(session);
  }

  readonly roleOf: RoleOf = (context) => this.#of(context)?.role ?? (this.#isAnonymous ? 'operator' : null);
  readonly signInOf: SignInOf = (context) => this.#of(context)?.id ?? null;
}
