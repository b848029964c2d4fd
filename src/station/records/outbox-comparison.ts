/**
 * Parts of the outbox beside their records, whose seals they must bear out: one that was altered there, or put there, past the station never
 * goes out. A part that says OK in the outbox is OK on record.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { OutgoingPart } from './outbox.ts';
import { type Sealed, type SealedTable, sealOf } from './seals.ts';
import type { Tables } from './tables.ts';

/** Few enough that nobody waits for them to be hashed. */
const BATCH = 200;
/** Of each output the newest are compared: a part goes out, or is read by whoever missed it, only after it was compared again. */
const MOST = 20_000;

/** Of the outbox, as the database has it. */
interface OutboxText {
  readonly sequence: number;
  readonly record: string;
}

type Standing = 'as recorded' | 'altered' | 'no record';

/** What a text tells, where it may be anything; undefined where it is no record. */
function partOf({ sequence, record }: OutboxText): OutgoingPart | undefined {
  try {
    const parsed = JSON.parse(record) as OutgoingPart['record'] | null;
    return typeof parsed?.id === 'string' ? { sequence, record: parsed } : undefined;
  } catch {
    return undefined;
  }
}

const tableOf = ({ record }: OutgoingPart): SealedTable =>
  record.decision === 'NOT_INSPECTED' ? 'notInspected' : 'inspections';

function standingOf(part: OutgoingPart, sealed: Sealed | undefined): Standing {
  if (!sealed) return 'no record';
  const row = { ...part.record, createdAt: Date.parse(part.record.createdAt) };
  const seal = sealOf(tableOf(part), row as never, sealed.number, sealed.previous);
  return seal === sealed.seal ? 'as recorded' : 'altered';
}

async function sealsOf(db: Kysely<Tables>, parts: readonly OutgoingPart[]): Promise<Map<string, Sealed>> {
  const found = new Map<string, Sealed>();
  for (const table of ['inspections', 'notInspected'] as const) {
    const ids = parts.filter((part) => tableOf(part) === table).map(({ record }) => record.id);
    if (ids.length === 0) continue;
    const rows = await db
      .selectFrom(table)
      .select(['id', 'number', 'previous', 'seal'])
      .where('id', 'in', ids)
      .execute();
    for (const { id, ...sealed } of rows) found.set(`${table} ${id}`, sealed as Sealed);
  }
  return found;
}

/** Each text with the part that it is, where it is one, and how that stands to its record. */
async function compared<T extends OutboxText>(db: Kysely<Tables>, texts: readonly T[]) {
  const all = texts.map((text) => ({ text, part: partOf(text) }));
  const seals = await sealsOf(
    db,
    all.flatMap(({ part }) => part ?? []),
  );
  return all.map(({ text, part }) => ({
    text,
    part,
    standing: part ? standingOf(part, seals.get(`${tableOf(part)} ${part.record.id}`)) : ('altered' as const),
  }));
}

/** The parts that their records bear out, and the numbers of the others: they were altered, or their records are gone. */
export async function sortedOut(
  db: Kysely<Tables>,
  texts: readonly OutboxText[],
): Promise<{ parts: OutgoingPart[]; unfit: number[] }> {
  const parts: OutgoingPart[] = [];
  const unfit: number[] = [];
  for (const { text, part, standing } of await compared(db, texts))
    if (part && standing === 'as recorded') parts.push(part);
    else unfit.push(text.sequence);
  return { parts, unfit };
}

/** Tells of parts in the outbox that are other than their records. One whose record was removed for its age is none. */
export async function compareOutbox(db: Kysely<Tables>, tell: (what: string) => void): Promise<void> {
  const outputs = await db
    .selectFrom('outbox')
    .select((eb) => ['output', eb.fn.max('sequence').as('last')])
    .groupBy('output')
    .execute();
  for (const { output, last } of outputs) {
    for (let after = Number(last) - MOST; ; ) {
      const rows = await db
        .selectFrom('outbox')
        .select(['sequence', 'record'])
        .where('output', '=', output)
        .where('sequence', '>', after)
        .orderBy('sequence')
        .limit(BATCH)
        .execute();
      for (const { text, standing } of await compared(db, rows))
        if (standing === 'altered')
          tell(`the part of number ${text.sequence} for the output ${output} is not what was recorded`);
      if (rows.length < BATCH) break;
      after = rows.at(-1)!.sequence;
      await nextTurn();
    }
  }
}
