/** How near two arrays of numbers are, by the tolerance that the golden files state: |a - b| <= absolute + relative |b|. */
import { expect } from 'vitest';

interface Tolerance {
  readonly absolute?: number;
  readonly relative?: number;
}

/** Fails with the worst element when any is farther than the tolerance from the expected one. */
export function expectClose(
  got: ArrayLike<number>,
  expected: ArrayLike<number>,
  what: string,
  tolerance: Tolerance = {},
): void {
  const { absolute = 1e-5, relative = 1e-4 } = tolerance;
  expect(got.length, `${what}: length`).toBe(expected.length);
  let worst = 0;
  let at = -1;
  for (let i = 0; i < expected.length; i++) {
    const excess = Math.abs(got[i]! - expected[i]!) / (absolute + relative * Math.abs(expected[i]!));
    if (!(excess <= worst)) {
      worst = excess;
      at = i;
    }
  }
  expect(worst, `${what}: element ${at} is ${got[at]}, expected ${expected[at]}`).toBeLessThanOrEqual(1);
}
