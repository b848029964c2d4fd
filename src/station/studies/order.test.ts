import fc from 'fast-check';
import { expect, it } from 'vitest';
import { orderOf } from './order.ts';

const study = fc.record({
  seed: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
  appraiser: fc.constantFrom('otto', 'lena', 'ada'),
  trial: fc.integer({ min: 2, max: 5 }),
  parts: fc.integer({ min: 3, max: 60 }),
});

it('brings every part once in every trial, never in the order of the trial before, and not the last one first', () => {
  fc.assert(
    fc.property(study, ({ seed, appraiser, trial, parts }) => {
      const [before, order] = [trial - 1, trial].map((one) => orderOf(seed, appraiser, one, parts)) as [
        number[],
        number[],
      ];
      expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: parts }, (_, i) => i));
      expect(order).not.toEqual(before);
      expect(order[0]).not.toBe(before.at(-1));
    }),
  );
});

it('follows from seed, appraiser and trial alone, and differs between them', () => {
  const order = orderOf(7, 'otto', 2, 50);
  expect(orderOf(7, 'otto', 2, 50)).toEqual(order);
  for (const other of [orderOf(8, 'otto', 2, 50), orderOf(7, 'lena', 2, 50), orderOf(7, 'otto', 1, 50)])
    expect(other).not.toEqual(order);
});

it('puts each part as often in each place', () => {
  const counts = Array.from({ length: 4 }, () => [0, 0, 0, 0]);
  for (let seed = 0; seed < 4000; seed++)
    orderOf(seed, 'otto', 1, 4).forEach((part, place) => {
      counts[part]![place]!++;
    });
  // of 4000 draws 1000 are expected, with a deviation of 27
  for (const count of counts.flat()) expect(Math.abs(count - 1000)).toBeLessThan(140);
});
