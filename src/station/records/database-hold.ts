/**
 * A PostgreSQL database belongs to one station at a time. Each connection of a station shares an advisory lock and finds the station's token
 * in the database, or is not used. A station that starts needs that lock alone, so that no connection of another is left, before it writes a
 * token of its own. One that lost all its connections meanwhile, and finds another's token afterwards, records nothing more.
 */
import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { FelfriError } from '../../core/errors.ts';
import type { OneServer } from './one-server.ts';

/** Of all advisory locks of the database this one is felfri's ("felf" and "stat"). */
const KEY = '1717005414, 1937006964';
const ITS_SESSIONS = `from pg_locks where locktype = 'advisory' and classid = 1717005414 and objid = 1937006964 and objsubid = 2
  and database = (select oid from pg_database where datname = current_database()) and pid <> pg_backend_pid()`;

const AGAIN_MILLIS = 250;
/** For so long a server that has gone silent is waited for at the end. */
const PARTING_MILLIS = 1000;
/** A machine that lost its power holds nothing any more after 25 seconds. */
const KEEPALIVE = 'set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 3';

/** Who works on a database: a place to say to people, and the folder's own identity, since only one station has a data folder. */
export interface Holder {
  readonly place: string;
  readonly folder: string;
}

export async function holderOf(folder: string): Promise<Holder> {
  const { dev, ino, birthtimeMs } = await stat(folder);
  const place = `${hostname()}:${folder}`;
  return { place, folder: `${place} ${dev} ${ino} ${birthtimeMs}` };
}

const inUse = (place: string | undefined): FelfriError =>
  new FelfriError(
    'DATABASE_IN_USE',
    `another station${place === undefined ? '' : `, ${place},`} works on the database of DATABASE_URL; stop that one, or give this one a database of its own, and start it again`,
  );

export class DatabaseHold {
  readonly #url: string;
  readonly #answerMillis: number;
  readonly #server: OneServer;
  readonly #token = randomUUID();
  #keeper: pg.Client | undefined;
  #isReleased = false;
  /** That another station took the database over. */
  #lost: FelfriError | undefined;

  private constructor(url: string, answerMillis: number, server: OneServer) {
    this.#url = url;
    this.#server = server;
    this.#answerMillis = answerMillis;
  }

  /** Throws DATABASE_IN_USE, and what the database throws. */
  static async take(url: string, answerMillis: number, holder: Holder, server: OneServer): Promise<DatabaseHold> {
    const hold = new DatabaseHold(url, answerMillis, server);
    const client = await hold.#connect();
    try {
      await lockAlone(client, holder, 1.2 * answerMillis);
      await client.query(
        'create table if not exists station_holder (id integer primary key, token text, place text, folder text)',
      );
      await client.query(
        `insert into station_holder values (1, $1, $2, $3)
         on conflict (id) do update set token = excluded.token, place = excluded.place, folder = excluded.folder`,
        [hold.#token, holder.place, holder.folder],
      );
      await client.query(`select pg_advisory_lock_shared(${KEY})`);
      await client.query(`select pg_advisory_unlock(${KEY})`);
    } catch (error) {
      void client.end().catch(() => undefined);
      throw error;
    }
    hold.#keep(client);
    return hold;
  }

  /** Lets a new connection work for this station. Throws DATABASE_IN_USE where the database is another's. */
  async admit(client: pg.ClientBase): Promise<void> {
    if (this.#lost) throw this.#lost;
    await client.query(KEEPALIVE);
    const { rows } = await client.query<{ held: boolean }>(`select pg_try_advisory_lock_shared(${KEY}) as held`);
    // asked once the lock is held, so that nobody changes it afterwards
    const found = await present(client);
    if (rows[0]!.held && found?.token === this.#token) return;
    if (found?.token !== this.#token) this.#lost = inUse(found?.place);
    throw this.#lost ?? inUse(undefined);
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.#url,
      connectionTimeoutMillis: this.#answerMillis,
      query_timeout: 1.2 * this.#answerMillis,
      keepAlive: true,
    });
    client.on('error', () => undefined);
    await client.connect();
    try {
      await client.query(KEEPALIVE);
      await this.#server.join(client);
    } catch (error) {
      void client.end().catch(() => undefined);
      throw error;
    }
    return client;
  }

  /** Holds the lock while nothing is asked of the records, by a connection that is made again wherever it breaks. */
  #keep(client: pg.Client): void {
    this.#keeper = client;
    client.once('end', () => void this.#again());
  }

  async #again(): Promise<void> {
    while (!this.#isReleased && !this.#lost) {
      await sleep(AGAIN_MILLIS, undefined, { ref: false });
      const client = await this.#connect().catch(() => undefined);
      if (!client) continue;
      try {
        await this.admit(client);
        if (this.#isReleased) break;
        this.#keep(client);
        return;
      } catch {
        // not ours now, or gone again
      }
      // where the server has gone silent, this takes long
      void client.end().catch(() => undefined);
    }
  }

  async release(): Promise<void> {
    this.#isReleased = true;
    const ended = this.#keeper?.end().catch(() => undefined);
    await Promise.race([ended, sleep(PARTING_MILLIS, undefined, { ref: false })]);
  }
}

async function present(client: pg.ClientBase): Promise<{ token: string; place: string; folder: string } | undefined> {
  const { rows } = await client.query<{ token: string; place: string; folder: string }>(
    'select token, place, folder from station_holder where id = 1',
  );
  return rows[0];
}

/**
 * Ends what is left over of a station of the same folder, which cannot run any more; what the server has begun for another that was killed may
 * take as long as a statement may. Throws DATABASE_IN_USE.
 */
async function lockAlone(client: pg.Client, { folder }: Holder, patience: number): Promise<void> {
  const until = performance.now() + patience;
  for (;;) {
    const { rows } = await client.query<{ held: boolean }>(`select pg_try_advisory_lock(${KEY}) as held`);
    if (rows[0]!.held) return;
    const found = await present(client).catch(() => undefined);
    if (performance.now() > until) throw inUse(found?.place);
    if (found?.folder === folder) await client.query(`select pg_terminate_backend(pid) ${ITS_SESSIONS}`);
    await sleep(AGAIN_MILLIS);
  }
}
