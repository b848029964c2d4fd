import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { InTurn } from './in-turn.ts';

it('works follow each other, also after one that failed, and rest waits for all of them', async () => {
  const turns = new InTurn();
  const done: number[] = [];
  const slow = turns.run(async () => {
    await pause(20);
    done.push(1);
    throw new Error('failed');
  });
  const quick = turns.run(async () => done.push(2));
  void turns.run(async () => {
    await pause(20);
    done.push(3);
  });
  await expect(slow).rejects.toThrow('failed');
  expect(await quick).toBe(2);
  await turns.rest();
  expect(done).toEqual([1, 2, 3]);
});
