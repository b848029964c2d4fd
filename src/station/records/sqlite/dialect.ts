/** Kysely's dialect for SQLite, but for who runs the statements. */
import { type Driver, type SqliteDatabase, SqliteDialect } from 'kysely';
import { SqliteThreadsDriver } from './driver.ts';

export class StationSqliteDialect extends SqliteDialect {
  readonly #path: string;
  readonly #busyMillis: number;

  /** `busyMillis` is how long a lock that another program holds is waited for before RECORDS_UNAVAILABLE. */
  constructor(path: string, busyMillis: number) {
    // the driver below never asks for it
    super({ database: undefined as unknown as SqliteDatabase });
    this.#path = path;
    this.#busyMillis = busyMillis;
  }

  override createDriver(): Driver {
    return new SqliteThreadsDriver(this.#path, this.#busyMillis);
  }
}
