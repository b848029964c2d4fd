/** The statistics page: what it asks, what it makes of the answer, and the table that it gives away. Knows no browser. */
import { csvLine, withoutFormula } from '../../../../src/core/csv.ts';
import { call } from '../../api/client.ts';
import type { CountedBy, StatisticsRow } from '../../api/contract.ts';

export const getStatistics = (
  query: { readonly by: CountedBy; readonly from: string; readonly to?: string; readonly offset: number },
  signal?: AbortSignal,
) => call('getStatistics', { query: { ...query, to: query.to }, signal });

/** What parts are counted by, and what a row of it is called. */
export const countings: Readonly<
  Record<CountedBy, { readonly name: string; readonly row: string; readonly isTime: boolean }>
> = {
  hour: { name: 'by hour', row: 'Hour from', isTime: true },
  shift: { name: 'by shift', row: 'Shift from', isTime: true },
  day: { name: 'by day', row: 'Day', isTime: true },
  lot: { name: 'by lot', row: 'Lot', isTime: false },
  product: { name: 'by product', row: 'Product', isTime: false },
  recipe: { name: 'by recipe', row: 'Recipe', isTime: false },
};

/** How far back, in days; 0: since midnight. */
export const spans = [
  [0, 'today'],
  [1, 'the last 2 days'],
  [6, 'the last 7 days'],
  [30, 'the last 31 days'],
] as const;

/** Midnight some days ago, by the clock of this browser. */
export function since(days: number, now = new Date()): string {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - days).toISOString();
}

/** Minutes by which the clock of this browser is ahead of UTC. */
export const clockOffset = (now = new Date()): number => -now.getTimezoneOffset();

const decided = ({ ok, review, ng }: StatisticsRow): number => ok + review + ng;

/** Share of OK among the parts that were inspected; undefined where there was none. */
export const yieldOf = (row: StatisticsRow): number | undefined =>
  decided(row) === 0 ? undefined : row.ok / decided(row);

/** Least OK parts of a row, and rows before it, for its closeness to say something. */
const ENOUGH_PARTS = 20;
const ENOUGH_ROWS = 5;
/** Standard deviations of the rows before, from which a row stands out: one in 740 would by chance, were they normal. */
const FAR = 3;

/**
 * Rows, of those by time, at which the OK parts came clearly closer to the NG limit than in all rows before: light, lens or product may have
 * changed, before parts become NG. By their keys.
 */
export function drifts(rows: readonly StatisticsRow[]): Set<string> {
  const found = new Set<string>();
  const before: number[] = [];
  for (const { key, ok, closeness } of rows.toSorted((a, b) => (a.key < b.key ? -1 : 1))) {
    if (closeness === null || ok < ENOUGH_PARTS) continue;
    if (before.length >= ENOUGH_ROWS) {
      const mean = before.reduce((sum, one) => sum + one, 0) / before.length;
      const spread = Math.sqrt(before.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (before.length - 1));
      if (closeness > mean + Math.max(FAR * spread, 0.01)) {
        // what stands out is no measure for what follows
        found.add(key);
        continue;
      }
    }
    before.push(closeness);
  }
  return found;
}

const columns = ['key', 'ok', 'review', 'ng', 'notInspected', 'falseAlarms', 'missed', 'closeness'] as const;

/** RFC 4180, with a line of names. */
export function csvOf(by: CountedBy, rows: readonly StatisticsRow[], nameOf: (key: string) => string): string {
  const lines = rows.map((row) =>
    csvLine(columns.map((column) => (column === 'key' ? withoutFormula(nameOf(row.key)) : row[column]))),
  );
  return `${[[by, ...columns.slice(1)].join(','), ...lines].join('\r\n')}\r\n`;
}
