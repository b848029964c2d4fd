/** Users, their API tokens and sessions, as the records keep them. Secrets come in as hashes alone. */
import type { Role } from '../contract/access.ts';
import type { Change } from './change.ts';

export interface User {
  readonly id: string;
  /** 1 to 64 lower-case letters, digits, dots, hyphens, underscores. */
  readonly name: string;
  readonly role: Role;
  /** ISO 8601. */
  readonly createdAt: string;
}

export interface NewUser extends User {
  /** As hashPassword gives it. */
  readonly password: string;
}

export interface ListedUser extends User {
  /** Labels of its tokens. */
  readonly tokens: readonly string[];
}

export interface UserSession {
  /** By which it is ended; it lets nobody in. */
  readonly id: string;
  /** SHA-256 of its secret; stays within the station. */
  readonly hash: string;
  readonly user: string;
  /** From which it was opened. */
  readonly address: string;
  readonly openedAt: string;
  /** When it was used last, to a minute. */
  readonly seenAt: string;
  readonly until: string;
}

export interface UserToken {
  readonly id: string;
  readonly user: string;
  readonly label: string;
  readonly createdAt: string;
  /** To ten minutes; null: never. */
  readonly usedAt: string | null;
}

export interface NewSession {
  /** SHA-256 of its id. */
  readonly hash: string;
  readonly until: Date;
}

/** Every change of a user or token writes an entry of the audit log in the same transaction; the entry holds no secret. */
export interface UserRecords {
  any(): Promise<boolean>;
  /** By name. */
  list(): Promise<ListedUser[]>;
  /** Throws CONFLICT when the name is taken, or when the first user is no admin. */
  add(user: NewUser, change: Change): Promise<void>;
  /** Throws NOT_FOUND, or CONFLICT when it would leave users without an admin. */
  setRole(name: string, role: Role, change: Change): Promise<void>;
  /** Ends the user's sessions and tokens. Throws NOT_FOUND. */
  setPassword(name: string, password: string, change: Change): Promise<void>;
  /** With tokens and sessions; the name stays in what it did. Throws NOT_FOUND, or CONFLICT as setRole. */
  remove(name: string, change: Change): Promise<void>;
  withPassword(name: string): Promise<{ readonly user: User; readonly password: string } | undefined>;

  /** `hash`: SHA-256 of the token. Throws NOT_FOUND, or CONFLICT when the user has one of this label. */
  addToken(name: string, token: { readonly label: string; readonly hash: string }, change: Change): Promise<void>;
  /** Throws NOT_FOUND. */
  removeToken(name: string, label: string, change: Change): Promise<void>;
  ofToken(hash: string): Promise<User | undefined>;

  /** Forgets sessions that ended; the audit log says from which address. */
  openSession(user: User, session: NewSession, address: string): Promise<void>;
  /** None where it ended, or was not used for `idleMillis`. */
  ofSession(hash: string, at: Date, idleMillis: number): Promise<User | undefined>;
  closeSession(hash: string): Promise<void>;
  /** Newest first. */
  sessions(): Promise<UserSession[]>;
  /** Throws NOT_FOUND. */
  endSession(id: string, change: Change): Promise<void>;
  /** By user and label. */
  tokens(): Promise<UserToken[]>;
}
