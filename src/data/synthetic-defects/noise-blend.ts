/**
 * Regions of smooth noise filled with something else (Zavrtanik, Kristan and Skocaj 2021, "DRAEM"): another surface, noise of another
 * grain, or the same surface lit or stained otherwise. The paper takes its textures from a data set of photos; here they come from the good
 * images themselves and from formulas, so that nothing has to be fetched.
 */
import type { Random } from '../../core/random.ts';
import { fractalNoise2, smoothStep } from '../simulate/smooth-noise.ts';
import type { Overlay, Surface } from './blend.ts';

const seedOf = (random: Random): number => random.integer(2 ** 31);

type Filling = 'surface' | 'grain' | 'stain';
const fillings: readonly Filling[] = ['surface', 'grain', 'stain'];

/** A region of noise above a level, soft at its border, and what fills it; `donor` is a patch of the same size. */
export function noiseBlend({ height, width, image }: Surface, donor: Float32Array, random: Random): Overlay {
  const period = random.uniform(10, 60);
  const level = random.uniform(0.25, 0.6);
  const shape = seedOf(random);
  const filling = random.pick(fillings);
  const strength = filling === 'stain' ? 1 : random.uniform(0.3, 1);
  const softness = filling === 'stain' ? random.uniform(0.05, 0.3) : 0.05;
  const grain = { period: random.uniform(1.5, 12), seed: seedOf(random), height: random.uniform(0.1, 0.5) };
  const gain = random.uniform(0.5, 1.5);
  const lift = random.uniform(0.08, 0.35) * (random.next() < 0.5 ? -1 : 1);
  const mirrored = random.next() < 0.5;
  const texture = new Float32Array(height * width);
  const opacity = new Float32Array(height * width);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const noise = fractalNoise2(x / period, y / period, shape, 3);
      if (noise <= level) continue;
      opacity[i] = strength * smoothStep(level, level + softness, noise);
      if (filling === 'stain') texture[i] = image[i]! + lift;
      else if (filling === 'surface') {
        const from = mirrored ? height * width - 1 - i : i;
        texture[i] = (donor[from]! - 0.5) * gain + 0.5 + lift / 2;
      } else {
        texture[i] = 0.5 + lift + grain.height * fractalNoise2(x / grain.period, y / grain.period, grain.seed, 2);
      }
    }
  }
  return { texture, opacity };
}
