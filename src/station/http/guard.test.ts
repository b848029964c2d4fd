import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { startStation, type TestStation } from '../../../test/support/station.ts';

const folder = temporaryFolders();
const token = 'a-token-of-some-length';
let open: TestStation;
let closed: TestStation;

beforeAll(async () => {
  open = await startStation(await folder(), { requestsPerMinute: 40 });
  closed = await startStation(await folder(), { token, hosts: ['Station-3:7350'] });
});
afterAll(async () => {
  await open.close();
  await closed.close();
});

const ask = async (
  { app }: TestStation,
  headers: Record<string, string>,
  method: 'GET' | 'PATCH' = 'GET',
  url = '/api/station',
) => {
  const answer = await app.inject({ method, url, headers: { host: '127.0.0.1:7350', ...headers } });
  return [answer.statusCode, answer.json<{ code?: string }>().code];
};

describe('a station on loopback', () => {
  it.each(['localhost:7350', '127.0.0.1', '[::1]:7350', '192.0.2.7:7350', 'LOCALHOST'])(
    'answers to %s',
    async (host) => {
      expect(await ask(open, { host })).toEqual([200, undefined]);
    },
  );

  it.each(['evil.example', 'localhost.evil.example:7350', '127.0.0.1.evil.example', ':7350'])(
    'refuses the host name "%s", which a page elsewhere could have pointed here',
    async (host) => {
      expect(await ask(open, { host })).toEqual([403, 'ORIGIN_REFUSED']);
    },
  );

  it('refuses changes from pages of other sites, and takes those from its own and from programs', async () => {
    const change = (headers: Record<string, string>) => ask(open, headers, 'PATCH', '/api/recipes/none');
    const refused = [403, 'ORIGIN_REFUSED'];
    expect(await change({ origin: 'https://evil.example' })).toEqual(refused);
    expect(await change({ origin: 'http://127.0.0.1:7351' })).toEqual(refused);
    expect(await change({ origin: 'null' })).toEqual(refused);
    expect(await change({ 'sec-fetch-site': 'cross-site' })).toEqual(refused);
    expect(await change({ 'sec-fetch-site': 'same-site', origin: 'http://127.0.0.1:7350' })).toEqual(refused);
    const taken = [400, 'REQUEST_INVALID'];
    expect(await change({ origin: 'http://127.0.0.1:7350', 'sec-fetch-site': 'same-origin' })).toEqual(taken);
    expect(await change({})).toEqual(taken);
  });

  it('limits the requests of one address, but not the question whether it lives', async () => {
    let last: unknown;
    for (let i = 0; i < 45; i++) last = await ask(open, {});
    expect(last).toEqual([429, 'RATE_EXCEEDED']);
    const { headers } = await open.app.inject({ url: '/api/station' });
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect((await open.app.inject({ url: '/health' })).statusCode).toBe(200);
  });
});

describe('a station with a token', () => {
  it('demands it of everything that tells or does something', async () => {
    const refused = [401, 'UNAUTHORISED'];
    expect(await ask(closed, {})).toEqual(refused);
    expect(await ask(closed, { authorization: 'Bearer wrong' })).toEqual(refused);
    expect(await ask(closed, { authorization: `Basic ${token}` })).toEqual(refused);
    expect(await ask(closed, { cookie: `felfri_session=${'0'.repeat(64)}` })).toEqual(refused);
    expect(await ask(closed, {}, 'GET', '/metrics')).toEqual(refused);
    expect(await ask(closed, {}, 'GET', '/api/nothing')).toEqual(refused);
    expect(await ask(closed, {}, 'GET', '/health')).toEqual([200, undefined]);
    expect(await ask(closed, { authorization: `Bearer ${token}` })).toEqual([200, undefined]);
    expect(await ask(closed, { authorization: `Bearer ${token}`, host: 'station-3' })).toEqual([200, undefined]);
  });

  it('changes it for a cookie that scripts and other sites cannot use', async () => {
    const session = (given: string) =>
      closed.app.inject({ method: 'POST', url: '/api/session', payload: { token: given } });
    expect((await session('wrong')).statusCode).toBe(401);
    const made = await session(token);
    expect([made.statusCode, made.json()]).toEqual([
      200,
      { wants: 'nothing', person: null, byToken: true, idleSeconds: 1800 },
    ]);
    const cookie = String(made.headers['set-cookie']);
    expect(cookie).toMatch(/^felfri_session=[0-9a-f]{64}; HttpOnly; SameSite=Strict; Path=\//);
    expect(cookie).not.toContain(token);
    const headers = { cookie: `a=b; ${cookie.split(';')[0]}`, origin: 'http://127.0.0.1:7350' };
    expect(await ask(closed, headers)).toEqual([200, undefined]);
    const listed = await closed.app.inject({ url: '/api/sessions', headers: { host: '127.0.0.1:7350', ...headers } });
    const [{ id, user, own }] = listed.json().sessions;
    expect([user, own]).toEqual([null, true]);
    await closed.app.inject({
      method: 'DELETE',
      url: `/api/sessions/${id}`,
      headers: { host: '127.0.0.1:7350', ...headers },
    });
    expect(await ask(closed, headers)).toEqual([401, 'UNAUTHORISED']);
    for (let i = 0; i < 10; i++) await session('wrong');
    expect((await session(token)).statusCode).toBe(429);
  });
});
