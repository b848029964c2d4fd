import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
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
