/** What lies behind a link, out of focus: a dark plate, unevenly lit. */
import type { Random } from '../../../core/random.ts';
import { fractalNoise2 } from '../smooth-noise.ts';

/** Radiance, size x size, on the scale of the lit link. */
export function drawBackdrop(random: Random, size: number): Float32Array {
  const level = random.uniform(0.18, 0.32);
  const across = random.uniform(-0.3, 0.3);
  const down = random.uniform(-0.3, 0.3);
  const cloud = random.uniform(0.05, 0.18);
  const seed = random.integer(2 ** 31);
  const out = new Float32Array(size * size);
  for (let y = 0, p = 0; y < size; y++) {
    for (let x = 0; x < size; x++, p++) {
      const u = x / size - 0.5;
      const v = y / size - 0.5;
      out[p] = level * (1 + across * u + down * v + cloud * fractalNoise2(3 * u, 3 * v, seed, 3));
    }
  }
  return out;
}
