/**
 * Inspections recorded a second: one after another, and eight at a time, as many as come in some seconds.
 *
 *     tsx bench/inserts.ts [--seconds 5] [--folder DIR] [--postgres postgres://...]
 *
 * The folder is of the disk that is measured: SQLite waits for it at each record. The PostgreSQL database must be empty.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openRecords, type RecordsPlace } from '../src/station/records/open-records.ts';
import { newInspection, newRecipe } from '../test/support/records.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    folder: { type: 'string', default: tmpdir() },
    postgres: { type: 'string' },
  },
});
const seconds = Number(values.seconds);

async function measure(kind: string, place: RecordsPlace): Promise<void> {
  const records = await openRecords(place);
  const { id } = await records.addRecipe(newRecipe(), { by: null, at: new Date() });
  for (const lanes of [1, 8]) {
    let count = 0;
    const begin = performance.now();
    const until = begin + seconds * 1000;
    const lane = async (): Promise<void> => {
      for (; performance.now() < until; count++) await records.addInspection(newInspection(id));
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    const rate = (count * 1000) / (performance.now() - begin);
    console.log(`${kind}, ${lanes === 1 ? 'one after another' : `${lanes} at a time`}: ${rate.toFixed(0)} a second`);
  }
  await records.close();
}

const folder = await mkdtemp(join(resolve(values.folder), 'felfri-inserts-'));
try {
  await measure('SQLite', { folder });
  if (values.postgres) await measure('PostgreSQL', { url: values.postgres });
} finally {
  await rm(folder, { recursive: true });
}
