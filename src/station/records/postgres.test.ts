/** PostgreSQL that goes silent, or holds a lock: every wait ends, and what works again is used again. */
import { mkdtemp, rm } from 'node:fs/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describePostgres, type TestDatabase, tamper } from '../../../test/support/databases.ts';
import { newRecipe } from '../../../test/support/records.ts';
import { SilentNetwork } from '../../../test/support/silent-network.ts';
import { until } from '../../../test/support/until.ts';
import { recordsError } from './database-errors.ts';
import { openRecords } from './open-records.ts';
import type { Records } from './records.ts';

const ANSWER_MILLIS = 300;

describePostgres('records in PostgreSQL', (make) => {
  let database: TestDatabase;
  let network: SilentNetwork;
  let between: string;
  let records: Records;

  beforeAll(async () => {
    database = await make();
    const url = new URL((database.place as { url: string }).url);
    const behind = url.searchParams.get('host')!;
    // a socket's path has room for about a hundred characters
    between = await mkdtemp('/tmp/felfri-network-');
    network = await SilentNetwork.start(between, behind);
    url.searchParams.set('host', between);
    records = await openRecords({ url: url.href, answerMillis: ANSWER_MILLIS });
  });

  afterAll(async () => {
    network.speak('go on');
    await records.close();
    network.end();
    await database.drop();
    await rm(between, { recursive: true });
  });

  const refused = { code: 'RECORDS_UNAVAILABLE' };

  it.each(['go on', 'stay silent'] as const)(
    'refuse while the network is silent, and go on with it though former connections %s',
    async (former) => {
      await records.ping();
      network.silence();
      const millisOf = async (count: number): Promise<number> => {
        const begin = performance.now();
        await Promise.all(Array.from({ length: count }, () => expect(records.ping()).rejects.toMatchObject(refused)));
        return performance.now() - begin;
      };
      const one = await millisOf(1);
      expect(await millisOf(20)).toBeLessThan(10 * one);
      network.speak(former);
      for (let i = 0; i < 20; i++) await records.ping();
    },
  );

  it.each([{ before: 1e20 }, { before: 3e9 }])(
    'say what they cannot hold, instead of failing, of %o',
    async (query) => {
      const said = await records.auditEntries({ limit: 10, ...query }).then(
        () => 'fine',
        (error: unknown) => recordsError(error)?.code,
      );
      expect(['fine', 'REQUEST_INVALID']).toContain(said);
    },
  );

  it('are on the disk before they are acknowledged, also where the database is told not to wait for it', async () => {
    const eager = await make();
    const { url } = eager.place as { url: string };
    const opened = await openRecords(eager.place);
    await opened.close();
    await tamper(eager, `alter database ${new URL(url).pathname.slice(1)} set synchronous_commit = off`);
    await tamper(
      eager,
      `create table seen (setting text);
       create function see() returns trigger language plpgsql as
         $$ begin insert into seen values (current_setting('synchronous_commit')); return new; end $$;
       create trigger see before insert on recipes for each row execute function see();`,
    );
    const again = await openRecords(eager.place);
    await again.addRecipe(newRecipe(), { by: null, at: new Date() });
    await again.close();
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    expect((await client.query('show synchronous_commit')).rows).toEqual([{ synchronous_commit: 'off' }]);
    expect((await client.query('select * from seen')).rows).toEqual([{ setting: 'on' }]);
    await client.end();
    await eager.drop();
  });

  it('are on the disk before they are acknowledged, also where the server is told otherwise meanwhile', async () => {
    await records.addRecipe(newRecipe(), { by: null, at: new Date() });
    await tamper(
      database,
      `create table seen (setting text);
       create function see() returns trigger language plpgsql as
         $$ begin insert into seen values (current_setting('synchronous_commit')); return new; end $$;
       create trigger see before insert on recipes for each row execute function see();`,
    );
    const client = new pg.Client({ connectionString: (database.place as { url: string }).url });
    await client.connect();
    try {
      await client.query('alter system set synchronous_commit = off');
      await client.query('select pg_reload_conf()');
      await until(
        async () => (await client.query('show synchronous_commit')).rows[0].synchronous_commit === 'off',
        'off',
      );
      await records.addRecipe(newRecipe(), { by: null, at: new Date() });
      expect((await client.query('select * from seen')).rows).toEqual([{ setting: 'on' }]);
    } finally {
      await client.query('alter system reset synchronous_commit');
      await client.query('select pg_reload_conf()');
      await client.query('drop trigger see on recipes; drop function see; drop table seen');
      await client.end();
    }
  });

  it('are not said to be writable while the table of inspections is locked', async () => {
    const other = new pg.Client({ connectionString: (database.place as { url: string }).url });
    await other.connect();
    await other.query('begin');
    await other.query('lock table inspections in exclusive mode');
    await expect(records.ping()).rejects.toMatchObject(refused);
    await other.query('rollback');
    await expect.poll(() => records.ping().then(() => 'writable', String)).toBe('writable');
    await other.end();
  });
});
