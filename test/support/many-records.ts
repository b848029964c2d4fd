/** Records of a line as it runs for long, written past the station: a part a second, a lot a thousand parts, and of five hundred parts one of a rare product. */
import { join } from 'node:path';
import Database from 'libsql';
import pg from 'pg';
import type { RecordsPlace } from '../../src/station/records/open-records.ts';

/** Milliseconds of the first. */
const START = Date.UTC(2026, 0, 1);

/** A whole number that looks like chance, below 1000. */
const chance = (seed: number): string => `((n * 7919 + n / 13 + ${seed}) % 1000)`;

const product = `case when n % 500 = 7 then 'rare' when n % 10 = 3 then null else 'common' end`;

const inspections = (id: string, text: (sql: string, digits: number) => string): string => `
  insert into inspections (id, result_id, part, lot, product, recipe, revision, decision, reason, score, threshold, review, millis, image_hash,
    image_stored, width, height, created_at)
  select ${id}, ${id}, 'P' || ${text('n', 7)}, 'L' || ${text('n / 1000', 4)}, ${product}, 'r' || (n * 3 / most), 1,
    case when ${chance(1)} < 30 then 'NG' when ${chance(1)} < 50 then 'REVIEW' else 'OK' end, null,
    (n % 99991) * 0.0001, 5.0, 4.0, 50.0, 'h' || n, 0, 100, 100, ${START} + n * 1000.0 from numbers`;

/** Of those for review all but the newest hundredth, and of those that are OK a few that were missed. */
const feedback = `
  insert into feedback (inspection, verdict, given_by, note, created_at)
  select id, case decision when 'OK' then 'missed' when 'NG' then 'agree' else 'false-alarm' end, 'Kim', null, created_at from inspections
  where (decision <> 'OK' and created_at < (select max(created_at) - (max(created_at) - min(created_at)) / 100 from inspections))
    or (decision = 'OK' and image_hash like '%77777')`;

const uninspected = (id: string, text: (sql: string, digits: number) => string): string => `
  insert into not_inspected (id, cause, code, message, result_id, part, lot, product, recipe, image_hash, count, millis, created_at)
  select ${id}, 'refused', 'IMAGE_CORRUPT', 'damaged', null, 'P' || ${text('n', 7)}, 'L' || ${text('n / 1000', 4)}, ${product}, 'r2', null, 1, 5.0,
    ${START} + n * 1000.0 + 1 from numbers where n % 20 = 0`;

const recipes = [0, 1, 2].flatMap((n) => [
  `insert into recipes (id, name, revision, active, bundle_hash, detector, facts, created_at) values ('r${n}', 'r${n}', 1, 0, 'h', 'flow', '{}', 0)`,
  `insert into recipe_revisions (recipe, revision, change, thresholds_from, created_at) values ('r${n}', 1, 'created', 1, 0)`,
]);

/** As the station marks what waits for a person. */
const awaiting = `
  update inspections set awaits_review = 1
  where decision <> 'OK' and not exists (select 1 from feedback where inspection = inspections.id)`;

/** Ids as the station's: by time, then by chance. */
const hex = { sqlite: "printf('%012x', ", postgres: 'lpad(to_hex(' } as const;

/** So many inspections and a twentieth as many parts that were not inspected, into records that were opened before and are empty. */
export async function fillRecords(place: RecordsPlace, count: number): Promise<void> {
  const steps = (id: string, numbers: string, text: (sql: string, digits: number) => string): string[] => [
    ...recipes,
    `${numbers} ${inspections(id, text)}`,
    feedback,
    awaiting,
    `${numbers} ${uninspected(id.replace('-7000-8000-', '-7001-8000-'), text)}`,
    'analyze',
  ];
  if ('folder' in place) {
    const numbers = `with recursive numbers(n, most) as (select 0, ${count} union all select n + 1, most from numbers where n + 1 < most)`;
    const id = `substr(${hex.sqlite}${START} + n * 1000), 1, 8) || '-' || substr(${hex.sqlite}${START} + n * 1000), 9) || '-7000-8000-' || printf('%012x', n)`;
    const db = new Database(join(place.folder, 'records.sqlite'));
    // a with clause stands before the insert there
    for (const step of steps(id, numbers, (sql, digits) => `printf('%0${digits}d', ${sql})`)) db.exec(step);
    db.close();
    return;
  }
  const client = new pg.Client({ connectionString: place.url });
  await client.connect();
  const numbers = `with numbers as (select n, ${count} as most from generate_series(0, ${count - 1}) as n)`;
  const time = `lpad(to_hex(${START} + n * 1000::bigint), 12, '0')`;
  const id = `substr(${time}, 1, 8) || '-' || substr(${time}, 9) || '-7000-8000-' || lpad(to_hex(n), 12, '0')`;
  const big = numbers.replace('select n,', 'select n::bigint as n,');
  for (const step of steps(id, big, (sql, digits) => `lpad((${sql})::text, ${digits}, '0')`)) await client.query(step);
  await client.end();
}
