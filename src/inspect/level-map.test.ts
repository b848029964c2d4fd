import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tensor } from '../core/tensor.ts';
import { levelBytes, levelsOf } from './level-map.ts';

test('keeps on which side of the threshold a place lies, and how far above it to some hundredths', () => {
  const value = fc.float({ min: -5, max: 100, noNaN: true });
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 1 }),
      fc.float({ min: 0.125, max: 10, noNaN: true }),
      (values, threshold) => {
        const map = tensor([1, 1, 1, values.length], values);
        const kept = levelsOf(levelBytes(map, threshold));
        for (const [i, v] of map.data.entries()) {
          expect(kept[i]! >= 1).toBe(v / threshold >= 1);
          const times = Math.min(16, Math.max(0, v / threshold));
          expect(Math.abs(kept[i]! - times)).toBeLessThanOrEqual(times < 1 ? 1 / 128 : 0.02 * times);
        }
      },
    ),
  );
});
