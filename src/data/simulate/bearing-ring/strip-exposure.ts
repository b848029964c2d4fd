/**
 * How a strip is exposed: lamp and sensor as for a small image, and a focus that comes and goes as the ring wobbles.
 */
import type { Random } from '../../../core/random.ts';
import { drawExposure, expose } from '../optics.ts';
import { smoothNoise1 } from '../smooth-noise.ts';
import type { Appearance } from './appearance.ts';

export interface StripExposure {
  /** Grey value of reflectance 1 for each column, and the factor of each row. */
  readonly columns: Float32Array;
  readonly rows: Float32Array;
  /** Standard deviations of the blur where the focus is best and worst, pixels. */
  readonly sharpest: number;
  readonly softest: number;
  /** Per row, 0 where the focus is best, 1 where it is worst. */
  readonly defocus: Float32Array;
}

/** Draws the exposure of a width x height strip of a ring. */
export function drawStripExposure(random: Random, looks: Appearance, width: number, height: number): StripExposure {
  // brightness is more the station's than the ring's, or a few rings with defects would show by theirs
  const level = random.uniform(108, 148) * (looks.level / 125) ** 0.3;
  const sharpest = looks.blur * random.uniform(0.92, 1.08);
  const { columns, rows } = drawExposure(random, width, height, level, sharpest);
  const fade = random.uniform(0.02, 0.1);
  const fadeSeed = random.integer(2 ** 31);
  for (let y = 0; y < height; y++) rows[y]! *= 1 + fade * smoothNoise1(y / 500, fadeSeed);
  const softest = sharpest + random.uniform(0.1, 0.5);
  const seed = random.integer(2 ** 31);
  const defocus = Float32Array.from({ length: height }, (_, y) => 0.5 + 0.5 * smoothNoise1(y / 450, seed));
  return { columns, rows, sharpest, softest, defocus };
}

/** Grey values, before noise, of the rows from `from` on; linear in `surface`, which is overwritten. */
export function exposeStrip(surface: Float32Array, exposure: StripExposure, from = 0): Float32Array {
  const { columns, sharpest, softest, defocus } = exposure;
  const width = columns.length;
  const rows = exposure.rows.subarray(from, from + surface.length / width);
  const soft = expose(surface.slice(), { columns, rows, blur: softest });
  const sharp = expose(surface, { columns, rows, blur: sharpest });
  for (let y = 0, p = 0; y < rows.length; y++) {
    const share = defocus[from + y]!;
    for (let x = 0; x < width; x++, p++) sharp[p]! += share * (soft[p]! - sharp[p]!);
  }
  return sharp;
}
