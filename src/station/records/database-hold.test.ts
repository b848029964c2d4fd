/** One PostgreSQL database, one station: a second one is refused, and one that lost its database to another records nothing more. */
import { mkdtemp, rm } from 'node:fs/promises';
import pg from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describePostgres, type TestDatabase, tamper } from '../../../test/support/databases.ts';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { newInspection, newRecipe } from '../../../test/support/records.ts';
import { SilentNetwork } from '../../../test/support/silent-network.ts';
import { until } from '../../../test/support/until.ts';
import { holderOf } from './database-hold.ts';
import { openRecords } from './open-records.ts';
import type { Records } from './records.ts';

const folder = temporaryFolders();
const CUT =
  'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()';
const CONNECTED = 'select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()';

describePostgres('a database of PostgreSQL', (make) => {
  let database: TestDatabase;
  let first: Records;
  let url: string;
  let own: string;

  const open = async (data: string, by = url): Promise<Records> =>
    openRecords({ url: by, answerMillis: 1000 }, { holder: await holderOf(data) });

  beforeEach(async () => {
    database = await make();
    url = (database.place as { url: string }).url;
    own = await folder();
    first = await open(own);
    await first.addRecipe({ ...newRecipe(), id: 'r' }, { by: null, at: new Date() });
  });

  afterEach(async () => {
    await first.close();
    await database.drop();
  });

  it('is refused to a station of another folder, until the first has closed it', async () => {
    const other = await folder();
    const refused = { code: 'DATABASE_IN_USE', message: expect.stringContaining(own) };
    await expect(open(other)).rejects.toMatchObject(refused);
    await first.ping();
    // who only looks, or adds a user, works beside it
    const beside = await openRecords(database.place, { mustExist: true });
    expect(await beside.recipes()).toHaveLength(1);
    await beside.close();
    await first.close();
    first = await open(other);
    await expect(open(own)).rejects.toMatchObject({ code: 'DATABASE_IN_USE', message: expect.stringContaining(other) });
  });

  it('stays its station’s when all connections are cut, also one that nothing is asked of', async () => {
    const holding = async (): Promise<number[]> => {
      const query = "select pid from pg_locks where locktype = 'advisory' and objid = 1937006964";
      return (await look(url, query)).rows.map(({ pid }) => pid as number);
    };
    const before = await holding();
    await tamper(database, CUT);
    // those that are cut hold it until they are gone
    await until(async () => (await holding()).some((pid) => !before.includes(pid)), 'it holds its database again');
    await expect(open(await folder())).rejects.toMatchObject({ code: 'DATABASE_IN_USE' });
    await first.ping();
  });

  it('is taken over from what a killed station of the same folder left on the server', async () => {
    await first.close();
    const left = new pg.Client({ connectionString: url });
    left.on('error', () => undefined);
    await left.connect();
    await left.query('select pg_advisory_lock_shared(1717005414, 1937006964)');
    await expect(open(await folder())).rejects.toMatchObject({ code: 'DATABASE_IN_USE' });
    first = await open(own);
    await expect(left.query('select 1')).rejects.toThrow();
  });

  it('that has less than was acknowledged, as a replica that lagged behind, is not written until it has all', async () => {
    await first.addInspection(newInspection('r'));
    await first.addInspection(newInspection('r'));
    await tamper(database, 'create table later as select * from inspections where number = 2');
    await tamper(database, 'delete from inspections where number = 2');
    // what runs by connections of before is of the database of before
    await tamper(database, CUT);
    const former = { code: 'RECORDS_UNAVAILABLE', message: expect.stringContaining('up to number 1, and 2 were') };
    await expect.poll(() => first.ping().catch((error: unknown) => error)).toMatchObject(former);
    await expect(first.addInspection(newInspection('r'))).rejects.toMatchObject(former);
    await tamper(database, 'insert into inspections select * from later');
    expect((await first.addInspection(newInspection('r'))).added).toBe(true);

    await tamper(
      database,
      'set session_replication_role = replica; delete from audit where number = (select max(number) from audit)',
    );
    await tamper(database, CUT);
    const shorter = { code: 'RECORDS_UNAVAILABLE', message: expect.stringContaining('entries of the audit log') };
    await expect.poll(() => first.ping().catch((error: unknown) => error)).toMatchObject(shorter);
  });

  it('that another server answers for is written by connections to that one alone', async () => {
    const pids = async () => (await look(url, CONNECTED)).rows.map(({ pid }) => pid as number);
    const several = () => Promise.allSettled(Array.from({ length: 5 }, () => first.recipes()));
    await first.addInspection(newInspection('r'));
    const before = await pids();
    // one of the records and the one that holds the database
    expect(before.length).toBeGreaterThan(1);
    // as a replica that was promoted while the former server runs on: what is connected from now on hears of another start
    await tamper(database, `alter database ${new URL(url).pathname.slice(1)} set search_path = public, pg_catalog`);
    await tamper(
      database,
      `create function public.pg_postmaster_start_time() returns timestamptz language sql as 'select timestamptz ''2026-01-01Z'''`,
    );
    await several();
    await expect.poll(async () => (await pids()).filter((pid) => before.includes(pid))).toEqual([]);
    expect((await first.addInspection(newInspection('r'))).added).toBe(true);
    await expect(open(await folder())).rejects.toMatchObject({ code: 'DATABASE_IN_USE' });
  });

  it('of which retention removed the newest too is written on', async () => {
    const { inspection } = await first.addInspection(newInspection('r'));
    await first.removeInspections(
      [inspection.id],
      { reason: 'too many', bytes: 0 },
      {
        by: null,
        at: new Date(),
      },
    );
    await tamper(database, CUT);
    await expect.poll(() => first.ping().then(() => 'written', String)).toBe('written');
  });

  it('that another took while the network was away is written no more', async () => {
    const between = await mkdtemp('/tmp/felfri-network-');
    const behind = new URL(url);
    const network = await SilentNetwork.start(between, behind.searchParams.get('host')!);
    behind.searchParams.set('host', between);
    await first.close();
    first = await open(own, behind.href);
    await first.addInspection(newInspection('r'));

    network.silence();
    await tamper(database, CUT);
    const second = await open(await folder());
    network.speak('go on');
    const refused = { code: 'DATABASE_IN_USE' };
    // at first it hears that its connections were cut
    for (let i = 0; i < 10; i++) await expect(first.addInspection(newInspection('r'))).rejects.toThrow();
    await expect(first.addInspection(newInspection('r'))).rejects.toMatchObject(refused);
    await second.addInspection(newInspection('r'));
    // also once the other has gone: what this one knows of the records is old
    await second.close();
    for (let i = 0; i < 3; i++) await expect(first.ping()).rejects.toMatchObject(refused);
    const { rows } = await look(url, 'select id from inspections');
    expect(rows).toHaveLength(2);
    network.end();
    await rm(between, { recursive: true });
  });
});

async function look(url: string, query: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client.query(query).finally(() => client.end());
}
