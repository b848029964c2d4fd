/** Users through HTTP: who may do what, and what becomes of their names. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { activeRecipe, partPng, smallBundle, startStation, type TestStation } from '../../../test/support/station.ts';
import { addUser } from '../../../test/support/users.ts';
import type { Role } from '../contract/access.ts';
import { addresses, type EndpointName } from '../contract/addresses.ts';
import { endpoints } from '../contract/endpoints.ts';
import type { Inspection } from '../contract/inspections.ts';
import { suffices } from '../contract/roles.ts';

const folder = temporaryFolders();
const change = { by: 'test', at: new Date() };
const host = '127.0.0.1:7350';
const own = { origin: `http://${host}` };
let closed: TestStation;
let recipe: string;
const tokens = {} as Record<Role, string>;

beforeAll(async () => {
  const data = await folder();
  closed = await startStation(data);
  recipe = await activeRecipe(closed, await smallBundle(`${data}/bundle`, 0.5));
  for (const [name, role] of [
    ['ada', 'admin'],
    ['eve', 'engineer'],
    ['otto', 'operator'],
  ] as const)
    tokens[role] = await addUser(closed, name, role);
});
afterAll(() => closed.close());

interface Asked {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers?: Record<string, string>;
  readonly payload?: object;
}

const ask = (url: string, { headers, ...rest }: Asked = {}, station = closed) =>
  station.app.inject({ url, ...rest, headers: { host, ...headers } });

const as = (role: Role) => ({ authorization: `Bearer ${tokens[role]}` });

const signIn = (name: string, password: string, station = closed) =>
  ask('/api/session', { method: 'POST', headers: own, payload: { name, password } }, station);

const cookieOf = (answer: Awaited<ReturnType<typeof signIn>>) => String(answer.headers['set-cookie']).split(';')[0]!;

describe('a station on this machine alone', () => {
  it('is open until it has a user, and then at once is not', async () => {
    const station = await startStation(await folder());
    expect((await ask('/api/session', {}, station)).json()).toEqual({
      wants: 'nothing',
      person: null,
      byToken: false,
      idleSeconds: 1800,
    });
    expect((await ask('/api/audit', {}, station)).statusCode).toBe(200);
    await addUser(station, 'ada', 'admin');
    await expect.poll(async () => (await ask('/api/audit', {}, station)).statusCode).toBe(401);
    expect((await ask('/api/session', {}, station)).json()).toEqual({
      wants: 'password',
      person: null,
      byToken: false,
      idleSeconds: 1800,
    });
    await station.close();
  });
});

describe('users', () => {
  it('are added, changed and removed by an admin, and the first closes an open station', async () => {
    const station = await startStation(await folder());
    const add = (name: string, role: Role, headers: Record<string, string> = {}) =>
      ask(
        '/api/users',
        { method: 'POST', headers, payload: { name, role, password: `a password of ${name}` } },
        station,
      );
    expect((await add('Ada!', 'admin')).json().code).toBe('REQUEST_INVALID');
    expect((await add('ada', 'operator')).json().code).toBe('CONFLICT');
    expect((await add('ada', 'admin')).statusCode).toBe(201);
    await expect.poll(async () => (await ask('/api/users', {}, station)).statusCode).toBe(401);
    const ada = { ...own, cookie: cookieOf(await signIn('ada', 'a password of ada', station)) };
    const weak = { name: 'otto', role: 'operator', password: 'short' };
    const refused = await ask('/api/users', { method: 'POST', headers: ada, payload: weak }, station);
    expect([refused.statusCode, refused.json().subject]).toEqual([400, 'password']);
    expect(
      (await add('otto', 'operator', ada))
        .json()
        .users.map(({ name, role }: { name: string; role: Role }) => [name, role]),
    ).toEqual([
      ['ada', 'admin'],
      ['otto', 'operator'],
    ]);
    const otto = { ...own, cookie: cookieOf(await signIn('otto', 'a password of otto', station)) };
    const change = (name: string, payload: object) =>
      ask(`/api/users/${name}`, { method: 'PATCH', headers: ada, payload }, station);
    expect((await change('otto', { role: 'engineer' })).statusCode).toBe(200);
    expect((await ask('/api/audit', { headers: otto }, station)).statusCode).toBe(200);
    expect((await change('ada', { role: 'operator' })).json().code).toBe('CONFLICT');
    expect((await change('nobody', { role: 'operator' })).json().code).toBe('NOT_FOUND');
    const gone = await ask('/api/users/otto', { method: 'DELETE', headers: ada }, station);
    expect(gone.json().users).toHaveLength(1);
    expect((await ask('/api/audit', { headers: otto }, station)).statusCode).toBe(401);
    expect(JSON.stringify(gone.json())).not.toMatch(/scrypt|password/);
    await station.close();
  });

  it('change their own password, which ends their other sessions and nobody else’s', async () => {
    const station = await startStation(await folder());
    await addUser(station, 'ada', 'admin');
    const first = { ...own, cookie: cookieOf(await signIn('ada', 'password of ada', station)) };
    const other = { ...own, cookie: cookieOf(await signIn('ada', 'password of ada', station)) };
    const put = (password: string, another: string, headers: Record<string, string> = first) =>
      ask('/api/session/password', { method: 'PUT', headers, payload: { password, another } }, station);
    expect((await put('not the password', 'another good one')).json()).toMatchObject({
      code: 'OPTION_INVALID',
      subject: 'password',
    });
    expect((await put('password of ada', 'short')).json().code).toBe('OPTION_INVALID');
    // nothing was changed by either
    expect((await ask('/api/audit', { headers: other }, station)).statusCode).toBe(200);
    const changed = await put('password of ada', 'another good one');
    expect(changed.json().person).toEqual({ name: 'ada', role: 'admin' });
    const now = { ...own, cookie: cookieOf(changed) };
    expect((await ask('/api/audit', { headers: now }, station)).statusCode).toBe(200);
    for (const headers of [first, other]) expect((await ask('/api/audit', { headers }, station)).statusCode).toBe(401);
    expect((await signIn('ada', 'password of ada', station)).json().code).toBe('UNAUTHORISED');
    await station.close();
  });
});

describe('the table of endpoints', () => {
  it('has an address for every route but the page, and none for others', async () => {
    const station = await startStation(await folder(), { page: await folder() });
    const there = new Set<string>();
    // the printed tree is the router's own list
    const text = station.app.printRoutes({ commonPrefix: false, includeHooks: false });
    const path: string[] = [];
    for (const line of text.split('\n')) {
      const found = /^((?:[│ ] {3})*)[├└]── (.*?)(?: \((.*)\))?$/.exec(line);
      if (!found) continue;
      const depth = found[1]!.length / 4;
      path.length = depth;
      path[depth] = found[2]!;
      for (const method of found[3]?.split(', ') ?? [])
        if (method !== 'HEAD') there.add(`${method} ${path.join('').replace(/^\/?\*$/, '/*')}`);
    }
    await station.close();
    expect([...there].sort()).toEqual([...Object.values(addresses), 'GET /*'].sort());
  });

  it('is kept: each role may do what it and those before it may, and nobody else anything', async () => {
    for (const [name, line] of Object.entries(addresses)) {
      const { least } = endpoints[name as EndpointName];
      if (least === 'anyone' || name === 'listenToEvents') continue;
      const [method, route] = line.split(' ') as [NonNullable<Asked['method']>, string];
      const url = route.replace(/:id|:user/, 'none');
      expect((await ask(url, { method })).statusCode, line).toBe(401);
      for (const role of ['operator', 'engineer', 'admin'] as const) {
        const answer = await ask(url, { method, headers: as(role) });
        if (suffices(role, least)) expect([401, 403], `${line} as ${role}`).not.toContain(answer.statusCode);
        else expect([answer.statusCode, answer.json().code], `${line} as ${role}`).toEqual([403, 'FORBIDDEN']);
      }
    }
  });

  it('holds for other spellings of an address', async () => {
    for (const url of [
      '/api/../api/audit',
      '//api/audit',
      '/API/audit',
      '/api/audit/',
      '/%61pi/audit',
      '/api/audit?x=/health',
    ]) {
      const { statusCode } = await ask(url);
      expect([401, 404], url).toContain(statusCode);
    }
  });
});

describe('a session', () => {
  it('is opened by a password, kept in a cookie, and ended', async () => {
    for (const [name, password] of [
      ['otto', 'wrong'],
      ['nobody', 'password of otto'],
      ['otto', 'password of ada'],
    ])
      expect((await signIn(name!, password!)).json().code).toBe('UNAUTHORISED');
    const answer = await signIn('Otto', 'password of otto');
    expect(answer.json()).toEqual({
      wants: 'nothing',
      person: { name: 'otto', role: 'operator' },
      byToken: false,
      idleSeconds: 1800,
    });
    expect(answer.headers['set-cookie']).toMatch(
      /^felfri_session=[0-9a-f]{64}; HttpOnly; SameSite=Strict; Path=\/; Max-Age=43200$/,
    );
    const headers = { cookie: cookieOf(answer) };
    expect((await ask('/api/session', { headers })).json().person).toEqual({ name: 'otto', role: 'operator' });
    expect((await ask('/api/inspections', { headers })).statusCode).toBe(200);
    expect((await ask('/api/audit', { headers })).statusCode).toBe(403);
    expect((await ask('/api/session', { method: 'DELETE', headers: { ...headers, ...own } })).statusCode).toBe(204);
    expect((await ask('/api/inspections', { headers })).statusCode).toBe(401);
  });

  it('that is not used for its time ends, and one that is used does not', async () => {
    const station = await startStation(await folder(), { idleMinutes: 10 });
    await addUser(station, 'ada', 'admin');
    const headers = { cookie: cookieOf(await signIn('ada', 'password of ada', station)) };
    const status = async () => (await ask('/api/audit', { headers }, station)).statusCode;
    const begun = Date.now();
    vi.useFakeTimers({ toFake: ['Date'] });
    for (const minutes of [9, 18, 27]) {
      vi.setSystemTime(begun + minutes * 60_000);
      expect(await status(), `${minutes}`).toBe(200);
    }
    vi.setSystemTime(begun + 38 * 60_000);
    expect(await status()).toBe(401);
    // set back by years, it would go on for as many
    const again = { cookie: cookieOf(await signIn('ada', 'password of ada', station)) };
    vi.setSystemTime(begun - 10 * 365 * 24 * 3_600_000);
    expect((await ask('/api/audit', { headers: again }, station)).statusCode).toBe(401);
    vi.useRealTimers();
    await station.close();
  });

  it('is listed and ended, as are tokens, by an admin or the user, and by nobody else', async () => {
    await addUser(closed, 'lena', 'operator');
    const lena = { cookie: cookieOf(await signIn('lena', 'password of lena')), ...own };
    const get = async (url: string, headers: Record<string, string>) => (await ask(url, { headers })).json();
    const end = async (url: string, headers: Record<string, string>) =>
      (await ask(url, { method: 'DELETE', headers })).statusCode;

    const { sessions } = await get('/api/sessions', lena);
    expect(sessions).toMatchObject([{ user: 'lena', address: '127.0.0.1', own: true }]);
    const all = (await get('/api/sessions', as('admin'))).sessions as { id: string; user: string }[];
    expect(all.map(({ user }) => user)).toContain('lena');
    const { tokens } = await get('/api/tokens', lena);
    expect(tokens).toMatchObject([{ user: 'lena', label: 'test', usedAt: null }]);
    const known = (await get('/api/tokens', as('admin'))).tokens as { id: string; user: string; usedAt: unknown }[];
    expect(known.find(({ user }) => user === 'ada')!.usedAt).not.toBeNull();
    // what is listed is no secret, and opens nothing
    const secrets = JSON.stringify([sessions, tokens]);
    expect(secrets).not.toMatch(/[0-9a-f]{64}/);
    expect((await ask('/api/station', { headers: { authorization: `Bearer ${sessions[0].id}` } })).statusCode).toBe(
      401,
    );

    const [session, token] = [`/api/sessions/${sessions[0].id}`, `/api/tokens/${tokens[0].id}`];
    for (const url of [session, token, '/api/sessions/none']) expect(await end(url, as('engineer')), url).toBe(404);
    const adas = known.find(({ user }) => user === 'ada')!;
    expect(await end(`/api/tokens/${adas.id}`, lena)).toBe(404);
    expect(await end(token, lena)).toBe(204);
    expect(await end(session, as('admin'))).toBe(204);
    expect((await ask('/api/inspections', { headers: lena })).statusCode).toBe(401);
    const [last, before] = await closed.station.records.auditEntries({ limit: 2 });
    expect([before!.action, before!.by, last!.action, last!.by, last!.subject]).toEqual(['user.token revoked', 'lena', 'user.session ended', 'ada', 'lena']); // biome-ignore format: one line
  });

  it('ends with its user', async () => {
    await addUser(closed, 'temp', 'engineer');
    const headers = { cookie: cookieOf(await signIn('temp', 'password of temp')) };
    expect((await ask('/api/audit', { headers })).statusCode).toBe(200);
    await closed.station.records.users.setRole('temp', 'operator', change);
    expect((await ask('/api/audit', { headers })).statusCode).toBe(403);
    await closed.station.records.users.remove('temp', change);
    expect((await ask('/api/inspections', { headers })).statusCode).toBe(401);
  });

  it('changes nothing for a page elsewhere, nor for one that does not say where it is', async () => {
    const cookie = cookieOf(await signIn('eve', 'password of eve'));
    const activate = (headers: Record<string, string>) =>
      ask(`/api/recipes/${recipe}/activate`, { method: 'POST', headers: { cookie, ...headers } });
    expect((await activate({ origin: 'https://evil.example' })).json().code).toBe('ORIGIN_REFUSED');
    expect((await activate({})).json().code).toBe('ORIGIN_REFUSED');
    expect((await activate(own)).statusCode).toBe(200);
    expect((await activate({ 'sec-fetch-site': 'same-origin' })).statusCode).toBe(200);
  });
});

describe('what a user does', () => {
  it('is on record under the name of the user, whatever the request says', async () => {
    const image = await partPng(3);
    const made = await closed.app.inject({
      method: 'POST',
      url: '/api/inspections',
      payload: image,
      headers: { host, 'content-type': 'image/png', ...as('operator') },
    });
    const { id } = made.json<Inspection>();
    const judged = await ask(`/api/inspections/${id}/feedback`, {
      method: 'PUT',
      headers: as('operator'),
      payload: { verdict: 'agree', by: 'Somebody Else' },
    });
    expect(judged.json<Inspection>().feedback!.by).toBe('otto');
    const changed = await ask(`/api/recipes/${recipe}`, {
      method: 'PATCH',
      headers: as('engineer'),
      payload: { ng: 0.7, by: 'Somebody Else' },
    });
    expect(changed.statusCode).toBe(200);
    const [last, before] = await closed.station.records.auditEntries({ limit: 2 });
    expect([last!.by, before!.by]).toEqual(['eve', 'otto']);
  });
});

describe('records that do not answer', () => {
  it('let nobody in, and say so', async () => {
    const station = await startStation(await folder());
    const token = await addUser(station, 'ada', 'admin');
    await station.station.records.close();
    const answer = await ask('/api/station', { headers: { authorization: `Bearer ${token}` } }, station);
    expect([answer.statusCode, answer.json().code]).toEqual([503, 'RECORDS_UNAVAILABLE']);
    expect((await ask('/health', {}, station)).statusCode).toBe(200);
    await station.app.close();
  });
});

describe('signing in', () => {
  it('can be tried ten times a minute from one address', async () => {
    const station = await startStation(await folder());
    await addUser(station, 'ada', 'admin');
    // a password of one letter costs as much as another, and none of these is right
    const statuses: number[] = [];
    for (let i = 0; i < 11; i++) statuses.push((await signIn('ada', 'x', station)).statusCode);
    expect(statuses).toEqual([...Array(10).fill(401), 429]);
    expect((await signIn('ada', 'password of ada', station)).json().code).toBe('RATE_EXCEEDED');
    await station.close();
  });
});
