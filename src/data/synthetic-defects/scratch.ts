/** A simulated scratch or crack: a thin line that bends and tapers, darker or brighter than the surface, at times with a bright edge. */
import type { Random } from '../../core/random.ts';
import { smoothNoise1 } from '../simulate/smooth-noise.ts';
import type { Overlay, Surface } from './blend.ts';

/** Pixels from one point of the curve to the next. */
const STEP = 0.5;

/** A line that starts anywhere on the surface. */
export function scratch({ height, width, image }: Surface, random: Random): Overlay {
  const length = random.uniform(12, 0.9 * Math.max(height, width));
  const halfWidth = random.uniform(0.6, 2.2);
  const bend = random.uniform(0, 0.12);
  const roughness = random.uniform(0, 0.5);
  const depth = random.uniform(0.12, 0.5) * (random.next() < 0.7 ? -1 : 1);
  const seed = random.integer(2 ** 31);
  let x = random.uniform(0, width);
  let y = random.uniform(0, height);
  let angle = random.uniform(0, 2 * Math.PI);
  const opacity = new Float32Array(height * width);
  const reach = Math.ceil(2.2 * halfWidth);
  const samples = Math.ceil(length / STEP);
  for (let i = 0; i < samples; i++) {
    angle += STEP * bend * smoothNoise1((i * STEP) / 20, seed);
    const turn = angle + roughness * smoothNoise1((i * STEP) / 3, seed + 1);
    x += STEP * Math.cos(turn);
    y += STEP * Math.sin(turn);
    const taper = Math.min(1, 0.2 + (6 * Math.min(i, samples - i)) / samples);
    const pressure = taper * (1 + 0.4 * smoothNoise1((i * STEP) / 10, seed + 2));
    for (let py = Math.ceil(y - reach); py <= y + reach; py++) {
      for (let px = Math.ceil(x - reach); px <= x + reach; px++) {
        if (px < 0 || py < 0 || px >= width || py >= height) continue;
        const t = ((px - x) ** 2 + (py - y) ** 2) / halfWidth ** 2;
        const at = py * width + px;
        opacity[at] = Math.max(opacity[at]!, Math.min(1, pressure * Math.exp(-t)));
      }
    }
  }
  return { texture: image.map((v) => v + depth), opacity };
}
