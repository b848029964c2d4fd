/** One surface: a texture of some family, or two of them added, modulated or parted by a boundary, in a position and contrast of its own. */
import { Random } from '../../../core/random.ts';
import { smoothNoise2, smoothStep } from '../smooth-noise.ts';
import { type FamilyName, families, familyNames } from './families.ts';
import { logUniform, seedOf, type Texture, turned } from './texture.ts';

export interface Surface {
  /** The families that it is made of, the main one first. */
  readonly families: readonly FamilyName[];
  /** Reflectance at a place, before it is cut off at 0; about 0.1..1. */
  readonly reflectance: Texture;
}

/** Places, in pixels along each axis, at which a texture's mean and deviation are taken. */
const sampled = 24;
const sampleStep = 17.3;

/** A texture of mean 0 and deviation 1, outliers drawn in. */
function standardised(texture: Texture): Texture {
  const values = Array.from({ length: sampled ** 2 }, (_, i) =>
    texture((i % sampled) * sampleStep, Math.floor(i / sampled) * sampleStep),
  );
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
  const deviation = Math.sqrt(variance) + 0.02;
  return (x, y) => 3 * Math.tanh((texture(x, y) - mean) / deviation / 3);
}

/** A texture of one family, turned, at times bent. */
function drawTexture(name: FamilyName, random: Random): Texture {
  const plain = turned(standardised(families[name](random)), random.uniform(0, Math.PI));
  if (random.next() < 0.7) return plain;
  const reach = logUniform(random, 40, 250);
  const strength = reach * random.uniform(0.03, 0.25);
  const seed = seedOf(random);
  return (x, y) =>
    plain(
      x + strength * smoothNoise2(x / reach, y / reach, seed),
      y + strength * smoothNoise2(x / reach, y / reach, seed + 1),
    );
}

/** 0 on one side of a wandering boundary and 1 on the other: islands, or bands. */
function drawBoundary(random: Random): Texture {
  const reach = logUniform(random, 40, 300);
  const long = random.next() < 0.5 ? 1 : logUniform(random, 2, 8);
  const softness = logUniform(random, 1, 20) / reach;
  const seed = seedOf(random);
  return turned(
    (x, y) => smoothStep(-softness, softness, smoothNoise2(x / reach / long, y / reach, seed)),
    random.uniform(0, Math.PI),
  );
}

type Joining = (first: Texture, second: Texture, random: Random) => Texture;

/** How a second texture joins the first. */
const joinings: readonly Joining[] = [
  (first, second, random) => {
    const share = random.uniform(0.2, 0.9);
    return (x, y) => first(x, y) + share * second(x, y);
  },
  (first, second, random) => {
    const depth = random.uniform(0.2, 0.6);
    return (x, y) => first(x, y) * Math.max(0, 1 + depth * second(x, y));
  },
  (first, second, random) => {
    const boundary = drawBoundary(random);
    const step = random.uniform(-1.5, 1.5);
    return (x, y) => {
      const beyond = boundary(x, y);
      return (beyond === 1 ? 0 : (1 - beyond) * first(x, y)) + (beyond === 0 ? 0 : beyond * (second(x, y) + step));
    };
  },
];

/** Draws a surface; `family` is the main family, one of all unless given. */
export function drawSurface(random: Random, family: FamilyName = random.pick(familyNames)): Surface {
  const main = drawTexture(family, random);
  const alone = random.next() < 0.45;
  const other = random.pick(familyNames);
  const texture = alone ? main : random.pick(joinings)(main, drawTexture(other, random), random);
  const level = random.uniform(0.25, 0.8);
  const contrast = Math.min(0.5 * level, logUniform(random, 0.02, 0.3));
  return {
    families: alone ? [family] : [family, other],
    reflectance: (x, y) => level + contrast * texture(x, y),
  };
}

/** Surface number `part` of the set with this seed: families take turns, so that a few surfaces are already of many kinds. */
export function surfaceOf(seed: number, part: number): Surface {
  return drawSurface(Random.of(seed, 'surface', part), familyNames[part % familyNames.length]!);
}
