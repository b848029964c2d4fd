/** Following the seals of the records, beside the numbers that the audit log says went. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { noHash } from './audit-chain.ts';
import type { NumberSet } from './number-ranges.ts';
import { laterSealed, type Sealed, type SealedTable, sealedColumns, sealOf } from './seals.ts';
import type { Tables } from './tables.ts';

/** Few enough that nobody waits for them to be hashed. */
const BATCH = 200;

export interface SealRange {
  /** The number behind which it begins. */
  readonly after: number;
  /** Most records. */
  readonly most: number;
}

export const everySeal: SealRange = { after: 0, most: Number.POSITIVE_INFINITY };

interface Follow extends SealRange {
  readonly table: SealedTable;
  readonly removed: NumberSet;
  readonly tell: (what: string) => void;
}

const thing: Readonly<Record<SealedTable, string>> = {
  inspections: 'inspection',
  notInspected: 'part that was not inspected,',
};

/** Gives the number that it came to; null at the end. */
export async function followSeals(
  db: Kysely<Tables>,
  { table, removed, tell, after, most }: Follow,
): Promise<number | null> {
  const what = thing[table];
  let last = { number: after, seal: after === 0 ? noHash : undefined };
  for (let left = most; left > 0; left -= BATCH) {
    const rows = (await db
      .selectFrom(table)
      .select([
        'number',
        'previous',
        'seal',
        ...([...sealedColumns[table], ...laterSealed[table]] as unknown as 'id'[]),
      ])
      .where('number', '>', last.number)
      .orderBy('number')
      .limit(BATCH)
      .execute()) as unknown as (Sealed & { readonly id: string })[];
    for (const row of rows) {
      const { number, seal, previous, id } = row;
      const lost = removed.firstMissing([last.number + 1, number - 1]);
      if (lost !== undefined) tell(`the ${what} of number ${lost} was deleted past the station`);
      if (seal !== sealOf(table, row as never, number, previous)) tell(`the ${what} ${id} is not what was recorded`);
      else if (number === last.number + 1 && last.seal !== undefined && last.seal !== previous)
        tell(`the ${what} ${id} does not follow on the one before it`);
      last = { number, seal };
    }
    if (rows.length < BATCH) return null;
    await nextTurn();
  }
  return last.number;
}

/** Records that have no seal at all. */
export async function tellUnsealed(
  db: Kysely<Tables>,
  table: SealedTable,
  tell: (what: string) => void,
): Promise<void> {
  const rows = await db.selectFrom(table).select('id').where('number', 'is', null).limit(10).execute();
  for (const { id } of rows) tell(`the ${thing[table]} ${id} was added past the station`);
}
