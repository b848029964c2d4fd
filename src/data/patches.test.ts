import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { patchOrigins } from './patches.ts';

describe('patchOrigins', () => {
  it('covers the axis, overlaps by the given share, and ends flush', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3000 }),
        fc.integer({ min: 16, max: 512 }),
        fc.double({ min: 0, max: 0.9, noNaN: true }),
        (length, patch, overlap) => {
          const origins = patchOrigins(length, patch, overlap);
          expect(origins[0]).toBe(0);
          if (length <= patch) {
            expect(origins).toEqual([0]);
            return;
          }
          expect(origins.at(-1)).toBe(length - patch);
          for (let i = 1; i < origins.length; i++) {
            const step = origins[i]! - origins[i - 1]!;
            expect(step).toBeGreaterThan(0);
            expect(patch - step).toBeGreaterThanOrEqual(overlap * patch - 1e-9);
          }
        },
      ),
    );
  });

  it('places half-overlapping patches as the method states', () => {
    expect(patchOrigins(512, 256)).toEqual([0, 128, 256]);
    expect(patchOrigins(600, 256)).toEqual([0, 128, 256, 344]);
    expect(patchOrigins(256, 256)).toEqual([0]);
  });

  it.each([
    [0, 256, 0.5],
    [10.5, 4, 0.5],
    [100, 0, 0.5],
    [100, 256, 1],
    [100, 256, -0.1],
    [100, 256, Number.NaN],
    [100, 1, 0.5],
  ])('refuses length %s, patch %s, overlap %s', (length, patch, overlap) => {
    expect(() => patchOrigins(length, patch, overlap)).toThrowError(
      expect.objectContaining({ code: 'OPTION_INVALID' }),
    );
  });
});
