/** Who guesses tokens and passwords is slowed down, by address and by account, and leaves a trace. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolders } from '../support/folder.ts';
import { startStation, type TestStation } from '../support/station.ts';
import { addUser } from '../support/users.ts';

const folder = temporaryFolders();
let own: TestStation;
const headers = { host: '127.0.0.1:7350' };

beforeAll(async () => {
  own = await startStation(await folder(), { requestsPerMinute: 20 });
  await addUser(own, 'ada', 'admin');
  await addUser(own, 'otto', 'operator');
});
afterAll(() => own.close());

describe('wrong tokens', () => {
  it.each([
    ['/api/station', 1],
    ['/api/nothing', 2],
  ])('for %s meet the limit of their address', async (url, from) => {
    const codes: string[] = [];
    for (let i = 0; i < 25; i++) {
      const authorization = `Bearer felfri_${i}`;
      const remoteAddress = `192.0.2.${from}`;
      codes.push((await own.app.inject({ url, headers: { ...headers, authorization }, remoteAddress })).json().code);
    }
    expect(codes).toEqual([...Array(20).fill('UNAUTHORISED'), ...Array(5).fill('RATE_EXCEEDED')]);
  });
});

describe('wrong passwords', () => {
  const signIn = async (name: string, password: string, from: number) => {
    const answer = await own.app.inject({
      method: 'POST',
      url: '/api/session',
      headers: { ...headers, origin: 'http://127.0.0.1:7350' },
      payload: { name, password },
      remoteAddress: `198.51.100.${from}`,
    });
    return answer.json().code ?? answer.statusCode;
  };

  it('from many addresses close the account, and no other, and are on record', async () => {
    const codes: unknown[] = [];
    for (let i = 0; i < 12; i++) codes.push(await signIn(i % 2 ? 'Ada' : 'ada', 'guess', i));
    expect(codes).toEqual([...Array(10).fill('UNAUTHORISED'), 'RATE_EXCEEDED', 'RATE_EXCEEDED']);
    expect(await signIn('ada', 'password of ada', 50)).toBe('RATE_EXCEEDED');
    expect(await signIn('otto', 'password of otto', 51)).toBe(200);
    const [last, before] = await own.station.records.auditEntries({ limit: 2 });
    expect(last).toMatchObject({ action: 'user.signed in', by: 'otto', subject: 'otto', detail: { address: '198.51.100.51' } }); // biome-ignore format: one line
    expect(before).toMatchObject({ action: 'user.sign-in refused', by: null, subject: 'ada', detail: { address: '198.51.100.9' } }); // biome-ignore format: one line
    const entries = await own.station.records.auditEntries({ limit: 50 });
    expect(entries.filter(({ action }) => action === 'user.sign-in refused')).toHaveLength(10);
    await own.station.records.verifyAudit();
  });
});

describe('event streams', () => {
  it('are bounded for each caller, so that one cannot hold all', async () => {
    const station = await startStation(await folder());
    await station.app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = station.app.server.address() as { port: number };
    const end = new AbortController();
    const listen = () => fetch(`http://127.0.0.1:${port}/api/events`, { signal: end.signal });
    const statuses = (await Promise.all(Array.from({ length: 27 }, listen))).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(25);
    expect(statuses.filter((status) => status === 503)).toHaveLength(2);
    end.abort();
    await station.close();
  });
});
