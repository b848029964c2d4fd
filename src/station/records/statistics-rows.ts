/** Parts counted by time, or by a name, as queries that both databases understand. */
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { CountedBy, Statistics, StatisticsQuery, StatisticsRow } from '../contract/statistics.ts';
import type { Records } from './records.ts';
import type { Tables } from './tables.ts';

const HOUR = 3_600_000;

/** Most rows of an answer: six weeks by the hour. */
const MOST = 1008;

/** Where the spans of a time begin and how long they are, in milliseconds. */
interface Span {
  readonly length: number;
  readonly begin: number;
}

/** By what rows are put together: a span of time, or a column of names. */
function groupingOf({ by, offset = 0, shiftStart = 6, shiftHours = 8 }: StatisticsQuery): Span | string {
  const begin = -offset * 60_000;
  const groupings: Readonly<Record<CountedBy, Span | string>> = {
    hour: { length: HOUR, begin },
    shift: { length: shiftHours * HOUR, begin: begin + shiftStart * HOUR },
    day: { length: 24 * HOUR, begin },
    lot: 'lot',
    product: 'product',
    recipe: 'recipe',
  };
  return groupings[by];
}

/** The number of the span, or the name. */
function groupOf(grouping: Span | string, kind: Records['kind']): RawBuilder<unknown> {
  if (typeof grouping === 'string') return sql`coalesce(${sql.ref(grouping)}, '')`;
  const span = grouping;
  const number = sql`(created_at - (${sql.lit(span.begin)})) / ${sql.lit(span.length)}`;
  // SQLite may have no floor; its cast cuts off what PostgreSQL's would round
  return kind === 'sqlite' ? sql`cast(${number} as integer)` : sql`floor(${number})`;
}

interface Counted {
  readonly part: string | number;
  readonly ok: number | string;
  readonly review: number | string;
  readonly ng: number | string;
  readonly falsely: number | string;
  readonly missed: number | string;
  readonly closeness: number | null;
}

function within({ from, to }: StatisticsQuery): RawBuilder<unknown> {
  const until = to === undefined ? sql`` : sql`and created_at < ${Date.parse(to)}`;
  return sql`created_at >= ${Date.parse(from)} ${until}`;
}

const empty = { ok: 0, review: 0, ng: 0, notInspected: 0, falseAlarms: 0, missed: 0, closeness: null };

export async function countParts(
  db: Kysely<Tables>,
  kind: Records['kind'],
  query: StatisticsQuery,
): Promise<Statistics> {
  const grouping = groupingOf(query);
  const group = groupOf(grouping, kind);
  const span = typeof grouping === 'string' ? undefined : grouping;
  const order = span ? sql`desc` : sql``;
  const rows = new Map<string | number, StatisticsRow>();
  const keyOf = (part: string | number): string =>
    span ? new Date(Number(part) * span.length + span.begin).toISOString() : String(part);
  const inspected = await sql<Counted>`
    select part, sum(case when decision = 'OK' then 1 else 0 end) as ok, sum(case when decision = 'REVIEW' then 1 else 0 end) as review,
      sum(case when decision = 'NG' then 1 else 0 end) as ng, sum(case when verdict = 'false-alarm' then 1 else 0 end) as falsely,
      sum(case when verdict = 'missed' then 1 else 0 end) as missed,
      avg(case when decision = 'OK' and threshold > 0 then score / threshold end) as closeness
    from (select ${group} as part, decision, score, threshold, verdict from inspections
      left join (select inspection, verdict from feedback) as given on given.inspection = inspections.id
      where ${within(query)} and reference is null) as parts
    group by part order by part ${order} limit ${sql.lit(MOST + 1)}`.execute(db);
  for (const { part, ok, review, ng, falsely, missed, closeness } of inspected.rows)
    rows.set(keyOf(part), {
      ...empty,
      key: keyOf(part),
      ok: Number(ok),
      review: Number(review),
      ng: Number(ng),
      falseAlarms: Number(falsely),
      missed: Number(missed),
      closeness: closeness === null ? null : Number(closeness),
    });
  const others = await sql<{ part: string | number; parts: number | string }>`
    select part, sum(count) as parts from (select ${group} as part, count from not_inspected where ${within(query)}) as parts
    group by part order by part ${order} limit ${sql.lit(MOST + 1)}`.execute(db);
  for (const { part, parts } of others.rows) {
    const key = keyOf(part);
    rows.set(key, { ...(rows.get(key) ?? { ...empty, key }), notInspected: Number(parts) });
  }
  const sorted = [...rows.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  if (span) sorted.reverse();
  return { rows: sorted.slice(0, MOST), more: sorted.length > MOST };
}
