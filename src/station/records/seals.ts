/**
 * Inspections, and parts that were not inspected, as two chains: each record has a number and a seal, the hash over it and the seal before. One
 * that is altered, put in or taken out behind the station's back is seen, but for the newest where no head was noted since.
 */
import type { Kysely } from 'kysely';
import { sha256 } from '../../core/files.ts';
import type { Acknowledged } from './acknowledged.ts';
import { noHash } from './audit-chain.ts';
import { storedText } from './stored-text.ts';
import type { Tables } from './tables.ts';
import { Turn } from './turn.ts';

/** How long a record waits for those before it, which may wait for a lock. */
const TURN_MILLIS = 5000;

/** What a seal covers, in this order: all that is never changed. */
export const sealedColumns = {
  inspections: [
    'id',
    'resultId',
    'part',
    'lot',
    'recipe',
    'revision',
    'decision',
    'reason',
    'score',
    'threshold',
    'review',
    'millis',
    'imageHash',
    'width',
    'height',
    'createdAt',
  ],
  notInspected: [
    'id',
    'cause',
    'code',
    'message',
    'resultId',
    'part',
    'lot',
    'recipe',
    'imageHash',
    'count',
    'millis',
    'createdAt',
  ],
} as const;

/** What came later: it is covered where a record has it, so that seals of before hold. */
export const laterSealed = { inspections: ['product', 'reference'], notInspected: ['product'] } as const;

/** Of those the ones that a seal is silent of where there is none: they came after others that it names. */
const silent: ReadonlySet<string> = new Set(['reference']);

export type SealedTable = keyof typeof sealedColumns;
export const sealedTables = Object.keys(sealedColumns) as SealedTable[];

/** The entry of the audit log that says which numbers went. */
const removals = { inspections: 'inspections.removed', notInspected: 'not inspected.removed' } as const;

export interface Seal {
  /** From 1, given once. */
  readonly number: number;
  readonly seal: string;
}

export interface Sealed extends Seal {
  readonly previous: string;
}

type Row<T extends SealedTable> = Readonly<Record<(typeof sealedColumns)[T][number], unknown>> &
  Readonly<Partial<Record<(typeof laterSealed)[T][number], unknown>>>;

export function sealOf<T extends SealedTable>(table: T, row: Row<T>, number: number, previous: string): string {
  const sealedValue = (column: string): unknown => {
    const value = row[column as keyof Row<T>] as unknown;
    return typeof value === 'string' ? storedText(value) : value;
  };
  const later = Object.fromEntries(
    laterSealed[table].flatMap((column) => {
      const value = sealedValue(column) ?? null;
      return value === null && silent.has(column) ? [] : [[column, value]];
    }),
  );
  const hasLater = Object.values(later).some((value) => value !== null);
  const values = [...sealedColumns[table].map(sealedValue), ...(hasLater ? [later] : [])];
  return sha256(JSON.stringify([number, previous, ...values]));
}

/** The last that was given: also where its record went. */
async function findLast(db: Kysely<Tables>, table: SealedTable): Promise<Seal> {
  const there = (await db
    .selectFrom(table)
    .select(['number', 'seal'])
    .where('number', 'is not', null)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst()) as Seal | undefined;
  const removed = await db
    .selectFrom('audit')
    .select('detail')
    .where('action', '=', removals[table])
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  const given = (removed && (JSON.parse(removed.detail) as { lastNumber?: number }).lastNumber) || 0;
  if (there && there.number >= given) return there;
  return { number: given, seal: noHash };
}

/** Gives seals, one after another. */
export class Sealer {
  readonly #db: Kysely<Tables>;
  readonly #table: SealedTable;
  readonly #acknowledged: Acknowledged;
  #last: Seal | undefined;
  readonly #turn = new Turn();

  constructor(db: Kysely<Tables>, table: SealedTable, acknowledged: Acknowledged) {
    this.#acknowledged = acknowledged;
    this.#db = db;
    this.#table = table;
  }

  async last(): Promise<Seal> {
    this.#last ??= await findLast(this.#db, this.#table);
    return this.#last;
  }

  /** Adds a record by `insert`, which says whether it did. Throws RECORDS_UNAVAILABLE where those before it take too long. */
  async add<T extends SealedTable>(row: Row<T>, insert: (sealed: Sealed) => Promise<boolean>): Promise<boolean> {
    const end = await this.#turn.take(TURN_MILLIS);
    try {
      return await this.#add(row, insert);
    } finally {
      end();
    }
  }

  async #add<T extends SealedTable>(row: Row<T>, insert: (sealed: Sealed) => Promise<boolean>): Promise<boolean> {
    const { number, seal: previous } = await this.last();
    const next = { number: number + 1, previous, seal: sealOf(this.#table as T, row, number + 1, previous) };
    try {
      const added = await insert(next);
      if (added) {
        this.#last = next;
        this.#acknowledged.raise(this.#table, next.number);
      }
      return added;
    } catch (error) {
      // whether it is there is not known, and another program may have taken the number
      this.#last = undefined;
      throw error;
    }
  }
}
