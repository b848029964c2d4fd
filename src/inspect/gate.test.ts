import { expect, it } from 'vitest';
import { Gate } from './gate.ts';

it('lets so many in at once, in order, and gives places back after a failure', async () => {
  const gate = new Gate(2);
  const begun: number[] = [];
  let inside = 0;
  let most = 0;
  const results = await Promise.allSettled(
    Array.from({ length: 7 }, (_, i) =>
      gate.pass(async () => {
        begun.push(i);
        most = Math.max(most, ++inside);
        await new Promise((resolve) => setImmediate(resolve));
        inside--;
        if (i % 3 === 0) throw new Error(`${i}`);
        return i;
      }),
    ),
  );
  expect(begun).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(most).toBe(2);
  expect(results.map((r) => r.status)).toEqual(
    [0, 1, 2, 3, 4, 5, 6].map((i) => (i % 3 === 0 ? 'rejected' : 'fulfilled')),
  );
});
