/** Records of before there were seals get theirs, in the order of their ids. */
import type { Kysely } from 'kysely';
import { noHash } from './audit-chain.ts';
import { type SealedTable, sealedColumns, sealedTables, sealOf } from './seals.ts';
import type { Tables } from './tables.ts';

const BATCH = 500;

async function sealAll(db: Kysely<Tables>, table: SealedTable): Promise<void> {
  let [number, previous, after] = [0, noHash, ''];
  for (;;) {
    const rows = await db
      .selectFrom(table)
      .select([...sealedColumns[table]] as 'id'[])
      .where('id', '>', after)
      .orderBy('id')
      .limit(BATCH)
      .execute();
    for (const row of rows) {
      number++;
      const seal = sealOf(table, row as never, number, previous);
      await db.updateTable(table).set({ number, previous, seal }).where('id', '=', row.id).execute();
      previous = seal;
    }
    if (rows.length < BATCH) return;
    after = rows.at(-1)!.id;
  }
}

export async function addSeals(db: Kysely<never>): Promise<void> {
  for (const table of ['inspections', 'not_inspected']) {
    await db.schema.alterTable(table).addColumn('number', 'integer').execute();
    await db.schema.alterTable(table).addColumn('previous', 'text').execute();
    await db.schema.alterTable(table).addColumn('seal', 'text').execute();
  }
  // of those that are open no entry of the audit log knows
  await (db as unknown as Kysely<Tables>).deleteFrom('sessions').execute();
  for (const table of sealedTables) await sealAll(db as unknown as Kysely<Tables>, table);
  for (const table of ['inspections', 'not_inspected'])
    await db.schema.createIndex(`${table}_number`).unique().on(table).column('number').execute();
}
