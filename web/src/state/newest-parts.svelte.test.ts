import { describe, expect, it } from 'vitest';
import { missedPart, okPart } from '../../../test/support/part-records.ts';
import type { Inspection, NotInspected } from '../api/contract.ts';
import { KEPT, NewestParts } from './newest-parts.svelte.ts';

const idOf = (n: number) => String(n).padStart(6, '0');
const ok = (n: number, change: Partial<Inspection> = {}): Inspection =>
  okPart({ id: idOf(n), resultId: idOf(n), part: `P-${n}`, ...change });
const missed = (n: number): NotInspected => missedPart({ id: idOf(n) });
const numbers = ({ list }: NewestParts) => list.map(({ id }) => Number(id));

describe('the newest parts', () => {
  it('stand newest first, in whatever order they come, and no more than are kept', () => {
    const parts = new NewestParts();
    for (const n of [2, 1, 4, 3]) parts.take(ok(n));
    expect(numbers(parts)).toEqual([4, 3, 2, 1]);
    for (let n = 5; n <= KEPT + 10; n++) parts.take(ok(n));
    expect(parts.list).toHaveLength(KEPT);
    expect(numbers(parts)[0]).toBe(KEPT + 10);
    expect(parts.has(idOf(1))).toBe(false);
  });

  it('take a changed record in place of the former', () => {
    const parts = new NewestParts();
    for (const n of [1, 2, 3]) parts.take(ok(n));
    parts.take(ok(2, { part: 'renamed' }));
    expect(parts.list.map(({ part }) => part)).toEqual(['P-3', 'renamed', 'P-1']);
  });

  it('keep what was heard while the station was asked, and drop what it has no more', () => {
    const parts = new NewestParts();
    for (const n of [1, 2]) parts.take(ok(n));
    parts.take(missed(5));
    parts.replace([ok(4), ok(3), ok(2)]);
    expect(numbers(parts)).toEqual([5, 4, 3, 2]);
    parts.replace([]);
    expect(numbers(parts)).toEqual([5, 4, 3, 2]);
  });

  it('know of which the station has a picture at hand: fifty that were decided, those that were not left out', () => {
    const parts = new NewestParts();
    for (let n = 1; n <= 60; n++) parts.take(n % 10 === 0 ? missed(n) : ok(n));
    const atHand = parts.list.filter((record) => record.decision !== 'NOT_INSPECTED' && parts.hasAtHand(record));
    expect(atHand).toHaveLength(50);
    expect(atHand.at(-1)!.id).toBe(idOf(5));
    expect(parts.hasAtHand(ok(4))).toBe(false);
    expect(parts.hasAtHand(ok(99))).toBe(false);
  });
});
