import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { sideBySide } from './side-by-side.ts';

describe('sideBySide', () => {
  it('keeps the order of results and the number of lanes', async () => {
    let now = 0;
    let most = 0;
    const results = await sideBySide([5, 1, 3, 2, 4], 2, async (item) => {
      most = Math.max(most, ++now);
      await setTimeout(item);
      now--;
      return item * 10;
    });
    expect(results).toEqual([50, 10, 30, 20, 40]);
    expect(most).toBe(2);
  });

  it('lets what is under way end before it fails, and begins no more', async () => {
    const ended: number[] = [];
    const work = sideBySide([1, 2, 3], 2, async (item) => {
      if (item === 1) throw new Error('first');
      await setTimeout(5);
      ended.push(item);
    });
    await expect(work).rejects.toThrow('first');
    expect(ended).toEqual([2]);
  });
});
