/** Where a station with a line keeps its things, what can be taken from it, and what it noted, read by another connection than its own. */
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'libsql';
import type { Random } from '../../src/core/random.ts';
import { Disk } from './disk.ts';
import { Postgres } from './postgres.ts';

/** A part in the outbox. */
export interface Noted {
  readonly output: string;
  readonly sequence: number;
  readonly outcome: string | null;
}

const QUERY = 'select output, sequence, outcome from outbox';

export interface LinePlace {
  readonly data: string;
  /** Of the records; undefined for SQLite in the data folder. */
  readonly database?: string;
  /** By what they are called; each resolves when it is over. */
  readonly troubles: Readonly<Record<string, (random: Random) => Promise<void>>>;
  noted(): Promise<Noted[]>;
  end(): Promise<void>;
}

const diskFull =
  (disk: Disk) =>
  async (random: Random): Promise<void> => {
    await disk.fill();
    await sleep(random.uniform(100, 1500));
    await disk.free();
  };

/** On a small disk in memory, below `folder`. Throws where nothing may be mounted. */
export async function linePlace(folder: string, store: 'sqlite' | 'postgresql'): Promise<LinePlace> {
  const disk = await Disk.mount(join(folder, 'disk'));
  const data = join(disk.folder, 'data');
  const troubles = { 'disk full': diskFull(disk) };
  if (store === 'sqlite') {
    const noted = async (): Promise<Noted[]> => {
      const db = new Database(join(data, 'records.sqlite'));
      const rows = db.prepare(QUERY).all() as Noted[];
      db.close();
      return rows;
    };
    return { data, troubles, noted, end: async () => disk.end() };
  }
  const server = join(folder, 'server');
  // the server has an account of its own
  await chmod(folder, 0o755);
  await mkdir(server);
  const postgres = new Postgres(server);
  await postgres.start();
  const restart =
    (mode: 'fast' | 'immediate') =>
    async (random: Random): Promise<void> => {
      await postgres.stop(mode);
      await sleep(random.uniform(100, 1500));
      await postgres.start();
    };
  return {
    data,
    database: postgres.url,
    troubles: { ...troubles, 'restart of PostgreSQL': restart('fast'), 'crash of PostgreSQL': restart('immediate') },
    noted: () => postgres.with(async (client) => (await client.query<Noted>(QUERY)).rows),
    end: async () => {
      await postgres.stop('fast');
      disk.end();
    },
  };
}
