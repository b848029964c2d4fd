import fc from 'fast-check';
import { expect, test } from 'vitest';
import { smoothNoise3 } from './smooth-noise.ts';

const place = fc.double({ min: -50, max: 50, noNaN: true });

test('noise of three variables lies in [-1, 1), is continuous, and its gradient is that of finite differences', () => {
  const gradient = new Float64Array(3);
  const unused = new Float64Array(3);
  fc.assert(
    fc.property(place, place, place, fc.integer(), (x, y, z, seed) => {
      const value = smoothNoise3(x, y, z, seed, gradient);
      expect(value).toBeGreaterThanOrEqual(-1);
      expect(value).toBeLessThan(1);
      const e = 1e-5;
      const at = (dx: number, dy: number, dz: number) => smoothNoise3(x + dx, y + dy, z + dz, seed, unused);
      const differences = [at(e, 0, 0) - at(-e, 0, 0), at(0, e, 0) - at(0, -e, 0), at(0, 0, e) - at(0, 0, -e)];
      for (const [i, difference] of differences.entries()) expect(difference / (2 * e)).toBeCloseTo(gradient[i]!, 3);
    }),
  );
});
