/**
 * A connection to SQLite of which every write is in a transaction that was begun at once, and which is dropped after it found the database
 * locked. After SQLITE_BUSY, libsql 0.5.29 leaves the failed statement open: what is written afterwards is never committed, and vanishes
 * without an error when that statement is collected.
 */
import { statSync } from 'node:fs';
import Database from 'libsql';
import type { ConnectionSettings, Result, Statement } from './messages.ts';

const codeOf = (error: unknown): string => String((error as { code?: unknown }).code);

/** Which file a path names now; writing to one that was deleted or replaced would be lost. */
function fileAt(path: string): string {
  const { dev, ino } = statSync(path);
  return `${dev} ${ino}`;
}

export class SqliteConnection {
  readonly #settings: ConnectionSettings;
  #database: Database.Database | undefined;
  #file = '';
  #inTransaction = false;

  /** Opens the file, which a writer makes where it is not there. */
  constructor(settings: ConnectionSettings) {
    this.#settings = settings;
    this.#open();
  }

  #open(): Database.Database {
    const { path, role, busyMillis } = this.#settings;
    if (role === 'reader') statSync(path);
    const database = new Database(path);
    this.#database = database;
    database.pragma(`busy_timeout = ${busyMillis}`);
    if (role === 'reader') database.pragma('query_only = on');
    else {
      // a commit is on the disk before it is acknowledged, and readers do not stop the writer
      for (const setting of ['journal_mode = wal', 'synchronous = full', 'foreign_keys = on']) database.pragma(setting);
    }
    this.#file = fileAt(path);
    return database;
  }

  /** Opened anew where it was dropped, or where another file has taken the place of the one that was opened. */
  #connected(): Database.Database {
    if (this.#database && fileAt(this.#settings.path) !== this.#file) this.#drop();
    return this.#database ?? this.#open();
  }

  #drop(): void {
    this.#inTransaction = false;
    this.#database?.close();
    this.#database = undefined;
  }

  /** Undoes what was begun. SQLite ends a transaction itself when the disk is full, and refuses to end it twice. */
  #undo(): void {
    this.#inTransaction = false;
    if (this.#database?.inTransaction) this.#database.exec('rollback');
  }

  /** What failed must leave nothing behind that a later write could be lost to. */
  #afterFailure(error: unknown): void {
    if (/^SQLITE_(BUSY|LOCKED|IOERR|CANTOPEN|CORRUPT|NOTADB|READONLY)/.test(codeOf(error))) this.#drop();
    else this.#undo();
  }

  #attempt<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      this.#afterFailure(error);
      throw error;
    }
  }

  begin(): void {
    this.#attempt(() => this.#connected().exec('begin immediate'));
    this.#inTransaction = true;
  }

  commit(): void {
    this.#attempt(() => this.#database!.exec('commit'));
    this.#inTransaction = false;
  }

  rollback(): void {
    this.#undo();
  }

  /** Within a transaction that was begun, a failure leaves it to be rolled back. */
  run({ sql, parameters }: Statement): Result {
    if (this.#inTransaction) return this.#execute(this.#database!, sql, parameters);
    if (this.#settings.role === 'reader') return this.#attempt(() => this.#execute(this.#connected(), sql, parameters));
    this.begin();
    return this.#attempt(() => {
      const result = this.#execute(this.#database!, sql, parameters);
      this.#database!.exec('commit');
      this.#inTransaction = false;
      return result;
    });
  }

  #execute(database: Database.Database, sql: string, parameters: Statement['parameters']): Result {
    const statement = database.prepare(sql);
    if (statement.reader) return { rows: statement.all(...parameters) };
    const { changes } = statement.run(...parameters);
    return { rows: [], changes: BigInt(changes) };
  }

  close(): void {
    if (this.#inTransaction) this.#undo();
    this.#drop();
  }
}
