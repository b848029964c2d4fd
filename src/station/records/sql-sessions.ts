/** Sessions and tokens that are open, as the records keep them: listed, used and ended. */
import type { Kysely } from 'kysely';
import { FelfriError } from '../../core/errors.ts';
import { fingerprint } from './stored-text.ts';
import type { Tables } from './tables.ts';
import type { UserSession, UserToken } from './users.ts';

/** How exactly it is known when one was used last: not every request is to write. */
const SEEN_MILLIS = 60_000;

/** So much may a clock be set back beside a session; more ends it, as it would outlast its time. */
export const CLOCK_MILLIS = 5 * 60_000;

/** What a session or token is called by whoever may list it; it lets nobody in. */
export const publicId = (hash: string): string => fingerprint(hash).slice(0, 16);

const timeOf = (millis: number): string => new Date(millis).toISOString();

export async function findSessions(db: Kysely<Tables>): Promise<UserSession[]> {
  const rows = await db
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.user')
    .select(['hash', 'name', 'address', 'openedAt', 'seenAt', 'until'])
    .orderBy('openedAt', 'desc')
    .execute();
  return rows.map(({ hash, name, address, openedAt, seenAt, until }) => ({
    id: publicId(hash),
    hash,
    user: name,
    address,
    openedAt: timeOf(openedAt),
    seenAt: timeOf(seenAt),
    until: timeOf(until),
  }));
}

export async function findTokens(db: Kysely<Tables>): Promise<UserToken[]> {
  const rows = await db
    .selectFrom('userTokens')
    .innerJoin('users', 'users.id', 'userTokens.user')
    .select(['hash', 'name', 'label', 'userTokens.createdAt', 'usedAt'])
    .orderBy('name')
    .orderBy('label')
    .execute();
  return rows.map(({ hash, name, label, createdAt, usedAt }) => ({
    id: publicId(hash),
    user: name,
    label,
    createdAt: timeOf(createdAt),
    usedAt: usedAt === null ? null : timeOf(usedAt),
  }));
}

/** Throws NOT_FOUND. */
export async function requireSession(db: Kysely<Tables>, id: string): Promise<UserSession> {
  const found = (await findSessions(db)).find((one) => one.id === id);
  if (found) return found;
  throw new FelfriError('NOT_FOUND', `there is no session ${id}; it may have ended`, { subject: id });
}

/** Notes that it was used, where that is news; what fails here turns nobody away. */
export async function noteSession(db: Kysely<Tables>, hash: string, seenAt: number, at: number): Promise<void> {
  if (Math.abs(at - seenAt) < SEEN_MILLIS) return;
  await db
    .updateTable('sessions')
    .set({ seenAt: at })
    .where('hash', '=', hash)
    .execute()
    .catch(() => undefined);
}

export async function noteToken(db: Kysely<Tables>, hash: string, usedAt: number | null, at: number): Promise<void> {
  if (usedAt !== null && Math.abs(at - usedAt) < 10 * SEEN_MILLIS) return;
  await db
    .updateTable('userTokens')
    .set({ usedAt: at })
    .where('hash', '=', hash)
    .execute()
    .catch(() => undefined);
}
