/** Nobody takes all places from the others, and nobody loses any to those who are not there. */
import { describe, expect, it } from 'vitest';
import { FairShare } from './fair-share.ts';

const takeAll = (share: FairShare, name: string, now: number): number => {
  let taken = 0;
  for (share.see(name, now); taken < 100 && share.take(name); ) taken++;
  return taken;
};

describe('places', () => {
  it('are all for the one who is alone', () => {
    expect(takeAll(new FairShare(7), 'a', 0)).toBe(7);
  });

  it('are shared from the moment that another asks, also in vain', () => {
    const share = new FairShare(8);
    expect(takeAll(share, 'a', 0)).toBe(8);
    share.see('b', 1);
    for (let i = 0; i < 8; i++) share.giveBack('a');
    expect(takeAll(share, 'a', 2)).toBe(4);
    expect(takeAll(share, 'b', 3)).toBe(4);
  });

  it('leave one to everybody, however many there are', () => {
    const share = new FairShare(2);
    for (const name of ['a', 'b', 'c', 'd', 'e']) expect(takeAll(share, name, 0)).toBeGreaterThan(0);
  });

  it('come back to who is alone again', () => {
    const share = new FairShare(4);
    share.see('b', 0);
    expect(takeAll(share, 'a', 1000)).toBe(2);
    expect(takeAll(share, 'a', 20_000)).toBe(2);
  });
});
