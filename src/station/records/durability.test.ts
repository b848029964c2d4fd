/**
 * What was acknowledged is there, read by a connection of another process's kind, whatever befell the database meanwhile: locked by
 * another program, vacuumed, killed, deleted, its server's connections cut.
 */
import { existsSync } from 'node:fs';
import { copyFile, open, readFile, rename, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'libsql';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { describePostgres } from '../../../test/support/databases.ts';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { expectKept, recorded, recordersIn, sqliteFile } from '../../../test/support/recorder.ts';
import { newInspection } from '../../../test/support/records.ts';
import { until } from '../../../test/support/until.ts';
import { openRecords } from './open-records.ts';

const folder = temporaryFolders();
const begun = recordersIn(folder);

/** `user_version`, as the file has it. */
async function markOf(path: string): Promise<number> {
  return (await readFile(path)).readInt32BE(60);
}

/** Takes the lock, between two of the recorder's writes. */
async function holdLock(other: Database.Database): Promise<void> {
  for (let tries = 0; !other.inTransaction; tries++) {
    try {
      other.exec('begin immediate');
    } catch (error) {
      if (tries > 1000) throw error;
      await sleep(1);
    }
  }
}

describe('records in SQLite', () => {
  const newPlace = async () => ({ folder: await folder(), busyMillis: 100 });

  it.each(['stopped', 'killed'])(
    'keep what was acknowledged after another program held the lock, also when then %s',
    async (end) => {
      const place = await newPlace();
      const recorder = await begun(place);
      const other = new Database(sqliteFile(place));
      await holdLock(other);
      await until(() => recorder.refused.length > 3, 'refusals');
      other.exec('commit');
      other.close();
      expect(new Set(recorder.refused)).toEqual(new Set(['RECORDS_UNAVAILABLE']));
      await recorder.more(30);
      // the station itself, and anybody else, sees what it said
      await expectKept(recorder, place);
      await (end === 'killed' ? recorder.kill() : recorder.stop());
      await expectKept(recorder, place);
    },
  );

  it.each([
    ['a station', true],
    ['another', false],
  ])(
    'keep what was acknowledged while %s has the file, and another program vacuums and checkpoints it',
    async (_, isStation) => {
      const place = await newPlace();
      const recorder = await begun(place, isStation);
      const other = new Database(sqliteFile(place));
      other.pragma('busy_timeout = 5000');
      for (let i = 0; i < 5; i++) {
        other.exec('vacuum');
        other.pragma('wal_checkpoint(truncate)');
        await recorder.more(3);
      }
      other.close();
      await recorder.kill();
      await expectKept(recorder, place);
    },
  );

  it.each([
    ['over them', (from: string, to: string) => copyFile(from, to)],
    ['in their place', (from: string, to: string) => rename(from, to)],
  ])('acknowledge nothing once an earlier copy, no shorter than they are, came %s', async (_, bring) => {
    const place = await newPlace();
    // so that moves into the file are far from each other, and the copy comes between two
    const recorder = await begun(place, true, 20);
    const file = sqliteFile(place);
    const copy = join(await folder(), 'copy.sqlite');
    const other = new Database(file);
    other.exec(`vacuum into '${copy}'`);
    other.close();
    // the mark of the copy may come into the file yet; with the one after that, what is newer is there
    const marks = new Set<number>();
    await expect.poll(async () => marks.add(await markOf(file)).size).toBe(3);
    await sleep(300);
    await recorder.refusesAfter(async () => {
      await truncate(copy, Math.max((await stat(file)).size, (await stat(copy)).size) + 40_960);
      await bring(copy, file);
    });
    await recorder.kill();
  });

  it('lose nothing where a copy comes over them of which they still have what is newer in the log', async () => {
    const place = await newPlace();
    const recorder = await begun(place, true);
    const file = sqliteFile(place);
    const bytes = await readFile(file);
    await recorder.more(5);
    const other = await open(file, 'r+');
    await other.write(bytes, 0, bytes.length, 0);
    await other.close();
    // it goes on, or refuses
    const told = recorder.acknowledged.length;
    await until(() => recorder.acknowledged.length >= told + 5 || recorder.refused.length > 10, 'it notices');
    await recorder.kill();
    await expectKept(recorder, place);
  });

  it('make no new file in the place of one that was moved away while locked, and lose nothing of it', async () => {
    const place = await newPlace();
    const recorder = await begun(place);
    const other = new Database(sqliteFile(place));
    await holdLock(other);
    await until(() => recorder.refused.length > 3, 'refusals');
    const away = `${sqliteFile(place)}.away`;
    await rename(sqliteFile(place), away);
    other.exec('commit');
    await sleep(300);
    expect(existsSync(sqliteFile(place))).toBe(false);
    await rename(away, sqliteFile(place));
    await recorder.more(10);
    other.close();
    await recorder.kill();
    await expectKept(recorder, place);
  });

  it('refuse everyone who waits for a lock after one wait, not one after another', async () => {
    const place = { folder: await folder(), busyMillis: 400 };
    const records = await openRecords(place);
    const other = new Database(sqliteFile(place));
    other.exec('begin immediate');
    const millisOf = async (count: number): Promise<number> => {
      const begin = performance.now();
      const answers = await Promise.allSettled(Array.from({ length: count }, () => records.ping()));
      expect(answers.every(({ status }) => status === 'rejected')).toBe(true);
      return performance.now() - begin;
    };
    const one = await millisOf(1);
    expect(await millisOf(20)).toBeLessThan(10 * one);
    other.exec('rollback');
    other.close();
    await records.ping();
    await records.close();
  });

  it.each(['-wal', '-shm'])(
    'acknowledge nothing once the file %s beside them was removed, and keep what was',
    async (ending) => {
      const place = await newPlace();
      const recorder = await begun(place);
      await recorder.refusesAfter(() => rm(`${sqliteFile(place)}${ending}`));
      await recorder.kill();
      await expectKept(recorder, place);
      // and a new start goes on
      const next = await openRecords(place);
      await next.addInspection(newInspection('r'));
      await next.close();
      expect(await recorded(place)).toHaveLength(recorder.acknowledged.length + 1);
    },
  );

  it.each([0, 4096, 20_000])('acknowledge nothing once their file was cut to %d bytes', async (length) => {
    const place = await newPlace();
    const recorder = await begun(place);
    const before = new Database(sqliteFile(place));
    before.pragma('wal_checkpoint(truncate)');
    before.close();
    await recorder.refusesAfter(() => truncate(sqliteFile(place), length));
    await recorder.kill();
  });

  it('acknowledge nothing that goes into a file which was deleted, and go on in none', async () => {
    const place = await newPlace();
    const recorder = await begun(place);
    await recorder.refusesAfter(async () => {
      for (const ending of ['', '-wal', '-shm']) await rm(`${sqliteFile(place)}${ending}`, { force: true });
    });
    await recorder.kill();
  });
});

describePostgres('records in PostgreSQL', (make) => {
  it('keep what was acknowledged while their connections are cut, and the process stays', async () => {
    const database = await make();
    const recorder = await begun(database.place);
    const admin = new pg.Client({ connectionString: (database.place as { url: string }).url });
    await admin.connect();
    for (let i = 0; i < 10; i++) {
      await admin.query(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
      );
      await recorder.more(3);
    }
    expect(new Set([...recorder.refused, 'RECORDS_UNAVAILABLE'])).toEqual(new Set(['RECORDS_UNAVAILABLE']));
    await expectKept(recorder, database.place);
    await admin.end();
    await recorder.stop();
    await database.drop();
  });

  it('refuse while the database can only be read, and go on afterwards', async () => {
    const database = await make();
    const recorder = await begun(database.place);
    const { url } = database.place as { url: string };
    const admin = new pg.Client({ connectionString: url });
    await admin.connect();
    const name = new URL(url).pathname.slice(1);
    const cut =
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()';
    await admin.query(`alter database ${name} set default_transaction_read_only = on`);
    await admin.query(cut);
    await recorder.refusesOn();
    await admin.query('set default_transaction_read_only = off');
    await admin.query(`alter database ${name} reset default_transaction_read_only`);
    await admin.query(cut);
    await recorder.more(3);
    await expectKept(recorder, database.place);
    await admin.end();
    await recorder.stop();
    await database.drop();
  });
});
