/** Users, tokens and sessions in an SQL database. */
import type { Kysely, Transaction } from 'kysely';
import { FelfriError } from '../../core/errors.ts';
import type { AuditedAction } from '../audit/details.ts';
import type { Role } from '../contract/access.ts';
import { type AboutRecords, audited } from './audited.ts';
import type { Change } from './change.ts';
import { CLOCK_MILLIS, findSessions, findTokens, noteSession, noteToken, requireSession } from './sql-sessions.ts';
import { fingerprint } from './stored-text.ts';
import type { Tables, UserRow } from './tables.ts';
import type { ListedUser, NewSession, NewUser, User, UserRecords } from './users.ts';

const columns = ['users.id', 'users.name', 'users.role', 'users.createdAt'] as const;

const userOf = ({ createdAt, ...row }: Omit<UserRow, 'password'>): User => ({
  ...row,
  createdAt: new Date(createdAt).toISOString(),
});

const conflict = (message: string, subject: string) => new FelfriError('CONFLICT', message, { subject });

async function requireUser(db: Transaction<Tables>, name: string): Promise<User> {
  const row = await db.selectFrom('users').select(columns).where('name', '=', name).executeTakeFirst();
  if (row) return userOf(row);
  throw new FelfriError('NOT_FOUND', `there is no user ${name}; felfri user list shows those that are`, {
    subject: name,
  });
}

/** Throws CONFLICT where the change would leave users whom nobody administers. */
async function requireOtherAdmin(db: Transaction<Tables>, user: User, evenAlone: boolean): Promise<void> {
  if (user.role !== 'admin') return;
  const others = await db.selectFrom('users').select('role').where('id', '!=', user.id).execute();
  if (others.some(({ role }) => role === 'admin') || (evenAlone && others.length === 0)) return;
  throw conflict(`${user.name} is the only admin; make another user one first`, user.name);
}

export class SqlUsers implements UserRecords {
  readonly #db: Kysely<Tables>;
  readonly #about: AboutRecords;

  constructor(db: Kysely<Tables>, about: AboutRecords) {
    this.#db = db;
    this.#about = about;
  }

  #audited(change: Change, work: (db: Transaction<Tables>) => Promise<AuditedAction>): Promise<void> {
    return audited(this.#db, this.#about, change, async (db) => [undefined, await work(db)]);
  }

