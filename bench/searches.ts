/**
 * Every search that the station's page can make, over many records, in SQLite and PostgreSQL: how long it takes, and by `--explain` how the
 * database goes about it.
 *
 *     tsx bench/searches.ts [--records 1000000] [--postgres postgres://...] [--folder DIR] [--explain]
 *
 * Without --folder the SQLite file is made anew in a temporary one and removed. The PostgreSQL database must be empty, or filled by this before.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { InspectionQuery } from '../src/station/contract/inspections.ts';
import { openRecords, type RecordsPlace } from '../src/station/records/open-records.ts';
import type { Records } from '../src/station/records/records.ts';
import { fillRecords } from '../test/support/many-records.ts';

const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '1000000' },
    postgres: { type: 'string' },
    folder: { type: 'string' },
  },
});
const count = Number(values.records);

/** A time at which so much of all records had been made. */
const at = (share: number): string => new Date(Date.UTC(2026, 0, 1) + share * count * 1000).toISOString();

export const searches: Record<string, InspectionQuery> = {
  newest: {},
  'next page': { before: '019b0000-0000-7000-8000-000000000000' },
  OK: { decision: 'OK' },
  NG: { decision: 'NG' },
  'not inspected': { decision: 'NOT_INSPECTED' },
  part: { part: 'P0000777' },
  'part, none': { part: 'zzz' },
  'part*, many': { part: 'P*' },
  'part*, few': { part: 'P00007*' },
  'part*, none': { part: 'zzz*' },
  lot: { lot: 'L0123' },
  'lot*, many': { lot: 'L*' },
  'lot*, few': { lot: 'L012*' },
  'lot*, none': { lot: 'zzz*' },
  'recipe, of old': { recipe: 'r0' },
  'from, to: an hour of old': { from: at(0.2), to: new Date(Date.parse(at(0.2)) + 3_600_000).toISOString() },
  'from, to: half of all': { from: at(0.2), to: at(0.7) },
  'from: none yet': { from: at(2) },
  'to: before all': { to: at(-1) },
  'score from, many': { minScore: 1 },
  'score from, few': { minScore: 9.9995 },
  'score from, none': { minScore: 1000 },
  'score to, none': { maxScore: -1 },
  'score from and to, few': { minScore: 5, maxScore: 5.0005 },
  'reviewed: any': { feedback: 'any' },
  'reviewed: none': { feedback: 'none' },
  'reviewed: missed': { feedback: 'missed' },
  'NG of an hour of old': {
    decision: 'NG',
    from: at(0.2),
    to: new Date(Date.parse(at(0.2)) + 3_600_000).toISOString(),
  },
  'NG, score none': { decision: 'NG', minScore: 1000 },
  'OK, score none': { decision: 'OK', minScore: 1000 },
  'OK, missed': { decision: 'OK', feedback: 'missed' },
  'NG, not reviewed, of old': { decision: 'NG', feedback: 'none', to: at(0.01) },
  'lot*, NG, of old': { lot: 'L01*', decision: 'NG' },
  'part*, few, NG, score none': { part: 'P00007*', decision: 'NG', minScore: 1000 },
  'lot, from none': { lot: 'L0123', from: at(2) },
};

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

async function measure(records: Records): Promise<Map<string, number>> {
  const tasks: [string, () => Promise<unknown>][] = [
    ...Object.entries(searches).map(
      ([name, query]) => [name, () => records.partRecords({ limit: 50, ...query })] as [string, () => Promise<unknown>],
    ),
    ['review queue', () => records.reviewQueue(50)],
    ['judged of a recipe', () => records.judgedInspections('r2', 500)],
    ['count', () => records.countInspections()],
    ['by resultId', () => records.inspectionOfResult('none')],
  ];
  const found = new Map<string, number>();
  for (const [name, task] of tasks) {
    const times: number[] = [];
    for (let i = 0; i < 3; i++) times.push(await timed(task));
    found.set(name, times.sort((a, b) => a - b)[1]!);
  }
  return found;
}

async function run(place: RecordsPlace): Promise<Map<string, number>> {
  const records = await openRecords(place);
  try {
    if ((await records.countInspections()) === 0) {
      const millis = await timed(() => fillRecords(place, count));
      console.log(`${count} records made in ${(millis / 1000).toFixed(0)} s`);
    }
    return await measure(records);
  } finally {
    await records.close();
  }
}

const folder = values.folder ?? (await mkdtemp(join(tmpdir(), 'felfri-searches-')));
await mkdir(folder, { recursive: true });
try {
  const sqlite = await run({ folder });
  const postgres = values.postgres === undefined ? undefined : await run({ url: values.postgres });
  console.log(`| search of ${count} records | SQLite, ms | PostgreSQL, ms |\n| --- | --- | --- |`);
  for (const [name, millis] of sqlite)
    console.log(`| ${name} | ${millis.toFixed(1)} | ${postgres?.get(name)?.toFixed(1) ?? ''} |`);
} finally {
  if (values.folder === undefined) await rm(folder, { recursive: true, force: true });
}
