/** Faults of a station whose records are in SQLite: one row each. */
import { existsSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'libsql';
import { type Fault, type Here, lasting, type Outage, ofStation, outage, short } from './of-station.ts';
import { refuseWrites } from './refused-writes.ts';

/** Another program's connection to the station's file. */
async function withOther(data: string, work: (other: Database.Database) => Promise<Outage>): Promise<Outage> {
  const other = new Database(join(data, 'records.sqlite'));
  other.pragma('busy_timeout = 5000');
  try {
    return await work(other);
  } finally {
    other.close();
  }
}

/** Waits for its turn without a thread of its own to wait in. */
async function begin(other: Database.Database): Promise<void> {
  for (;;) {
    try {
      other.exec('begin immediate');
      return;
    } catch {
      await sleep(1);
    }
  }
}

function refusing(how: 'read-only' | 'broken'): Fault<Here> {
  return async ({ data, station, random }) => {
    const file = join(data, 'records.sqlite');
    const end = await refuseWrites(station.pid, [file, `${file}-wal`], how);
    const found = await outage(short(random));
    await end();
    return found;
  };
}

/** A file beside the records goes while the station runs, which then records nothing more until it is started again. */
function losing(name: string, next: 'SIGTERM' | 'SIGKILL', replaced = false): Fault<Here> {
  return async ({ data, station, random }) => {
    await rm(join(data, name));
    if (replaced) await writeFile(join(data, name), '');
    const found = await outage(short(random));
    await station.end(next);
    await station.start();
    return found;
  };
}

export const sqliteFaults: Record<string, Fault<Here>> = {
  ...ofStation,
  'read-only (EROFS at each write)': refusing('read-only'),
  'broken disk (EIO at each fsync)': refusing('broken'),
  'lock held by another program': ({ data, random }) =>
    withOther(data, async (other) => {
      await begin(other);
      const found = await outage(lasting(random));
      other.exec('rollback');
      return found;
    }),
  'lock held, and SIGKILL': ({ data, station, random }) =>
    withOther(data, async (other) => {
      await begin(other);
      await outage(lasting(random));
      await station.end('SIGKILL');
      other.exec('rollback');
      await station.start();
      return null;
    }),
  'VACUUM and checkpoint by another program': ({ data }) =>
    withOther(data, async (other) => {
      for (const statement of ['vacuum', 'pragma wal_checkpoint(truncate)']) {
        try {
          other.exec(statement);
        } catch {
          // the station writes
        }
      }
      return null;
    }),
  'file of the records moved away and back': async ({ data, random }) => {
    const [file, away] = [join(data, 'records.sqlite'), join(data, 'away.sqlite')];
    await rename(file, away);
    const found = await outage(short(random));
    if (existsSync(file)) throw new Error('another file of records was made');
    await rename(away, file);
    return found;
  },
  'file moved away while locked, and back': async ({ data, random }) =>
    withOther(data, async (other) => {
      const [file, away] = [join(data, 'records.sqlite'), join(data, 'away.sqlite')];
      await begin(other);
      const from = performance.now();
      await sleep(random.uniform(5200, 6500));
      await rename(file, away);
      other.exec('rollback');
      await sleep(short(random));
      const to = performance.now();
      if (existsSync(file)) throw new Error('another file of records was made');
      await rename(away, file);
      return { from, to };
    }),
  '-wal removed, and SIGKILL': losing('records.sqlite-wal', 'SIGKILL'),
  '-wal removed, and SIGTERM': losing('records.sqlite-wal', 'SIGTERM'),
  '-shm removed, and SIGKILL': losing('records.sqlite-shm', 'SIGKILL'),
  '-shm removed, and SIGTERM': losing('records.sqlite-shm', 'SIGTERM'),
  'station.lock replaced, and SIGKILL': losing('station.lock', 'SIGKILL', true),
  'station.lock replaced, and SIGTERM': losing('station.lock', 'SIGTERM', true),
  'started with an emptied file of the records, which then comes back': async ({ data, station, random }) => {
    const [file, away] = [join(data, 'records.sqlite'), join(data, 'away.sqlite')];
    await station.end(random.pick(['SIGKILL', 'SIGTERM'] as const));
    await rename(file, away);
    await writeFile(file, '');
    const before = station.failedStarts;
    const starting = station.start();
    while (station.failedStarts === before) {
      if (station.isUp) throw new Error('it started anew on an emptied file');
      await sleep(50);
    }
    await rename(away, file);
    await starting;
    return null;
  },
};
