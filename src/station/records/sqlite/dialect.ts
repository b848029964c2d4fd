/** Kysely's dialect for SQLite, but for who runs the statements. */
import { type Driver, type SqliteDatabase, SqliteDialect } from 'kysely';
import { type SqlitePlace, SqliteThreadsDriver } from './driver.ts';

export class StationSqliteDialect extends SqliteDialect {
  readonly #place: SqlitePlace;

  constructor(place: SqlitePlace) {
    // the driver below never asks for it
    super({ database: undefined as unknown as SqliteDatabase });
    this.#place = place;
  }

  override createDriver(): Driver {
    return new SqliteThreadsDriver(this.#place);
  }
}
