/** PostgreSQL by connections of which every wait is bounded, and which are dropped once the server has gone silent. */
import { type Dialect, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Acknowledged } from './acknowledged.ts';
import type { DatabaseHold } from './database-hold.ts';
import type { OneServer } from './one-server.ts';

/** What pg says of a query that was given up. */
const READ_TIMEOUT = /query read timeout/i;

/**
 * After a query that got no answer, pg 8.23 keeps the connection, and whatever is asked over it next waits behind that query for ever: where
 * the network went silent without an end, nothing would be recorded any more.
 */
class ImpatientClient extends pg.Client {
  // pg's own signatures are many; what is asked is passed on as it is
  override query(...asked: never[]): never {
    const answer: unknown = (super.query as (...all: never[]) => unknown)(...asked);
    if (answer instanceof Promise)
      answer.catch((error: Error) => {
        if (READ_TIMEOUT.test(error.message)) void this.end().catch(() => undefined);
      });
    return answer as never;
  }
}

/**
 * A commit is on the disk before it is acknowledged, also where the database or its role is told otherwise, or the server later on; what is
 * stronger stays.
 */
const DURABLE = `select set_config('synchronous_commit', replace(current_setting('synchronous_commit'), 'off', 'on'), false)`;

/** What looks at each new connection. */
export interface Connecting {
  readonly hold?: DatabaseHold | undefined;
  readonly acknowledged: Acknowledged;
  readonly server: OneServer;
}

/**
 * `answerMillis` is how long the server may take for a statement, and a bit longer how long its answer may take; 0 for any time. A connection
 * that `hold` does not admit, or that leads to less than was acknowledged, is not used; one to another server ends those of before.
 */
export function postgresDialect(
  url: string,
  connectMillis: number,
  answerMillis: number,
  { hold, acknowledged, server }: Connecting,
): Dialect {
  const pool = new pg.Pool({
    connectionString: url,
    Client: ImpatientClient as never,
    max: 10,
    connectionTimeoutMillis: connectMillis,
    // the server gives up first, so that what was asked is not carried out later; the client, where the server is gone
    statement_timeout: answerMillis,
    lock_timeout: connectMillis,
    query_timeout: 1.2 * answerMillis,
    idle_in_transaction_session_timeout: 60_000,
    keepAlive: true,
    onConnect: async (client: pg.ClientBase) => {
      await client.query(DURABLE);
      await server.join(client);
      await hold?.admit(client);
      await acknowledged.requireIn(client);
    },
  });
  // a connection that breaks is replaced at the next query; unheard, its error would end the process, idle or in use
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return new PostgresDialect({ pool });
}