  async any(): Promise<boolean> {
    return (await this.#db.selectFrom('users').select('id').limit(1).executeTakeFirst()) !== undefined;
  }

  async list(): Promise<ListedUser[]> {
    const users = await this.#db.selectFrom('users').select(columns).orderBy('name').execute();
    const tokens = await this.#db.selectFrom('userTokens').select(['user', 'label']).orderBy('label').execute();
    return users.map((row) => ({
      ...userOf(row),
      tokens: tokens.filter(({ user }) => user === row.id).map(({ label }) => label),
    }));
  }

  add({ createdAt, ...user }: NewUser, change: Change): Promise<void> {
    return this.#audited(change, async (db) => {
      const { name, role } = user;
      const others = await db.selectFrom('users').select('name').execute();
      if (others.length === 0 && role !== 'admin')
        throw conflict(`the first user must be an admin, who can add others; got the role ${role}`, name);
      if (others.some((other) => other.name === name)) throw conflict(`there is a user ${name} already`, name);
      await db
        .insertInto('users')
        .values({ ...user, createdAt: Date.parse(createdAt) })
        .execute();
      return { action: 'user.added', subject: name, detail: { role, password: fingerprint(user.password) } };
    });
  }

  setRole(name: string, role: Role, change: Change): Promise<void> {
    return this.#audited(change, async (db) => {
      const user = await requireUser(db, name);
      if (role !== 'admin') await requireOtherAdmin(db, user, false);
      await db.updateTable('users').set({ role }).where('id', '=', user.id).execute();
      return { action: 'user.role', subject: name, detail: { before: user.role, after: role } };
    });
  }

  setPassword(name: string, password: string, change: Change): Promise<void> {
    return this.#audited(change, async (db) => {
      const user = await requireUser(db, name);
      await db.updateTable('users').set({ password }).where('id', '=', user.id).execute();
      await db.deleteFrom('sessions').where('user', '=', user.id).execute();
      // whoever knew the password may have made some
      await db.deleteFrom('userTokens').where('user', '=', user.id).execute();
      return { action: 'user.password', subject: name, detail: { password: fingerprint(password) } };
    });
  }

  remove(name: string, change: Change): Promise<void> {
    return this.#audited(change, async (db) => {
      const user = await requireUser(db, name);
      await requireOtherAdmin(db, user, true);
      await db.deleteFrom('users').where('id', '=', user.id).execute();
      return { action: 'user.removed', subject: name, detail: { role: user.role } };
    });
  }

  async withPassword(name: string): Promise<{ user: User; password: string } | undefined> {
    const row = await this.#db
      .selectFrom('users')
      .select([...columns, 'password'])
      .where('name', '=', name)
      .executeTakeFirst();
    if (!row) return undefined;
    const { password, ...user } = row;
    return { user: userOf(user), password };
  }

  addToken(name: string, { label, hash }: { label: string; hash: string }, change: Change): Promise<void> {
    return this.#audited(change, async (db) => {
      const { id: user } = await requireUser(db, name);
      const former = await db
        .selectFrom('userTokens')
        .select('label')
        .where('user', '=', user)
        .where('label', '=', label)
        .executeTakeFirst();
      if (former) throw conflict(`${name} has a token ${label} already; revoke it, or choose another label`, label);
      await db.insertInto('userTokens').values({ hash, user, label, createdAt: change.at.getTime() }).execute();
      return { action: 'user.token added', subject: name, detail: { label, token: fingerprint(hash) } };
    });
  }

  removeToken(name: string, label: string, change: Change): Promise<void> {
    return this.#audited(change, async (db) => {
      const { id: user } = await requireUser(db, name);
      const gone = await db
        .deleteFrom('userTokens')
        .where('user', '=', user)
        .where('label', '=', label)
        .returning('label')
        .executeTakeFirst();
      if (!gone) throw new FelfriError('NOT_FOUND', `${name} has no token ${label}`, { subject: label });
      return { action: 'user.token revoked', subject: name, detail: { label } };
    });
  }

  async ofToken(hash: string): Promise<User | undefined> {
    const row = await this.#db
      .selectFrom('userTokens')
      .innerJoin('users', 'users.id', 'userTokens.user')
      .select([...columns, 'usedAt'])
      .where('hash', '=', hash)
      .executeTakeFirst();
    if (!row) return undefined;
    const { usedAt, ...user } = row;
    await noteToken(this.#db, hash, usedAt, Date.now());
    return userOf(user);
  }

  openSession({ id, name }: User, { hash, until }: NewSession, address: string): Promise<void> {
    return this.#audited({ by: name, at: new Date() }, async (db) => {
      const now = Date.now();
      await db.deleteFrom('sessions').where('until', '<', now).execute();
      await db
        .insertInto('sessions')
        .values({ hash, user: id, until: until.getTime(), address, openedAt: now, seenAt: now })
        .execute();
      return { action: 'user.signed in', subject: name, detail: { address, session: fingerprint(hash) } };
    });
  }

  async ofSession(hash: string, at: Date, idleMillis: number): Promise<User | undefined> {
    const row = await this.#db
      .selectFrom('sessions')
      .innerJoin('users', 'users.id', 'sessions.user')
      .select([...columns, 'seenAt'])
      .where('hash', '=', hash)
      .where('until', '>', at.getTime())
      .where('seenAt', '>', at.getTime() - idleMillis)
      .where('seenAt', '<=', at.getTime() + CLOCK_MILLIS)
      .executeTakeFirst();
    if (!row) return undefined;
    const { seenAt, ...user } = row;
    await noteSession(this.#db, hash, seenAt, at.getTime());
    return userOf(user);
  }

  sessions = () => findSessions(this.#db);

  tokens = () => findTokens(this.#db);

  endSession(id: string, change: Change): Promise<void> {
    return this.#audited(change, async (db) => {
      const { hash, user, address } = await requireSession(db, id);
      await db.deleteFrom('sessions').where('hash', '=', hash).execute();
      return { action: 'user.session ended', subject: user, detail: { address, session: id } };
    });
  }

  async closeSession(hash: string): Promise<void> {
    await this.#db.deleteFrom('sessions').where('hash', '=', hash).execute();
  }
}
