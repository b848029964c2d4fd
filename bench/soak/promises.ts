/** What was promised in hours, against what is on record, read by a connection of this process, line by line. */
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import Database from 'libsql';
import type { Found } from '../faults/check.ts';
import type { Promised } from '../faults/clients.ts';

interface Row {
  readonly id: string;
  readonly decision: string;
  readonly score: number;
  readonly image_hash: string;
}

export interface Kept extends Found {
  /** On record, and its answer did not come yet. */
  readonly unpromised: number;
}

/** Of images whose resultIds begin with `name`. `doubled` counts results with two records, and parts that were promised under two ids. */
export async function promisesKept(file: string, data: string, name: string): Promise<Kept> {
  const db = new Database(join(data, 'records.sqlite'), { readonly: true });
  try {
    db.pragma('busy_timeout = 10000');
    const find = db.prepare('select id, decision, score, image_hash from inspections where result_id = ?');
    const promised = new Map<string, string>();
    let [lost, doubled, altered] = [0, 0, 0];
    for await (const line of createInterface({ input: createReadStream(file) })) {
      const { id, resultId, decision, score, imageHash } = JSON.parse(line) as Promised;
      const before = promised.get(resultId);
      if (before !== undefined && before !== id) doubled++;
      if (before !== undefined) continue;
      promised.set(resultId, id);
      const rows = find.all(resultId) as Row[];
      const [row] = rows;
      if (rows.length > 1) doubled++;
      if (!row) lost++;
      else if (row.id !== id || row.decision !== decision || row.score !== score || row.image_hash !== imageHash)
        altered++;
    }
    const { n } = db.prepare('select count(*) as n from inspections where result_id like ?').get(`${name}-%`) as {
      n: number;
    };
    return { acknowledged: promised.size, lost, doubled, altered, unpromised: n - (promised.size - lost) };
  } finally {
    db.close();
  }
}
