/** Following the audit log from its first entry beside the heads of it that were noted before. */
import type { Kysely } from 'kysely';
import { FelfriError } from '../../core/errors.ts';
import { noHash, requireNext } from './audit-chain.ts';
import type { AuditState, NotedHead } from './records.ts';
import type { AuditRow, Tables } from './tables.ts';

/** Rows that are read at a time. */
const BATCH = 500;

export async function findAuditState(db: Kysely<Tables>): Promise<AuditState> {
  const last = await db
    .selectFrom('audit')
    .select(['number', 'hash'])
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  return { entries: last?.number ?? 0, head: last?.hash ?? noHash };
}

/** Every entry in order. Throws AUDIT_BROKEN at the first that does not follow on the one before it. */
export async function* followAudit(db: Kysely<Tables>, after: AuditState): AsyncGenerator<AuditRow> {
  let last = { number: after.entries, hash: after.head };
  for (;;) {
    const rows = await db
      .selectFrom('audit')
      .selectAll()
      .where('number', '>', last.number)
      .orderBy('number')
      .limit(BATCH)
      .execute();
    for (const row of rows) {
      requireNext(row, last);
      last = row;
      yield row;
    }
    if (rows.length < BATCH) return;
  }
}

/** Heads that are still to be met; `meet` throws AUDIT_BROKEN where the entry of that number has another hash. */
class Noted {
  readonly #numbered = new Map<number, NotedHead>();
  readonly #anywhere = new Set<string>();

  constructor(heads: readonly NotedHead[]) {
    for (const one of heads) {
      const { head, entries } = one;
      if (head === noHash) continue;
      if (entries === undefined) this.#anywhere.add(head);
      else {
        const other = this.#numbered.get(entries);
        if (other && other.head !== head)
          throw broken(`two heads of entry ${entries} were noted, ${whenOf(other)} and ${whenOf(one)}`);
        this.#numbered.set(entries, one);
      }
    }
  }

  meet({ number, hash }: AuditRow): void {
    this.#anywhere.delete(hash);
    const noted = this.#numbered.get(number);
    if (noted && noted.head !== hash) throw broken(`entry ${number} is another one than was noted ${whenOf(noted)}`);
    this.#numbered.delete(number);
  }

  requireAllMet(entries: number): void {
    const [cut] = [...this.#numbered.values()].sort((a, b) => b.entries! - a.entries!);
    if (cut)
      throw broken(`it has ${entries} entries, and ${cut.entries} were noted ${whenOf(cut)}: entries were cut off`);
    const [head] = this.#anywhere;
    if (head === undefined) return;
    throw broken(
      `none of the ${entries} entries has the hash ${head}: entries were cut off, or the log is another one`,
    );
  }
}

const whenOf = ({ at }: NotedHead): string => (at === undefined ? 'before' : `at ${at}`);

const broken = (what: string): FelfriError =>
  new FelfriError('AUDIT_BROKEN', `${what}; someone altered the audit log, or a backup was brought back`, {
    subject: 'head',
  });

export async function verifyAudit(db: Kysely<Tables>, heads: readonly NotedHead[]): Promise<AuditState> {
  const noted = new Noted(heads);
  let state: AuditState = { entries: 0, head: noHash };
  for await (const row of followAudit(db, state)) {
    noted.meet(row);
    state = { entries: row.number, head: row.hash };
  }
  noted.requireAllMet(state.entries);
  return state;
}
