import { describe, expect, it } from 'vitest';
import { goOnAfter, newId } from './ids.ts';

describe('newId', () => {
  it('goes on above an id of a clock that was ahead', () => {
    const ahead = newId(Date.now() + 1000 * 3600 * 24);
    goOnAfter('not an id');
    goOnAfter(`${ahead.slice(0, 15)}fff${ahead.slice(18)}`);
    const next = newId();
    expect(next > `${ahead.slice(0, 15)}fff${ahead.slice(18)}`).toBe(true);
    expect(newId() > next).toBe(true);
  });

  it('rises strictly, also many within a millisecond and when the clock goes back', () => {
    const now = Date.now();
    const ids = Array.from({ length: 10_000 }, (_, i) => newId(now - (i % 7)));
    expect(new Set(ids).size).toBe(ids.length);
    expect([...ids].sort()).toEqual(ids);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
