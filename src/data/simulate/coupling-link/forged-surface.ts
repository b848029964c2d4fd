/**
 * The skin of a blasted forging: waves of the die, the grain that blasting leaves, patches of scale that it left standing, pits, the trimmed parting line and
 * a die number. A function of part coordinates, so that every view of a link shows the same skin.
 */
import { Random } from '../../../core/random.ts';
import { type Gradient, smoothNoise2, smoothNoise3, smoothStep } from '../smooth-noise.ts';
import { dieMark } from './die-mark.ts';

/** The looks of one link's skin. */
export interface Skin {
  readonly seed: number;
  /** Reflectance, 1 is the mean of all links. */
  readonly albedo: number;
  /** Heights in mm of the waves, of the middle roughness, and of the grain. */
  readonly waves: number;
  readonly roughness: number;
  readonly grain: number;
  /** Above this value of a field of about -1..1 scale is left; less means more of it. */
  readonly scaleFrom: number;
  readonly scaleShade: number;
  /** Above this value of noise there is a pit. */
  readonly pitsFrom: number;
  /** Depth of large soft shades. */
  readonly stains: number;
  readonly gloss: number;
  /** Height of the die number in mm, and its figures. */
  readonly markHeight: number;
  readonly figures: readonly number[];
}

/** The skin of link number `part`. `difficulty` strengthens what is harmless. */
export function drawSkin(seed: number, part: number, difficulty: number): Skin {
  const random = Random.of(seed, 'skin', part);
  const die = Random.of(seed, 'die number');
  return {
    seed: random.integer(2 ** 31),
    albedo: random.uniform(0.9, 1.1),
    waves: random.uniform(0.12, 0.3),
    roughness: random.uniform(0.05, 0.11),
    grain: random.uniform(0.05, 0.11),
    scaleFrom: random.uniform(0.3, 0.75),
    scaleShade: Math.min(0.6, random.uniform(0.08, 0.2) * difficulty),
    pitsFrom: random.uniform(0.76, 0.9),
    stains: random.uniform(0.02, 0.07) * difficulty,
    gloss: random.uniform(0.1, 0.28),
    markHeight: random.uniform(0.1, 0.16),
    figures: [die.integer(10), die.integer(10), die.integer(10)],
  };
}

/** What the skin is at one point. */
export interface SkinPoint {
  /** Gradient of the height over the smooth solid, part coordinates. */
  gx: number;
  gy: number;
  gz: number;
  albedo: number;
  gloss: number;
}

const slope: Gradient = new Float64Array(3);

/** Evaluates the skin at a point with the solid's normal component `nz` through the thickness, into `out`. */
export function skinAt(skin: Skin, x: number, y: number, z: number, nz: number, out: SkinPoint): void {
  const { seed } = skin;
  // the lattices of the noise stand askew, or their cubes would show as squares on the flat faces
  const a = (2 * x - y + 2 * z) / 3;
  const b = (2 * x + 2 * y - z) / 3;
  const c = (2 * z + 2 * y - x) / 3;
  let ga = 0;
  let gb = 0;
  let gc = 0;
  let albedo = skin.albedo;
  const addWave = (period: number, height: number, key: number): number => {
    const value = smoothNoise3(a / period, b / period, c / period, seed + key, slope);
    const factor = height / period;
    ga += factor * slope[0]!;
    gb += factor * slope[1]!;
    gc += factor * slope[2]!;
    return value;
  };
  const wave = addWave(8.3, skin.waves, 1);
  const scale =
    0.8 * smoothNoise3(a / 10, b / 10, c / 10, seed + 2, slope) +
    0.45 * smoothNoise3((a + b) / 5.8, (b - a) / 5.8, c / 4.1, seed + 3, slope) +
    0.3 * smoothNoise3(a / 1.7, (b + c) / 2.4, (c - b) / 2.4, seed + 4, slope);
  const scaled = smoothStep(skin.scaleFrom, skin.scaleFrom + 0.32, scale);
  // blasting roughens bare steel, scale stays smoother
  const bare = 1 - 0.6 * scaled;
  addWave(2.3, skin.roughness * bare, 5);
  const grain = addWave(0.85, skin.grain * bare, 6);
  const pit = smoothNoise3(a / 1.5, b / 1.5, c / 1.5, seed + 7, slope) - skin.pitsFrom;
  albedo *= 1 - skin.scaleShade * scaled + skin.stains * wave + 0.05 * grain * bare;
  if (pit > 0) albedo *= 1 - Math.min(0.35, 4 * pit);
  let gloss = skin.gloss * (1 - 0.5 * scaled);
  const depth = Math.abs(z);
  if (depth < 1.6 && Math.abs(nz) < 0.6) {
    // where the flash was trimmed the steel is bare and torn
    const band = 1 - smoothStep(0.5, 1.5, depth + 0.5 * smoothNoise2(x / 3, y / 3, seed + 8));
    const torn = smoothNoise2((x + y) / 0.7, (x - y) / 0.7, seed + 9);
    albedo *= 1 + band * (0.1 + 0.14 * torn);
    gloss *= 1 + band;
  }
  let gx = (2 * ga + 2 * gb - gc) / 3;
  let gy = (2 * gb + 2 * gc - ga) / 3;
  const gz = (2 * ga - gb + 2 * gc) / 3;
  if (Math.abs(nz) > 0.7 && z > 0) {
    const here = dieMark(skin.figures, x, y);
    if (here >= 0) {
      const e = 0.12;
      gx += (skin.markHeight * (dieMark(skin.figures, x + e, y) - here)) / e;
      gy += (skin.markHeight * (dieMark(skin.figures, x, y + e) - here)) / e;
    }
  }
  out.gx = gx;
  out.gy = gy;
  out.gz = gz;
  out.albedo = albedo;
  out.gloss = gloss;
}
