import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keepVisible } from './defect-change.ts';

test('keeps the sign of a change, drops what nobody could see, and counts what is left', () => {
  fc.assert(
    fc.property(fc.array(fc.float({ min: -60, max: 60, noNaN: true }), { minLength: 1 }), (changes) => {
      const kept = Float32Array.from(changes);
      const count = keepVisible(kept);
      expect(count).toBe(kept.filter((c) => c !== 0).length);
      for (const [p, change] of Float32Array.from(changes).entries()) {
        if (Math.abs(change) < 3) expect(Math.abs(kept[p]!)).toBe(0);
        else expect(kept[p]! * Math.sign(change)).toBeCloseTo(Math.abs(change) - 2, 4);
      }
    }),
  );
});
