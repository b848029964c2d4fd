/**
 * What makes one ring look unlike the next: grinding, brightness, focus, light. Drawn once per part, shared by all its images.
 */
import { Random } from '../../../core/random.ts';

/** The looks of one part. Lengths in pixels, angles in radians, reflectances relative to the part's mean. */
export interface Appearance {
  /** Names the texture: equal seeds give the same ground surface. 32-bit integer. */
  readonly textureSeed: number;
  /** Mean grey value, 0..255. */
  readonly level: number;
  /** Standard deviation of the grinding texture. */
  readonly contrast: number;
  /** Angle between the grooves and the scan direction. */
  readonly direction: number;
  /** Bend of the grooves across the face, 1/pixel. */
  readonly curvature: number;
  /** Period of the coarsest grooves. */
  readonly period: number;
  /** Height of each octave of finer grooves over that of the one before. */
  readonly roughness: number;
  /** Length of the coarsest grooves. */
  readonly grooveLength: number;
  /** Angle and share of a second set of marks, left by the wheel's other side. */
  readonly crossAngle: number;
  readonly crossShare: number;
  /** Reflectance of brighter bands of grooves, and their period. */
  readonly bandHeight: number;
  readonly bandPeriod: number;
  /** Standard deviation of the lens blur. */
  readonly blur: number;
  /** Direction that the light comes from. */
  readonly lightAngle: number;
}

/** The looks of part number `part` of the production that `seed` names. */
export function drawAppearance(seed: number, part: number): Appearance {
  const random = Random.of(seed, 'appearance', part);
  return {
    textureSeed: random.integer(2 ** 31),
    level: random.uniform(85, 165),
    contrast: random.uniform(0.06, 0.14),
    direction: random.uniform(-1.1, 1.1),
    curvature: random.uniform(-1, 1) * 1.2e-3,
    period: random.uniform(6, 17),
    roughness: random.uniform(0.8, 1.12),
    grooveLength: random.uniform(160, 500),
    crossAngle: random.uniform(0.12, 0.4) * (random.next() < 0.5 ? -1 : 1),
    crossShare: random.uniform(0, 0.5),
    bandHeight: random.uniform(0.01, 0.05),
    bandPeriod: random.uniform(40, 110),
    blur: random.uniform(0.5, 1.05),
    lightAngle: random.uniform(-2.8, -2),
  };
}

/** How far one ring's looks are from those of the production, in the range of all productions: one grinder makes much alike. */
const spread = 0.3;

/** The looks of ring number `part` where all rings come off one line: near those of the production that `seed` names. */
export function drawRingAppearance(seed: number, part: number): Appearance {
  const ring = drawAppearance(seed, part);
  const production = drawAppearance(seed, -1);
  const near = (key: keyof Appearance) => production[key] + spread * (ring[key] - production[key]);
  const keys = (Object.keys(ring) as (keyof Appearance)[]).filter((key) => key !== 'textureSeed');
  return { ...ring, ...Object.fromEntries(keys.map((key) => [key, near(key)])) };
}
