/** The messages between the records and the threads that hold SQLite's connections. */

/** What SQLite is given for the question marks of a statement, and what its rows hold. */
type Value = string | number | bigint | null | Uint8Array;

export interface Statement {
  readonly sql: string;
  readonly parameters: readonly Value[];
}

export interface Result {
  readonly rows: unknown[];
  readonly changes?: bigint;
  /** Of a write: whether it is time to move what is new into the file. */
  readonly isMoveDue?: boolean;
}

export interface Tasks {
  /** A statement of its own, which is on the disk when it is answered, or within the transaction that was begun. */
  run: { ask: Statement; answer: Result };
  /** Takes the lock of the writer at once, so that nothing that was read is older than what is written. */
  begin: { ask: null; answer: null };
  /** Says whether it is time to move what is new into the file. */
  commit: { ask: null; answer: boolean };
  rollback: { ask: null; answer: null };
  /** Before what is new is moved into the file, and after, with whether all of it was. */
  mark: { ask: null; answer: null };
  moved: { ask: boolean; answer: null };
  close: { ask: null; answer: null };
}

export interface ConnectionSettings {
  readonly path: string;
  /** A reader writes nothing and waits for no writer. */
  readonly role: 'reader' | 'writer';
  /** Whether the file is made where it is not there: a new one in the place of one that is gone would take what was not yet moved into that. */
  readonly mayMake: boolean;
  /** Files that must stay what they are while it writes, beside those of SQLite's own. */
  readonly watched: readonly string[];
  /** Whether it marks the file as its own, and writes into no other; of all connections to a file one may. */
  readonly marks: boolean;
  /** How long a lock that another program holds is waited for. */
  readonly busyMillis: number;
}
