/** Kysely's dialect for SQLite, but for who runs the statements. */
import { type DialectAdapter, type Driver, SqliteAdapter, type SqliteDatabase, SqliteDialect } from 'kysely';
import { type SqlitePlace, SqliteThreadsDriver } from './driver.ts';

/** SQLite changes tables within transactions too. Without this, a kill between two statements of a step would leave tables that no start can bring up to date. */
class TransactionalSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

export class StationSqliteDialect extends SqliteDialect {
  readonly #place: SqlitePlace;

  constructor(place: SqlitePlace) {
    // the driver below never asks for it
    super({ database: undefined as unknown as SqliteDatabase });
    this.#place = place;
  }

  override createAdapter(): DialectAdapter {
    return new TransactionalSqliteAdapter();
  }

  override createDriver(): Driver {
    return new SqliteThreadsDriver(this.#place);
  }
}
