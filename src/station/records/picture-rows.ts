/** Which inspections have their pictures kept, as queries that both databases understand. */
import type { Kysely, Transaction } from 'kysely';
import { tooOld } from './old-rows.ts';
import type { KeptPictures, TooOld } from './records.ts';
import type { Tables } from './tables.ts';

export async function findKept(db: Kysely<Tables>, old: TooOld | null, limit: number): Promise<KeptPictures[]> {
  const rows = await db
    .selectFrom('inspections')
    .select(['id', 'imageHash', 'createdAt'])
    .where('imageStored', '=', 1)
    .where(await tooOld(db, 'inspections', old))
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ ...row, createdAt: new Date(row.createdAt).toISOString() }));
}

export async function isKeptFor(db: Kysely<Tables>, hash: string, except: readonly string[]): Promise<boolean> {
  const other = await db
    .selectFrom('inspections')
    .select('id')
    .where('imageHash', '=', hash)
    .where('imageStored', '=', 1)
    .where('id', 'not in', [...except])
    .limit(1)
    .executeTakeFirst();
  return other !== undefined;
}

export async function markGone(db: Transaction<Tables>, ids: readonly string[]): Promise<void> {
  await db
    .updateTable('inspections')
    .set({ imageStored: 0 })
    .where('id', 'in', [...ids])
    .execute();
}
