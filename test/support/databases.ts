/** Empty databases for tests: SQLite always, PostgreSQL where FELFRI_TEST_POSTGRES names a server on which databases may be made. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import Database from 'libsql';
import pg from 'pg';
import { describe } from 'vitest';
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

/** What only PostgreSQL is tested for; left out where there is none. */
export function describePostgres(name: string, tests: (make: () => Promise<TestDatabase>) => void): void {
  const server = process.env['FELFRI_TEST_POSTGRES'];
  describe.skipIf(!server)(name, () => tests(() => newPostgres(server!)));
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

/** Runs a statement past the records, as someone with the database's password could. */
export async function tamper({ place }: TestDatabase, statement: string): Promise<void> {
  if ('folder' in place) {
    const db = new Database(join(place.folder, 'records.sqlite'));
    try {
      db.exec(statement);
    } finally {
      db.close();
    }
    return;
  }
  const client = new pg.Client({ connectionString: place.url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
