/** Empty databases for tests: SQLite always, PostgreSQL where FELFRI_TEST_POSTGRES names a server on which databases may be made. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { RecordsPlace } from '../../src/station/records/open-records.ts';

export interface TestDatabase {
  readonly place: RecordsPlace;
  drop(): Promise<void>;
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(statement);
  await client.end();
}

async function newPostgres(server: string): Promise<TestDatabase> {
  const name = `felfri_test_${randomBytes(6).toString('hex')}`;
  await onServer(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { place: { url: url.href }, drop: () => onServer(server, `drop database ${name} with (force)`) };
}

/** Each kind of database that can be had here, with what makes an empty one. */
export function databases(folder: () => Promise<string>): [string, () => Promise<TestDatabase>][] {
  const server = process.env['FELFRI_TEST_POSTGRES'];
  const sqlite = async (): Promise<TestDatabase> => ({ place: { folder: await folder() }, drop: async () => {} });
  return [
    ['SQLite', sqlite],
    ...(server ? [['PostgreSQL', () => newPostgres(server)] as [string, () => Promise<TestDatabase>]] : []),
  ];
}
