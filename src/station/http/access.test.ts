/** Users through HTTP: who may do what, and what becomes of their names. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { activeRecipe, partPng, smallBundle, startStation, type TestStation } from '../../../test/support/station.ts';
import { addUser } from '../../../test/support/users.ts';
import type { Role } from '../contract/access.ts';
import { addresses, type EndpointName } from '../contract/addresses.ts';
import { endpoints } from '../contract/endpoints.ts';
import type { Inspection } from '../contract/inspections.ts';
import { suffices } from './authorisation.ts';

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
    expect((await ask('/api/session', {}, station)).json()).toEqual({ wants: 'nothing', person: null });
    expect((await ask('/api/audit', {}, station)).statusCode).toBe(200);
    await addUser(station, 'ada', 'admin');
    await expect.poll(async () => (await ask('/api/audit', {}, station)).statusCode, { timeout: 5000 }).toBe(401);
    expect((await ask('/api/session', {}, station)).json()).toEqual({ wants: 'password', person: null });
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
      const url = route.replace(':id', 'none');
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
    expect(answer.json()).toEqual({ wants: 'nothing', person: { name: 'otto', role: 'operator' } });
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
