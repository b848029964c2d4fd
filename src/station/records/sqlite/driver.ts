/**
 * Kysely's driver for SQLite in threads of its own: one writes, one reads, and a second reads while a long search keeps the first. A
 * transaction has the writer to itself.
 */
import { type CompiledQuery, type DatabaseConnection, type Driver, type QueryResult, SelectQueryNode } from 'kysely';
import { FelfriError } from '../../../core/errors.ts';
import { Thread } from '../../../engine/workers/questions.ts';
import { startWorkerAt } from '../../../engine/workers/start.ts';
import { Turn } from '../turn.ts';
import type { ConnectionSettings, Statement, Tasks } from './messages.ts';

const entry = new URL(import.meta.url.endsWith('.ts') ? './thread.ts' : './thread.js', import.meta.url);

const READERS = 2;

/** After so long a disk that does not answer costs its thread, and another is started. */
const LIMIT_MILLIS = 60_000;

/** A thread that holds a connection; no question to it takes longer than its limit, where it has one. */
class RecordsThread extends Thread<Tasks> {
  readonly #asking: { limitMillis?: number };

  constructor(settings: ConnectionSettings) {
    super(
      startWorkerAt(entry, settings),
      (why) => new FelfriError('RECORDS_UNAVAILABLE', `the thread of the records failed: ${why}; try again`),
    );
    this.#asking = settings.mayMake ? {} : { limitMillis: LIMIT_MILLIS };
  }

  override ask<T extends keyof Tasks>(task: T, ask: Tasks[T]['ask']): Promise<Tasks[T]['answer']> {
    return super.ask(task, ask, this.#asking);
  }
}

/** To make the file and its tables, which may take any time; or to work with a file that is there. */
type Purpose = 'make' | 'open';

export interface SqlitePlace {
  readonly path: string;
  /** How long a lock that another program holds is waited for before RECORDS_UNAVAILABLE. */
  readonly busyMillis: number;
  readonly purpose: Purpose;
  /** As ConnectionSettings have it. */
  readonly watched?: readonly string[];
  readonly marks?: boolean;
}

const isRead = ({ query, sql }: CompiledQuery): boolean => SelectQueryNode.is(query) || /^\s*select\b/i.test(sql);

const statementOf = ({ sql, parameters }: CompiledQuery): Statement => ({
  sql,
  parameters: parameters as Statement['parameters'],
});

class Threads {
  readonly #path: string;
  readonly #busyMillis: number;
  readonly #turn = new Turn();
  readonly #readers: RecordsThread[] = [];
  readonly #purpose: Purpose;
  readonly #watched: readonly string[];
  readonly #marks: boolean;
  #writer: RecordsThread | undefined;
  #isMoving = false;

  constructor({ path, busyMillis, purpose, watched = [], marks = false }: SqlitePlace) {
    this.#path = path;
    this.#busyMillis = busyMillis;
    this.#purpose = purpose;
    this.#watched = watched;
    this.#marks = marks;
  }

  #open(role: ConnectionSettings['role']): RecordsThread {
    const mayMake = this.#purpose === 'make';
    const marks = role === 'writer' && this.#marks;
    const settings = { path: this.#path, role, mayMake, busyMillis: this.#busyMillis, watched: this.#watched, marks };
    return new RecordsThread(settings);
  }

  writer(): RecordsThread {
    if (!this.#writer || this.#writer.failed) this.#writer = this.#open('writer');
    return this.#writer;
  }

  /** The one that has least to do; a further one where all have something. */
  #reader(): RecordsThread {
    for (const [i, reader] of this.#readers.entries()) if (reader.failed) this.#readers.splice(i, 1);
    const idle = this.#readers.find(({ load }) => load === 0);
    if (idle) return idle;
    if (this.#readers.length < READERS) {
      const added = this.#open('reader');
      this.#readers.push(added);
      return added;
    }
    return this.#readers.reduce((a, b) => (b.load < a.load ? b : a));
  }

  takeTurn(): Promise<() => void> {
    return this.#turn.take(this.#busyMillis);
  }

  read(statement: Statement): Promise<Tasks['run']['answer']> {
    // to make a file one thread does all
    if (this.#purpose === 'make') return this.write(statement);
    return this.#reader().ask('run', statement);
  }

  async write(statement: Statement): Promise<Tasks['run']['answer']> {
    const end = await this.takeTurn();
    try {
      const result = await this.writer().ask('run', statement);
      if (result.isMoveDue) this.moveSoon();
      return result;
    } finally {
      end();
    }
  }

  /** Moves what is new into the file, beside further writes; what fails is tried after the next. */
  moveSoon(): void {
    if (this.#isMoving) return;
    this.#isMoving = true;
    void this.#move()
      .catch(() => undefined)
      .finally(() => {
        this.#isMoving = false;
      });
  }

  async #move(): Promise<void> {
    const end = await this.takeTurn();
    const writer = this.writer();
    await writer.ask('mark', null).finally(end);
    const { rows } = await this.read({ sql: 'pragma wal_checkpoint(passive)', parameters: [] });
    const [{ busy, log, checkpointed }] = rows as [{ busy: number; log: number; checkpointed: number }];
    await writer.ask('moved', busy === 0 && log === checkpointed);
  }

  async close(): Promise<void> {
    // whoever still holds the writer is ended with it
    const end = await this.takeTurn().catch(() => () => undefined);
    const open = [...this.#readers, ...(this.#writer ? [this.#writer] : [])].filter(({ failed }) => !failed);
    await Promise.all(open.map((thread) => thread.ask('close', null).finally(() => thread.terminate())));
    end();
  }
}

class ThreadedConnection implements DatabaseConnection {
  readonly #threads: Threads;
  #writer: RecordsThread | undefined;
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
    const isMoveDue = await this.#writer!.ask('commit', null);
    this.#end();
    if (isMoveDue) this.#threads.moveSoon();
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

  constructor(place: SqlitePlace) {
    this.#threads = new Threads(place);
  }

  async init(): Promise<void> {
    // the writer makes the file that readers open
    try {
      await this.#threads.writer().ask('run', { sql: 'select 1', parameters: [] });
    } catch (error) {
      // nobody closes what was never begun, and a thread that stays would keep the process
      await this.#threads.close();
      throw error;
    }
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
