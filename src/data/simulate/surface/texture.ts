/** What all textures share: a value at every place of an endless plane, and the draws that their forms are made of. */
import type { Random } from '../../../core/random.ts';

/** The value at a place, in pixels; about -1..1. It has no border and no period but its own. */
export type Texture = (x: number, y: number) => number;

/** A family of textures: draws its form once. */
export type Family = (random: Random) => Texture;

/** A 32-bit seed of a field of noise. */
export const seedOf = (random: Random): number => random.integer(2 ** 31);

/** Between `low` and `high`, each doubling equally likely. */
export const logUniform = (random: Random, low: number, high: number): number =>
  low * Math.exp(random.next() * Math.log(high / low));

/** Between 0 and 1 of x, as for the phase of a wave. */
export const fraction = (x: number): number => x - Math.floor(x);

/** The texture turned by `angle` radians. */
export function turned(texture: Texture, angle: number): Texture {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return (x, y) => texture(cos * x + sin * y, cos * y - sin * x);
}
