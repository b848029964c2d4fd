/**
 * Kysely's driver for SQLite in threads of its own: one writes, one reads, and a second reads while a long search keeps the first. A
 * transaction has the writer to itself.
 */
import { type CompiledQuery, type DatabaseConnection, type Driver, type QueryResult, SelectQueryNode } from 'kysely';
import { FelfriError } from '../../../core/errors.ts';
import { Thread } from '../../../engine/workers/questions.ts';
import { startWorkerAt } from '../../../engine/workers/start.ts';
import type { ConnectionSettings, Statement, Tasks } from './messages.ts';

const entry = new URL(import.meta.url.endsWith('.ts') ? './thread.ts' : './thread.js', import.meta.url);

const READERS = 2;

function openThread(settings: ConnectionSettings): Thread<Tasks> {
  return new Thread<Tasks>(
    startWorkerAt(entry, settings),
    (why) => new FelfriError('RECORDS_UNAVAILABLE', `the thread of the records failed: ${why}; try again`),
  );
}

const isRead = ({ query, sql }: CompiledQuery): boolean => SelectQueryNode.is(query) || /^\s*select\b/i.test(sql);

const statementOf = ({ sql, parameters }: CompiledQuery): Statement => ({
  sql,
  parameters: parameters as Statement['parameters'],
});

/** One statement or transaction after another. */
class Turn {
  #last: Promise<void> = Promise.resolve();

  /** Resolves when it is one's turn, with what ends it. */
  async take(): Promise<() => void> {
    const former = this.#last;
    let end = (): void => undefined;
    this.#last = new Promise((resolve) => {
      end = resolve;
    });
    await former;
    return end;
  }
}

class Threads {
  readonly #path: string;
  readonly #busyMillis: number;
  readonly #turn = new Turn();
  readonly #readers: Thread<Tasks>[] = [];
  #writer: Thread<Tasks> | undefined;

  constructor(path: string, busyMillis: number) {
    this.#path = path;
    this.#busyMillis = busyMillis;
  }

  writer(): Thread<Tasks> {
    if (!this.#writer || this.#writer.failed)
      this.#writer = openThread({ path: this.#path, role: 'writer', busyMillis: this.#busyMillis });
    return this.#writer;
  }

  /** The one that has least to do; a further one where all have something. */
  #reader(): Thread<Tasks> {
    for (const [i, reader] of this.#readers.entries()) if (reader.failed) this.#readers.splice(i, 1);
    const idle = this.#readers.find(({ load }) => load === 0);
    if (idle) return idle;
    if (this.#readers.length < READERS) {
      const added = openThread({ path: this.#path, role: 'reader', busyMillis: this.#busyMillis });
      this.#readers.push(added);
      return added;
    }
    return this.#readers.reduce((a, b) => (b.load < a.load ? b : a));
  }

  takeTurn(): Promise<() => void> {
    return this.#turn.take();
  }

  read(statement: Statement): Promise<Tasks['run']['answer']> {
    return this.#reader().ask('run', statement);
  }

  async write(statement: Statement): Promise<Tasks['run']['answer']> {
    const end = await this.takeTurn();
    try {
      return await this.writer().ask('run', statement);
    } finally {
      end();
    }
  }

  async close(): Promise<void> {
    const end = await this.takeTurn();
    const open = [...this.#readers, ...(this.#writer ? [this.#writer] : [])].filter(({ failed }) => !failed);
    await Promise.all(open.map((thread) => thread.ask('close', null).finally(() => thread.terminate())));
    end();
  }
}

class ThreadedConnection implements DatabaseConnection {
  readonly #threads: Threads;
  #writer: Thread<Tasks> | undefined;
  #endTurn = (): void => undefined;

  constructor(threads: Threads) {
    this.#threads = threads;
  }

  async begin(): Promise<void> {
    this.#endTurn = await this.#threads.takeTurn();
    try {
      this.#writer = this.#threads.writer();
      await this.#writer.ask('begin', null);
    } catch (error) {
      this.#end();
      throw error;
    }
  }

  #end(): void {
    this.#writer = undefined;
    this.#endTurn();
  }

  async commit(): Promise<void> {
    await this.#writer!.ask('commit', null);
    this.#end();
  }

  async rollback(): Promise<void> {
    try {
      await this.#writer?.ask('rollback', null);
    } finally {
      this.#end();
    }
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const statement = statementOf(query);
    const { rows, changes } = await (this.#writer?.ask('run', statement) ??
      (isRead(query) ? this.#threads.read(statement) : this.#threads.write(statement)));
    return { rows: rows as R[], ...(changes !== undefined && { numAffectedRows: changes }) };
  }

  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    yield await this.executeQuery<R>(query);
  }
}

export class SqliteThreadsDriver implements Driver {
  readonly #threads: Threads;

  constructor(path: string, busyMillis: number) {
    this.#threads = new Threads(path, busyMillis);
  }

  async init(): Promise<void> {
    // the writer makes the file that readers open
    await this.#threads.writer().ask('run', { sql: 'select 1', parameters: [] });
  }

  async acquireConnection(): Promise<ThreadedConnection> {
    return new ThreadedConnection(this.#threads);
  }

  beginTransaction = (connection: ThreadedConnection): Promise<void> => connection.begin();

  commitTransaction = (connection: ThreadedConnection): Promise<void> => connection.commit();

  rollbackTransaction = (connection: ThreadedConnection): Promise<void> => connection.rollback();

  async releaseConnection(): Promise<void> {
    // connections are made for each use and hold nothing beyond a transaction
  }

  destroy(): Promise<void> {
    return this.#threads.close();
  }
}
