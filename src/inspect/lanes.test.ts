import fc from 'fast-check';
import { expect, it } from 'vitest';
import { lanesFor } from './lanes.ts';

it('takes a few images one by one on all threads, many side by side', () => {
  expect(lanesFor(1, 2)).toEqual({ lanes: 1, threads: 2 });
  expect(lanesFor(100, 2)).toEqual({ lanes: 2, threads: 1 });
  expect(lanesFor(100, 16)).toEqual({ lanes: 4, threads: 4 });
  expect(lanesFor(100, 16, 'webgpu')).toEqual({ lanes: 1, threads: 16 });
});

it('never takes more threads than it was given, and at least one', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 256 }), (images, given) => {
      const { lanes, threads } = lanesFor(images, given);
      expect(lanes * threads).toBeLessThanOrEqual(given);
      expect(Math.min(lanes, threads)).toBeGreaterThanOrEqual(1);
    }),
  );
});
