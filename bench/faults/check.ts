/** What was promised against what is on record, read by a connection of this process, which is not the station's. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import type { Promised } from './clients.ts';
import type { Postgres } from './postgres.ts';

const query = 'select id, result_id, decision, score, image_hash from inspections';

interface Row {
  readonly id: string;
  readonly result_id: string;
  readonly decision: string;
  readonly score: number;
  readonly image_hash: string;
}

async function recorded(data: string, postgres: Postgres | undefined): Promise<Row[]> {
  if (postgres) return postgres.with(async (client) => (await client.query<Row>(query)).rows);
  const database = new Database(join(data, 'records.sqlite'));
  database.pragma('busy_timeout = 10000');
  try {
    return database.prepare(query).all() as Row[];
  } finally {
    database.close();
  }
}

export interface Found {
  readonly acknowledged: number;
  readonly lost: number;
  readonly doubled: number;
  /** On record with another decision, score or image than was answered, or under two ids. */
  readonly altered: number;
}

export async function check(promises: string, data: string, postgres: Postgres | undefined): Promise<Found> {
  const promised = readFileSync(promises, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Promised);
  const rows = await recorded(data, postgres);
  const byResult = new Map<string, Row[]>();
  for (const row of rows) byResult.set(row.result_id, [...(byResult.get(row.result_id) ?? []), row]);
  let lost = 0;
  let altered = 0;
  for (const { id, resultId, decision, score, imageHash } of promised) {
    const [row] = byResult.get(resultId) ?? [];
    if (!row) lost++;
    else if (row.id !== id || row.decision !== decision || row.score !== score || row.image_hash !== imageHash)
      altered++;
  }
  const doubled = [...byResult.values()].filter(({ length }) => length > 1).length;
  return { acknowledged: new Set(promised.map(({ resultId }) => resultId)).size, lost, doubled, altered };
}
