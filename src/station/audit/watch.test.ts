/** What is done to an audit log behind the station's back is seen, by the heads that were noted outside. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { databases, type TestDatabase, tamper } from '../../../test/support/databases.ts';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { Alarms } from '../alarms.ts';
import { newId } from '../ids.ts';
import { openRecords } from '../records/open-records.ts';
import type { Records } from '../records/records.ts';
import { parseHeads } from './heads/head.ts';
import { headPlace } from './heads/places.ts';
import { AuditWatch } from './watch.ts';

const folder = temporaryFolders();
const at = new Date('2026-03-04T05:06:07.089Z');

async function addUsers(records: Records, ...names: string[]): Promise<void> {
  for (const name of names)
    await records.users.add(
      { id: newId(), name, role: 'admin', password: 'x', createdAt: at.toISOString() },
      { by: 'root', at },
    );
}

describe.each(databases(folder))('an audit log in %s', (name, make) => {
  let database: TestDatabase;
  let records: Records;
  let alarms: Alarms;
  let file: string;
  const watch = () => new AuditWatch({ records, alarms }, [headPlace(file, '/data')]);
  const codes = () => alarms.all.map(({ kind, code }) => `${kind} ${code}`);
  const unguard = async () => {
    for (const trigger of name === 'SQLite' ? ['update', 'delete'] : ['change', 'truncate'])
      await tamper(database, `drop trigger audit_refuse_${trigger}${name === 'SQLite' ? '' : ' on audit'}`);
  };

  beforeEach(async () => {
    database = await make();
    records = await openRecords(database.place);
    alarms = new Alarms('/data');
    file = join(await folder(), 'heads');
    await addUsers(records, 'ada', 'eve', 'otto');
    const first = watch();
    first.start(10);
    await expect.poll(() => readFile(file, 'utf8').catch(() => '')).not.toBe('');
    await addUsers(records, 'kim');
    await expect.poll(async () => parseHeads(await readFile(file, 'utf8'), file).length).toBe(2);
    await first.stop();
    expect(codes()).toEqual([]);
  });
  afterEach(async () => {
    await records.close();
    await database.drop();
  });

  it('has its head noted when it changed, and no other time', async () => {
    const heads = parseHeads(await readFile(file, 'utf8'), file);
    expect(heads.map(({ entries }) => entries)).toEqual([3, 4]);
    expect(heads[1]!.head).toBe((await records.auditState()).head);
    expect(await records.auditState()).toMatchObject(await records.verifyAudit(heads));
  });

  it('keeps no stop waiting while it is checked, and nothing is noted before it was', async () => {
    const slow = Object.create(records, { verifyAudit: { value: () => new Promise(() => undefined) } }) as Records;
    const checking = new AuditWatch({ records: slow, alarms }, [headPlace(file, '/data')]);
    checking.start(10);
    await addUsers(records, 'zoe');
    await checking.stop();
    expect(parseHeads(await readFile(file, 'utf8'), file)).toHaveLength(2);
    expect(codes()).toEqual([]);
  });

  it.each([
    ['its tail cut', ['delete from audit where number > 3'], 'entries were cut off'],
    ['all of it deleted', ['delete from audit'], 'it has 0 entries, and 4 were noted'],
  ])('with %s raises an alarm', async (_, statements, why) => {
    await unguard();
    for (const statement of statements) await tamper(database, statement);
    await watch().check();
    expect(alarms.all).toMatchObject([{ kind: 'audit', id: 'log', code: 'AUDIT_BROKEN' }]);
    expect(alarms.all[0]!.message).toContain(why);
  });

  it('that was written anew from its beginning raises an alarm, though it holds in itself', async () => {
    await unguard();
    await tamper(database, 'delete from audit');
    await addUsers(records, 'a', 'b', 'c', 'd', 'e');
    await records.verifyAudit();
    await watch().check();
    expect(alarms.all[0]!.message).toContain('entry 3 is another one than was noted at');
  });

  it('that does not hold in itself raises an alarm without any head, and the alarm ends with the fault', async () => {
    await unguard();
    await tamper(database, "update audit set made_by = 'nobody' where number = 2");
    const plain = new AuditWatch({ records, alarms }, []);
    await plain.check();
    expect(codes()).toEqual(['audit AUDIT_BROKEN']);
    await tamper(database, "update audit set made_by = 'root' where number = 2");
    await plain.check();
    expect(codes()).toEqual([]);
  });

  it('whose users were changed past it raises an alarm', async () => {
    await tamper(database, "update users set role = 'operator' where name = 'eve'");
    await watch().check();
    expect(codes()).toEqual(['audit RECORDS_ALTERED']);
  });

  it('gets its guards back when it is opened again, against truncating too', async () => {
    await unguard();
    await (await openRecords(database.place)).close();
    const attacks = ['update audit set at = 1', 'delete from audit', ...(name === 'SQLite' ? [] : ['truncate audit'])];
    for (const attack of attacks) await expect(tamper(database, attack), attack).rejects.toThrow('append-only');
  });
});

describe('a head is noted', () => {
  const head = { felfri: 'audit head', at: at.toISOString(), entries: 7, head: 'a'.repeat(64) } as const;

  it('by a datagram of syslog', async () => {
    const server = createSocket('udp4').bind(0, '127.0.0.1');
    await once(server, 'listening');
    const heard = once(server, 'message');
    await headPlace(`syslog://127.0.0.1:${server.address().port}`, '/data').send(head);
    const line = String((await heard)[0]);
    server.close();
    expect(line).toMatch(/^<110>1 2026-03-04T05:06:07\.089Z \S+ felfri \d+ audit-head - \{/);
    expect(parseHeads(line, 'syslog')).toEqual([head]);
  });

  it('by a stream of syslog, octets counted', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const heard = once(server, 'connection').then(([socket]) => text(socket));
    await headPlace(`syslog+tcp://127.0.0.1:${(server.address() as AddressInfo).port}`, '/data').send(head);
    const [, count, line] = /^(\d+) (.*)$/.exec(await heard)!;
    server.close();
    expect(Number(count)).toBe(line!.length);
    expect(parseHeads(line!, 'syslog')).toEqual([head]);
  });

  it('by a webhook, and what it refuses is an error', async () => {
    const heard: string[] = [];
    const server = createHttpServer(async (request, answer) => {
      heard.push(`${request.method} ${request.headers['content-type']} ${await text(request)}`);
      answer.writeHead(heard.length === 1 ? 204 : 500).end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const place = headPlace(`http://127.0.0.1:${(server.address() as AddressInfo).port}/heads`, '/data');
    await place.send(head);
    expect(heard).toEqual([`POST application/json ${JSON.stringify(head)}`]);
    await expect(place.send(head)).rejects.toThrow('it answered 500');
    server.close();
    server.closeAllConnections();
  });

  it('nowhere that is none, nor beside what it is to prove', () => {
    for (const place of ['syslog://', 'syslog+tcp://:5', '/data/heads'])
      expect(() => headPlace(place, '/data'), place).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
  });
});

it('a place that is away is an alarm until it takes a head again', async () => {
  const records = await openRecords({ folder: await folder() });
  await addUsers(records, 'ada');
  const alarms = new Alarms('/data');
  const file = join(await folder(), 'mount', 'heads');
  const watch = new AuditWatch({ records, alarms }, [headPlace(file, '/data')]);
  await watch.note();
  expect(alarms.all).toMatchObject([{ kind: 'audit', id: file, code: 'AUDIT_UNNOTED' }]);
  await mkdir(dirname(file));
  await watch.note();
  expect(alarms.all).toEqual([]);
  expect(parseHeads(await readFile(file, 'utf8'), file)).toHaveLength(1);
  await records.close();
});

it('says nothing of a webhook’s address that may be a secret, and refuses one with a name in it', async () => {
  const place = headPlace('http://127.0.0.1:9/hooks/T0KEN?key=open-sesame', '/data');
  expect(place.name).toMatch(/^http:\/\/127\.0\.0\.1:9 \([0-9a-f]{6}\)$/);
  expect(headPlace('http://127.0.0.1:9/other', '/data').name).not.toBe(place.name);
  const alarms = new Alarms('/data');
  const records = { auditState: async () => ({ head: 'x', number: 1, inspections: { number: 0 } }) };
  await new AuditWatch({ records: records as unknown as Records, alarms }, [place]).note();
  expect(alarms.all).toMatchObject([{ code: 'AUDIT_UNNOTED' }]);
  expect(JSON.stringify(alarms.all)).not.toMatch(/T0KEN|sesame/);
  expect(() => headPlace('https://ada:sesame@log.example/', '/data')).toThrow(/^(?!.*sesame)/);
});
