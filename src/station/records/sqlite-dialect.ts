/** Kysely's dialect for SQLite, with one difference: what failed is told, not that nothing was left to roll back. */
import { type DatabaseConnection, type Driver, type SqliteDatabase, SqliteDialect, SqliteDriver } from 'kysely';
import type Database from 'libsql';

/** SQLite ends a transaction itself when the disk is full, and then refuses `rollback` with an error that would hide the first. */
class ForgivingDriver extends SqliteDriver {
  readonly #database: Database.Database;

  constructor(database: Database.Database) {
    super({ database: database as unknown as SqliteDatabase });
    this.#database = database;
  }

  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#database.inTransaction) await super.rollbackTransaction(connection);
  }
}

export class StationSqliteDialect extends SqliteDialect {
  readonly #database: Database.Database;

  constructor(database: Database.Database) {
    super({ database: database as unknown as SqliteDatabase });
    this.#database = database;
  }

  override createDriver(): Driver {
    return new ForgivingDriver(this.#database);
  }
}
