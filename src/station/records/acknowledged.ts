/**
 * How far what a station acknowledged goes. A database that holds less is a former state of it, as of a replica that lagged behind or a backup
 * that was brought back beside the running station: what is missing is lost there, and what was written on would take its numbers again.
 */
import type pg from 'pg';
import { FelfriError } from '../../core/errors.ts';

/** What has numbers that only rise: the table, its title, and which entry of the audit log says what retention took of it. */
const rows = {
  inspections: ['inspections', 'inspections', 'inspections.removed'],
  notInspected: ['not_inspected', 'parts that were not inspected', 'not inspected.removed'],
  audit: ['audit', 'entries of the audit log', null],
} as const;
type Numbered = keyof typeof rows;

export class Acknowledged {
  readonly #last = new Map<Numbered, number>();

  /** To be called once a number is committed. */
  raise(what: Numbered, number: number): void {
    this.#last.set(what, Math.max(this.#last.get(what) ?? 0, number));
  }

  /** Throws RECORDS_UNAVAILABLE where PostgreSQL, by a new connection, has not all of it. */
  async requireIn(client: pg.ClientBase): Promise<void> {
    for (const [what, last] of this.#last) {
      const [table, title, removal] = rows[what];
      const { rows: found } = await client.query<{ last: number }>(
        `select coalesce(max(number), 0)::int as last from ${table}`,
      );
      if (found[0]!.last >= last || (removal !== null && (await removedTo(client, removal)) >= last)) continue;
      throw new FelfriError(
        'RECORDS_UNAVAILABLE',
        `the database is a former one: it has ${title} up to number ${found[0]!.last}, and ${last} were acknowledged; bring back the one that has them, or start the station again to go on without them`,
      );
    }
  }
}

async function removedTo(client: pg.ClientBase, action: string): Promise<number> {
  const { rows: found } = await client.query<{ detail: string }>(
    'select detail from audit where action = $1 order by number desc limit 1',
    [action],
  );
  return found[0] ? ((JSON.parse(found[0].detail) as { lastNumber?: number }).lastNumber ?? 0) : 0;
}
