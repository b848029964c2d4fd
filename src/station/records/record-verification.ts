/** Whether the records are what the station did: what was changed in the database past it is told. */
import type { Kysely } from 'kysely';
import { FelfriError } from '../../core/errors.ts';
import { ToldState } from '../audit/told-state.ts';
import { noHash } from './audit-chain.ts';
import { findAuditState, followAudit } from './audit-verification.ts';
import { compareOutbox } from './outbox-comparison.ts';
import type { AuditState, NotedHead } from './records.ts';
import { everySeal, followSeals, type SealRange, tellUnsealed } from './seal-verification.ts';
import { sealedTables } from './seals.ts';
import { compareState } from './state-comparison.ts';
import type { Tables } from './tables.ts';

/** Comparisons of a database that changes meanwhile, until one is between two changes. */
const TRIES = 20;
const SHOWN = 5;

class Told {
  readonly state = new ToldState();
  #to: AuditState = { entries: 0, head: noHash };

  /** Takes what was added since. */
  async goOn(db: Kysely<Tables>): Promise<void> {
    for await (const { number, hash, action, subject, madeBy, detail } of followAudit(db, this.#to)) {
      this.state.take(action, { subject, by: madeBy, detail: JSON.parse(detail) as never });
      this.#to = { entries: number, head: hash };
    }
  }

  async isUpToDate(db: Kysely<Tables>): Promise<boolean> {
    return (await findAuditState(db)).entries === this.#to.entries;
  }
}

async function differencesOf(
  db: Kysely<Tables>,
  look: (told: ToldState, tell: (what: string) => void) => Promise<void>,
): Promise<string[]> {
  const told = new Told();
  for (let i = 0; i < TRIES; i++) {
    await told.goOn(db);
    const found: string[] = [];
    await look(told.state, (what) => void found.push(what));
    if (found.length === 0 || (await told.isUpToDate(db))) return found;
  }
  return [];
}

function refuse(found: readonly string[]): never {
  const more = found.length > SHOWN ? `, and ${found.length - SHOWN} more such` : '';
  throw new FelfriError(
    'RECORDS_ALTERED',
    `${found.slice(0, SHOWN).join('; ')}${more}. Someone changed the database past the station, or it is damaged; compare with a backup`,
    { subject: 'records' },
  );
}

/** Gives where the seals of inspections were followed to; null at their end. Throws RECORDS_ALTERED, AUDIT_BROKEN. */
export async function verifyRecords(
  db: Kysely<Tables>,
  { after, most }: SealRange,
  noted: readonly NotedHead[],
): Promise<number | null> {
  let end: number | null = null;
  const found = await differencesOf(db, async (told, tell) => {
    await compareState(db, told, tell);
    for (const table of sealedTables) {
      const removed = told.removed[table];
      const range = table === 'inspections' ? { after, most } : everySeal;
      const to = await followSeals(db, { table, removed, tell, ...range });
      if (table === 'inspections') end = to;
      await tellUnsealed(db, table, tell);
    }
    await compareOutbox(db, tell);
    await compareNoted(db, told, noted, tell);
  });
  if (found.length > 0) refuse(found);
  return end;
}

/** Numbers and seals of inspections that were noted with heads. */
async function compareNoted(
  db: Kysely<Tables>,
  { removed }: ToldState,
  noted: readonly NotedHead[],
  tell: (what: string) => void,
): Promise<void> {
  const heads = noted.flatMap(({ inspections, at }) =>
    inspections && inspections.number > 0 ? [{ ...inspections, at }] : [],
  );
  for (let i = 0; i < heads.length; i += 500) {
    const some = heads.slice(i, i + 500);
    const rows = await db
      .selectFrom('inspections')
      .select(['number', 'seal'])
      .where(
        'number',
        'in',
        some.map(({ number }) => number),
      )
      .execute();
    const there = new Map(rows.map(({ number, seal }) => [number, seal]));
    for (const { number, seal, at } of some) {
      const now = there.get(number);
      // one that went leaves a head of which nothing more is known
      if (
        now === undefined
          ? removed.inspections.firstMissing([number, number]) !== undefined
          : seal !== noHash && now !== seal
      )
        tell(
          `the inspection of number ${number} is ${now === undefined ? 'gone' : 'another one'}, which was noted at ${at ?? 'an earlier time'}`,
        );
    }
  }
}
