/** Users, their API tokens and sessions, as the records keep them. Secrets come in as hashes alone. */
import type { Role } from '../contract/access.ts';
import type { Change } from './records.ts';

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

  /** `hash`: SHA-256 of the session's id. Forgets sessions that ended. */
  openSession(user: string, hash: string, until: Date): Promise<void>;
  ofSession(hash: string, at: Date): Promise<User | undefined>;
  closeSession(hash: string): Promise<void>;
}
