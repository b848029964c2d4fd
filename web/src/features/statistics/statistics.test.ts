import { expect, it } from 'vitest';
import type { StatisticsRow } from '../../api/contract.ts';
import { csvOf, drifts, yieldOf } from './statistics.ts';

const row = (key: string, change: Partial<StatisticsRow> = {}): StatisticsRow => ({
  key,
  ok: 100,
  review: 0,
  ng: 0,
  notInspected: 0,
  falseAlarms: 0,
  missed: 0,
  closeness: 0.3,
  ...change,
});
const hour = (n: number) => new Date(Date.UTC(2026, 0, 1, n)).toISOString();

it('finds where good parts come closer to the limit, whatever the order, and only by enough of them', () => {
  const calm = [0.3, 0.31, 0.29, 0.3, 0.31].map((closeness, i) => row(hour(i), { closeness }));
  expect(drifts(calm)).toEqual(new Set());
  const later = [row(hour(5), { closeness: 0.6 }), row(hour(6), { closeness: 0.31 }), row(hour(7), { closeness: 0.6 })];
  expect(drifts([...calm, ...later].reverse())).toEqual(new Set([hour(5), hour(7)]));
  expect(drifts([...calm, row(hour(5), { closeness: 0.9, ok: 19 })])).toEqual(new Set());
  // too few rows before, and a closeness that never moved
  expect(drifts([...calm.slice(1), row(hour(5), { closeness: 0.9 })])).toEqual(new Set());
  const same = Array.from({ length: 9 }, (_, i) => row(hour(i)));
  expect(drifts([...same, row(hour(9), { closeness: 0.305 })])).toEqual(new Set());
});

it('gives a table that no program takes for formulas', () => {
  const rows = [row('=1+1', { closeness: null }), row('A, "B"'), row('x', { closeness: -0.5 })];
  expect(csvOf('lot', rows, (key) => key)).toBe(
    'lot,ok,review,ng,notInspected,falseAlarms,missed,closeness\r\n' +
      "'=1+1,100,0,0,0,0,0,\r\n" +
      '"A, ""B""",100,0,0,0,0,0,0.3\r\n' +
      'x,100,0,0,0,0,0,-0.5\r\n',
  );
});

it('knows the yield where anything was inspected', () => {
  expect(yieldOf(row('', { ok: 3, ng: 1 }))).toBe(0.75);
  expect(yieldOf(row('', { ok: 0, notInspected: 4 }))).toBeUndefined();
});
