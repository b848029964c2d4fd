/**
 * A connection to SQLite of which every write is in a transaction that was begun at once, and which is dropped after it found the database
 * locked. After SQLITE_BUSY, libsql 0.5.29 leaves the failed statement open: what is written afterwards is never committed, and vanishes
 * without an error when that statement is collected.
 */
import { statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import Database from 'libsql';
import { FileMark } from './file-mark.ts';
import { endsInLog } from './log-end.ts';
import type { ConnectionSettings, Result, Statement } from './messages.ts';
import { isWhole } from './whole-file.ts';

/** After so many commits what is new is to be moved into the file. */
const MOVE_EVERY = 100;
/** Beyond so many pages SQLite does so itself, as part of a commit. */
const MOST_PAGES = 8000;

const codeOf = (error: unknown): string => String((error as { code?: unknown }).code);

/** A statement that failed so may be left open. */
const DOUBTFUL = /^SQLITE_(BUSY|LOCKED|FULL|IOERR|CANTOPEN|CORRUPT|NOTADB|READONLY)/;

/** Which file a path names now; writing to one that was deleted or replaced would be lost. */
function fileAt(path: string): string {
  const { dev, ino } = statSync(path);
  return `${dev} ${ino}`;
}

/** Which files SQLite keeps what is not yet in the file itself in, and which else must stay; '' for one that is not there. */
function filesBeside({ path, watched }: ConnectionSettings): string {
  return [`${path}-wal`, `${path}-shm`, ...watched]
    .map((file) => {
      const found = statSync(file, { throwIfNoEntry: false });
      return found ? `${found.dev} ${found.ino}` : '';
    })
    .join();
}

/** Opens a file that must be there, and makes none. libsql 0.5.29 pays no heed to its option `fileMustExist`, and its error has no code. */
function openExisting(path: string): Database.Database {
  const url = pathToFileURL(path);
  url.search = 'mode=rw';
  try {
    return new Database(url.href);
  } catch (cause) {
    throw Object.assign(new Error(`${path} cannot be opened`, { cause }), { code: 'SQLITE_CANTOPEN' });
  }
}

/** What is written after one of them was removed would be gone with the process, and another program would not see it. */
const besideGone = (): Error =>
  Object.assign(new Error('the file of the records was cut or written over, or one beside it removed or replaced'), {
    code: 'BESIDE_GONE',
  });

export class SqliteConnection {
  readonly #settings: ConnectionSettings;
  readonly #mark: FileMark | undefined;
  #database: Database.Database | undefined;
  #file = '';
  /** Of the writer, once it has written. */
  #beside: string | undefined;
  /** Never taken back: other connections still have the files that were removed. */
  #isBesideGone = false;
  #inTransaction = false;
  /** Whether the transaction failed in a way that the connection must not outlive. */
  #mustDrop = false;
  /** Since the last mark. */
  #commits = 0;

  /** Opens the file, which is made where it is not there if it may be. */
  constructor(settings: ConnectionSettings) {
    this.#settings = settings;
    if (settings.marks) this.#mark = new FileMark(settings.path);
    this.#open();
  }

  #open(): Database.Database {
    const { path, role, busyMillis, mayMake } = this.#settings;
    const database = mayMake ? new Database(path) : openExisting(path);
    this.#database = database;
    database.pragma(`busy_timeout = ${busyMillis}`);
    if (role === 'reader') database.pragma('query_only = on');
    else {
      // a commit is on the disk before it is acknowledged, and readers do not stop the writer
      for (const setting of ['journal_mode = wal', 'synchronous = full', 'foreign_keys = on']) database.pragma(setting);
      if (this.#mark) database.pragma(`wal_autocheckpoint = ${MOST_PAGES}`);
    }
    this.#file = fileAt(path);
    return database;
  }

  /** Opened anew where it was dropped, or where another file has taken the place of the one that was opened. */
  #connected(): Database.Database {
    if (this.#database && fileAt(this.#settings.path) !== this.#file) this.#drop();
    return this.#database ?? this.#open();
  }

  /** Whether what is written now would be found; what the removed files hold is brought into the file of the records first. */
  #requireBeside(database: Database.Database): void {
    if (!isWhole(this.#settings.path) || this.#mark?.isOwn() === false) {
      // what is written next would be the only part of the file that is there
      this.#isBesideGone = true;
      throw besideGone();
    }
    this.#beside ??= filesBeside(this.#settings);
    if (filesBeside(this.#settings) === this.#beside && !this.#isBesideGone) return;
    this.#isBesideGone = true;
    if (database.inTransaction) database.exec('rollback');
    database.pragma('wal_checkpoint(truncate)');
    throw besideGone();
  }

  #drop(): void {
    this.#inTransaction = false;
    this.#mustDrop = false;
    const database = this.#database;
    this.#database = undefined;
    if (this.#beside !== undefined && filesBeside(this.#settings) !== this.#beside) this.#isBesideGone = true;
    this.#beside = undefined;
    try {
      // closed within a transaction, libsql would hold the lock until its statements are collected
      if (database?.inTransaction) database.exec('rollback');
    } catch {
      // the file is beyond it
    }
    database?.close();
  }

  /** Undoes what was begun. SQLite ends a transaction itself when the disk is full, and refuses to end it twice. */
  #undo(): void {
    this.#inTransaction = false;
    if (this.#database?.inTransaction) this.#database.exec('rollback');
  }

  /** What failed must leave nothing behind that a later write could be lost to. */
  #afterFailure(error: unknown): void {
    if (DOUBTFUL.test(codeOf(error))) this.#drop();
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
    this.#attempt(() => {
      if (this.#isBesideGone) throw besideGone();
      const database = this.#connected();
      // a move that a full disk or a kill broke off is done again
      if (endsInLog(this.#settings.path)) database.pragma('wal_checkpoint(passive)');
      database.exec('begin immediate');
      this.#requireBeside(database);
    });
    this.#inTransaction = true;
  }

  commit(): void {
    this.#attempt(() => this.#database!.exec('commit'));
    this.#inTransaction = false;
    this.#commits++;
  }

  /** Whether it is time to move what is new into the file: `mark`, then the move by another connection, which keeps no commit waiting, then `moved`. */
  get isMoveDue(): boolean {
    if (!this.#mark || this.#isBesideGone) return false;
    try {
      return this.#commits >= MOVE_EVERY || this.#mark.isWorn;
    } catch {
      // the file is gone, which the next write tells
      return false;
    }
  }

  /** Writes the next mark. Throws where another program has the lock, which is not waited for. */
  mark(): void {
    this.#attempt(() => {
      if (this.#isBesideGone) throw besideGone();
      const database = this.#connected();
      // a copy that came since the last write must not become the station's own
      if (!this.#mark!.isOwn()) {
        this.#isBesideGone = true;
        throw besideGone();
      }
      this.#mark!.renew((mark) => {
        database.pragma('busy_timeout = 0');
        try {
          database.exec('begin immediate');
          this.#requireBeside(database);
          database.exec(`pragma user_version = ${mark}`);
          database.exec('commit');
        } finally {
          database.pragma(`busy_timeout = ${this.#settings.busyMillis}`);
        }
      });
      this.#commits = 0;
    });
  }

  /** `isWhole`: whether all was moved. */
  moved(isWhole: boolean): void {
    this.#mark!.moved(isWhole);
  }

  rollback(): void {
    if (this.#mustDrop) this.#drop();
    else this.#undo();
  }

  /** Within a transaction that was begun, a failure leaves it to be rolled back. */
  run({ sql, parameters }: Statement): Result {
    if (this.#inTransaction) return this.#within(sql, parameters);
    if (this.#settings.role === 'reader') return this.#attempt(() => this.#execute(this.#connected(), sql, parameters));
    this.begin();
    return this.#attempt(() => {
      const result = this.#execute(this.#database!, sql, parameters);
      this.#database!.exec('commit');
      this.#inTransaction = false;
      this.#commits++;
      return { ...result, isMoveDue: this.isMoveDue };
    });
  }

  #within(sql: string, parameters: Statement['parameters']): Result {
    try {
      return this.#execute(this.#database!, sql, parameters);
    } catch (error) {
      this.#mustDrop ||= DOUBTFUL.test(codeOf(error));
      throw error;
    }
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
