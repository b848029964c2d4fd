/** One conformance suite for users, tokens and sessions, whatever the database. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { databases, type TestDatabase } from '../../../test/support/databases.ts';
import { temporaryFolders } from '../../../test/support/folder.ts';
import type { Role } from '../contract/access.ts';
import { newId } from '../ids.ts';
import { openRecords } from './open-records.ts';
import type { Records } from './records.ts';

const folder = temporaryFolders();
const change = { by: 'root', at: new Date('2026-03-04T05:06:07.089Z') };
const hash = (digit: string) => digit.repeat(64);

describe.each(databases(folder))('users in %s', (_, make) => {
  let database: TestDatabase;
  let records: Records;
  const add = (name: string, role: Role) =>
    records.users.add(
      { id: newId(), name, role, password: `hash of ${name}`, createdAt: change.at.toISOString() },
      change,
    );

  beforeAll(async () => {
    database = await make();
    records = await openRecords(database.place);
  });
  beforeEach(async () => {
    const there = await records.users.list();
    // the last admin goes last
    for (const { name } of there.sort((a, b) => (a.role === 'admin' ? 1 : 0) - (b.role === 'admin' ? 1 : 0)))
      await records.users.remove(name, change);
    await add('ada', 'admin');
  });
  afterAll(async () => {
    await records.close();
    await database.drop();
  });

  it('begin with an admin, and names are taken once', async () => {
    await records.users.remove('ada', change);
    expect(await records.users.any()).toBe(false);
    await expect(add('otto', 'operator')).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await records.users.any()).toBe(false);
    await add('ada', 'admin');
    await add('otto', 'operator');
    await expect(add('otto', 'engineer')).rejects.toMatchObject({ code: 'CONFLICT', subject: 'otto' });
    expect((await records.users.list()).map(({ name, role, createdAt }) => [name, role, createdAt])).toEqual([
      ['ada', 'admin', change.at.toISOString()],
      ['otto', 'operator', change.at.toISOString()],
    ]);
    const found = await records.users.withPassword('otto');
    expect([found!.user.role, found!.password]).toEqual(['operator', 'hash of otto']);
    expect(await records.users.withPassword('Otto')).toBeUndefined();
  });

  it('are never left without an admin', async () => {
    await add('eve', 'engineer');
    await expect(records.users.setRole('ada', 'engineer', change)).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(records.users.remove('ada', change)).rejects.toMatchObject({ code: 'CONFLICT' });
    await records.users.setRole('eve', 'admin', change);
    await records.users.setRole('ada', 'operator', change);
    expect((await records.users.list()).map(({ role }) => role)).toEqual(['operator', 'admin']);
    await expect(records.users.setRole('none', 'admin', change)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('have tokens by their hash, each until it is revoked', async () => {
    await add('camera', 'operator');
    await records.users.addToken('camera', { label: 'line 1', hash: hash('1') }, change);
    await records.users.addToken('camera', { label: 'line 2', hash: hash('2') }, change);
    await expect(records.users.addToken('camera', { label: 'line 1', hash: hash('3') }, change)).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    await expect(records.users.addToken('none', { label: 'x', hash: hash('3') }, change)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    expect((await records.users.list()).find(({ name }) => name === 'camera')!.tokens).toEqual(['line 1', 'line 2']);
    expect(await records.users.ofToken(hash('1'))).toMatchObject({ name: 'camera', role: 'operator' });
    await records.users.removeToken('camera', 'line 1', change);
    await expect(records.users.removeToken('camera', 'line 1', change)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await records.users.ofToken(hash('1'))).toBeUndefined();
    await records.users.remove('camera', change);
    expect(await records.users.ofToken(hash('2'))).toBeUndefined();
  });

  it('have sessions that end by time, by leaving, by another password and with the user', async () => {
    await add('otto', 'operator');
    const { user } = (await records.users.withPassword('otto'))!;
    const now = new Date();
    const later = (millis: number) => new Date(now.getTime() + millis);
    const open = (digit: string) =>
      records.users.openSession(user, { hash: hash(digit), until: later(60_000) }, '192.0.2.7');
    await open('a');
    expect(await records.users.ofSession(hash('a'), now, 1e9)).toMatchObject({ name: 'otto' });
    await records.users.setRole('otto', 'engineer', change);
    expect(await records.users.ofSession(hash('a'), later(59_999), 1e9)).toMatchObject({ role: 'engineer' });
    expect(await records.users.ofSession(hash('a'), later(60_000), 1e9)).toBeUndefined();
    await open('b');
    await records.users.closeSession(hash('a'));
    expect(await records.users.ofSession(hash('a'), now, 1e9)).toBeUndefined();
    expect(await records.users.ofSession(hash('b'), now, 1e9)).toBeDefined();
    await records.users.addToken('otto', { label: 'made by who knew it', hash: hash('e') }, change);
    await records.users.setPassword('otto', 'another', change);
    expect(await records.users.ofToken(hash('e'))).toBeUndefined();
    expect(await records.users.ofSession(hash('b'), now, 1e9)).toBeUndefined();
    expect((await records.users.withPassword('otto'))!.password).toBe('another');
    await open('c');
    await records.users.remove('otto', change);
    expect(await records.users.ofSession(hash('c'), now, 1e9)).toBeUndefined();
  });

  it('leave every change in the audit log, and no secret', async () => {
    const { entries } = await records.verifyAudit();
    await add('eve', 'engineer');
    await records.users.setRole('eve', 'operator', change);
    await records.users.setPassword('eve', 'hash of another', change);
    await records.users.addToken('eve', { label: 'laptop', hash: hash('9') }, change);
    await records.users.removeToken('eve', 'laptop', change);
    await records.users.remove('eve', change);
    expect((await records.verifyAudit()).entries).toBe(entries + 6);
    const written = await records.auditEntries({ limit: 6 });
    expect(written.map(({ action, by, subject }) => [action, by, subject]).reverse()).toEqual(
      ['added', 'role', 'password', 'token added', 'token revoked', 'removed'].map((what) => [
        `user.${what}`,
        'root',
        'eve',
      ]),
    );
    expect(JSON.stringify(written)).not.toMatch(/hash of|99999/);
  });
});
