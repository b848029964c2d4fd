/** What the station and the process of its OPC UA server tell each other. */
import type { Role } from '../../contract/access.ts';
import type { PartMessage, StateMessage } from '../../contract/line.ts';
import type { MethodError } from './codes.ts';
import type { OpcuaSettings } from './settings.ts';

export interface ServerSetup {
  readonly settings: OpcuaSettings;
  /** Of its keys and certificates. */
  readonly folder: string;
  readonly station: string;
  readonly version: string;
}

export interface KnownRecipe {
  readonly id: string;
  readonly name: string;
  readonly revision: number;
  /** SHA-256 of its bundle, in hexadecimal. */
  readonly hash: string;
  readonly createdAt: string;
}

export type JobKind = 'single' | 'continuous';
export type JobEnd = 'stop' | 'abort';

/** A job as a client asks for it; empty is what it does not name. */
export interface JobAsk {
  readonly kind: JobKind;
  readonly meas: string;
  readonly part: string;
  /** Name or id. */
  readonly recipe: string;
}

export interface RunningJob {
  readonly id: string;
  readonly kind: JobKind;
}

/** The job that a part belongs to. */
export interface PartJob {
  readonly id: string;
  /** The client's name of its run. */
  readonly meas: string | null;
  readonly isAborted: boolean;
}

export interface SignedIn {
  /** Of this sign-in. */
  readonly id: number;
  readonly role: Role;
}

/** What the server asks the station, and the station's answer. */
export interface Questions {
  signIn: { ask: { readonly name: string; readonly secret: string }; answer: SignedIn };
  /** The client has these parts. */
  taken: { ask: readonly number[]; answer: null };
  /** Makes a recipe the active one, by name or id; `by` is of who signed in, null for who came without a name. */
  activate: { ask: { readonly recipe: string; readonly by: number | null }; answer: KnownRecipe };
  startJob: { ask: JobAsk; answer: { readonly id: string } | { readonly refused: MethodError } };
  /** Why there is none to end. */
  endJob: { ask: JobEnd; answer: MethodError | null };
}

export type Question = keyof Questions;

/** To the server. */
export type ToServer =
  | { readonly type: 'state'; readonly state: StateMessage; readonly recipes?: readonly KnownRecipe[] }
  | { readonly type: 'part'; readonly part: PartMessage; readonly job: PartJob | null }
  /** Which job runs. */
  | { readonly type: 'job'; readonly job: RunningJob | null }
  /** Whoever signed in by that is to be let in no more. */
  | { readonly type: 'leave'; readonly id: number }
  | { readonly type: 'answer'; readonly id: number; readonly answer?: unknown; readonly code?: string };

/** From the server. `shown`: of a part, whether it is; else why not. */
export type FromServer =
  | { readonly type: 'listening'; readonly url: string }
  | { readonly type: 'failed'; readonly why: string }
  | { readonly type: 'clients'; readonly count: number }
  | { readonly type: 'left'; readonly id: number }
  | { readonly type: 'shown'; readonly sequence: number; readonly why: string | null }
  | { readonly type: 'ask'; readonly id: number; readonly question: Question; readonly ask: unknown };
