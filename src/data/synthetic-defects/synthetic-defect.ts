/** Defects put onto good surface with their exact masks, so that a U-Net can learn without labels, or from few. */
import type { Random } from '../../core/random.ts';
import { layOver, type Overlay, type Surface } from './blend.ts';
import { cutPaste } from './cut-paste.ts';
import { noiseBlend } from './noise-blend.ts';
import { scratch } from './scratch.ts';

export type { Surface } from './blend.ts';

type Maker = (surface: Surface, donor: Float32Array, random: Random) => Overlay;

const makers: readonly Maker[] = [cutPaste, noiseBlend, (surface, _, random) => scratch(surface, random)];

/** Drawn anew so often when a defect came out too faint, too small or too large. */
const TRIES = 8;

/**
 * Puts one defect, of a kind drawn at random, onto a surface in place and writes its mask (1 at changed pixels, 0 elsewhere). Where all
 * tries fail, as on a surface that shows nothing but padding, the surface stays as it is and the mask empty; gives whether there is one.
 *
 * @param donor another good patch of the same size, which textures are taken from
 * @param mask height x width, written
 */
export function addSyntheticDefect(surface: Surface, donor: Float32Array, random: Random, mask: Float32Array): boolean {
  mask.fill(0);
  for (let i = 0; i < TRIES; i++) {
    if (layOver(surface, random.pick(makers)(surface, donor, random), mask)) return true;
  }
  return false;
}
