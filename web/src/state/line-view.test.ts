/** Every state of the large view, with a clock that the test moves. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { missedPart, okPart } from '../../../test/support/part-records.ts';
import type { Inspection, NotInspected, PartRecord } from '../api/contract.ts';
import { texts } from '../lib/operator-texts.ts';
import { ageText, type Heard, lineView } from './line-view.ts';

/** The station's clock is an hour ahead of anything the page knows. */
const STATION = Date.parse('2026-03-01T09:00:00Z');
const at = (millis: number) => new Date(STATION + millis).toISOString();

const ok = (createdAt: string): Inspection => okPart({ createdAt });
const missed = (createdAt: string): NotInspected => missedPart({ part: 'P-2', createdAt });

/** Heard at 100 000 ms of the page's clock, long after it was opened. */
const heard = (change: Partial<Heard> = {}): Heard => ({
  since: 0,
  alive: 100_000,
  lastAlive: 100_000,
  complete: true,
  stationTime: STATION,
  underWay: 0,
  newest: ok(at(-2000)),
  hasRecipe: true,
  showSeconds: 30,
  ...change,
});
const kindAt = (now: number, change: Partial<Heard> = {}) => lineView(heard(change), now).kind;

describe('the large view', () => {
  it('shows the newest part with its age by the station’s clock', () => {
    expect(lineView(heard(), 100_000)).toEqual({ kind: 'part', record: ok(at(-2000)), age: 2 });
    expect(lineView(heard(), 101_500)).toMatchObject({ kind: 'part', age: 3.5 });
    // a record that is younger than the last heartbeat
    expect(lineView(heard({ newest: ok(at(400)) }), 100_000)).toMatchObject({ kind: 'part', age: 0 });
  });

  it('turns grey five seconds after the last sign of life, and not before', () => {
    expect(kindAt(105_000)).toBe('part');
    expect(lineView(heard(), 105_001)).toEqual({ kind: 'silent', seconds: 5 });
    expect(lineView(heard(), 187_000)).toEqual({ kind: 'silent', seconds: 87 });
  });

  it('turns grey at once when the connection ends, and until what was missed is here', () => {
    // and says how long ago it was heard of, not how long the page is open
    expect(lineView(heard({ alive: undefined }), 102_500)).toEqual({ kind: 'silent', seconds: 2 });
    expect(lineView(heard({ alive: undefined, lastAlive: undefined }), 102_500)).toEqual({
      kind: 'silent',
      seconds: 102,
    });
    expect(kindAt(100_001, { complete: false })).toBe('silent');
  });

  it('gives a page that was just opened five seconds', () => {
    expect(kindAt(3000, { since: 0, alive: undefined, complete: false })).toBe('connecting');
    expect(kindAt(5001, { since: 0, alive: undefined, complete: false })).toBe('silent');
    expect(kindAt(3000, { since: 0, alive: 2500, complete: false })).toBe('connecting');
  });

  it('takes the decision back after the time that it is shown for', () => {
    expect(kindAt(100_000, { newest: ok(at(-29_999)) })).toBe('part');
    expect(lineView(heard({ newest: ok(at(-30_000)) }), 100_000)).toMatchObject({
      kind: 'waiting',
      busy: false,
      age: 30,
    });
    expect(kindAt(100_000, { newest: ok(at(-6000)), showSeconds: 5 })).toBe('waiting');
  });

  it('takes it back too while the next part is in for longer than a moment', () => {
    expect(kindAt(100_000, { underWay: 1 })).toBe('part');
    expect(lineView(heard({ underWay: 1, newest: ok(at(-3000)) }), 100_000)).toMatchObject({
      kind: 'waiting',
      busy: true,
    });
  });

  it('shows a part that was not inspected like any other, also without a recipe', () => {
    const record = missed(at(-1000));
    expect(lineView(heard({ newest: record, hasRecipe: false }), 100_000)).toEqual({ kind: 'part', record, age: 1 });
  });

  it('says that there is no recipe, or no part yet', () => {
    expect(kindAt(100_000, { newest: undefined, hasRecipe: false })).toBe('no-recipe');
    expect(kindAt(100_000, { newest: ok(at(-60_000)), hasRecipe: false })).toBe('no-recipe');
    expect(kindAt(100_000, { newest: undefined })).toBe('first');
  });

  it('never shows a decision that is old, unheard, or of a part before one that is in', () => {
    const times = fc.record({
      age: fc.integer({ min: -1000, max: 100_000 }),
      silence: fc.integer({ min: 0, max: 20_000 }),
      alive: fc.boolean(),
      complete: fc.boolean(),
      underWay: fc.integer({ min: 0, max: 3 }),
      hasRecipe: fc.boolean(),
      isDecided: fc.boolean(),
    });
    fc.assert(
      fc.property(times, ({ age, silence, alive, complete, underWay, hasRecipe, isDecided }) => {
        const newest: PartRecord = (isDecided ? ok : missed)(at(-age));
        const change = { newest, complete, underWay, hasRecipe, ...(alive ? {} : { alive: undefined }) };
        const view = lineView(heard(change), 100_000 + silence);
        if (view.kind !== 'part') return;
        expect(view.record).toBe(newest);
        expect(alive && complete && silence <= 5000).toBe(true);
        const real = Math.max(0, age + silence);
        expect(real).toBeLessThan(30_000);
        if (underWay > 0) expect(real).toBeLessThan(3000);
      }),
    );
  });
});

it.each([
  [0, 'just now'],
  [0.99, 'just now'],
  [1, '1 s ago'],
  [99.9, '99 s ago'],
  [100, '1 min ago'],
  [5999, '99 min ago'],
  [6000, '1 h ago'],
])('%s s are %s', (seconds, text) => expect(ageText(seconds, texts.en)).toBe(text));
