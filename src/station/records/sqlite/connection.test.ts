import { existsSync } from 'node:fs';
import { copyFile, open, readdir, readFile, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'libsql';
import { expect, it } from 'vitest';
import { temporaryFolders } from '../../../../test/support/folder.ts';
import { recordsError } from '../database-errors.ts';
import { SqliteConnection } from './connection.ts';

const folder = temporaryFolders();

const settings = (path: string, mayMake: boolean) =>
  ({ path, role: 'writer', mayMake, watched: [], marks: false, busyMillis: 100 }) as const;

it('makes no file where one must be there, and says that it cannot be reached', async () => {
  const place = await folder();
  const path = join(place, 'records.sqlite');
  let thrown: unknown;
  try {
    new SqliteConnection(settings(path, false));
  } catch (error) {
    thrown = error;
  }
  expect(recordsError(thrown)?.message).toMatch(/cannot be reached; try again/);
  expect(await readdir(place)).toEqual([]);
});

it.each(['a b', 'ä%20#?', '100%'])('opens a file that is there in a folder named %s', async (name) => {
  const path = join(await folder(), `${name}.sqlite`);
  const made = new SqliteConnection(settings(path, true));
  made.run({ sql: 'create table a (b integer)', parameters: [] });
  made.close();
  expect(existsSync(path)).toBe(true);
  const opened = new SqliteConnection(settings(path, false));
  opened.run({ sql: 'insert into a values (7)', parameters: [] });
  expect(opened.run({ sql: 'select b from a', parameters: [] }).rows).toEqual([{ b: 7 }]);
  opened.close();
});

const PAGE = 4096;

/** A file as a full disk leaves it that broke off the move of the log: the first page is moved, and the pages behind the end are not. */
async function brokenMove(): Promise<string> {
  const path = join(await folder(), 'records.sqlite');
  const other = join(await folder(), 'made.sqlite');
  const made = new Database(other);
  made.pragma('journal_mode = wal');
  made.pragma('wal_autocheckpoint = 0');
  made.exec('create table a (b text)');
  made.pragma('wal_checkpoint(truncate)');
  for (let i = 0; i < 20; i++) made.prepare('insert into a values (?)').run('x'.repeat(3000));
  for (const ending of ['', '-wal']) await copyFile(`${other}${ending}`, `${path}${ending}`);
  made.close();
  const log = await readFile(`${path}-wal`);
  const file = await open(path, 'r+');
  for (let at = 32; at < log.length; at += 24 + PAGE)
    if (log.readUInt32BE(at) === 1) await file.write(log, at + 24, PAGE, 0);
  await file.close();
  return path;
}

const count = (connection: SqliteConnection) =>
  connection.run({ sql: 'select count(*) as n from a', parameters: [] }).rows as { n: number }[];

it('goes on where the move of the log into the file was broken off, with all that was committed', async () => {
  const path = await brokenMove();
  const before = await readFile(path);
  expect(before.length).toBeLessThan(PAGE * before.readUInt32BE(28));
  const opened = new SqliteConnection({ ...settings(path, false), marks: true });
  opened.run({ sql: "insert into a values ('y')", parameters: [] });
  expect(count(opened)).toEqual([{ n: 21 }]);
  opened.close();
  const after = new Database(path);
  expect(after.pragma('integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  after.close();
});

it.each(['the log is gone', 'the log lacks a page of the end'])(
  'takes no such file for whole where %s',
  async (what) => {
    const path = await brokenMove();
    if (what === 'the log is gone') await rm(`${path}-wal`);
    else await truncate(`${path}-wal`, (await stat(`${path}-wal`)).size - 2 * (24 + PAGE));
    const write = () =>
      new SqliteConnection(settings(path, false)).run({ sql: "insert into a values ('y')", parameters: [] });
    // SQLite itself refuses one of them
    expect(write).toThrow(/was cut or written over|malformed/);
  },
);
