/** Families of noise: random spectra, isotropic and drawn out, and what functions of a smooth field look like. */
import type { Random } from '../../../core/random.ts';
import { smoothNoise1, smoothNoise2 } from '../smooth-noise.ts';
import { type Family, logUniform, seedOf, type Texture, turned } from './texture.ts';

interface Spectrum {
  /** Period of the coarsest octave along x and along y, pixels. */
  readonly along: number;
  readonly across: number;
  readonly octaves: number;
  /** Height of an octave, as a power of its period: 0 is white, 1 smooth. */
  readonly slope: number;
}

/** A sum of octaves, each of half the period of the one before. */
function spectrum(random: Random, { along, across, octaves, slope }: Spectrum): Texture {
  const seed = seedOf(random);
  const heights = Array.from({ length: octaves }, (_, k) => 2 ** (-slope * k));
  const total = Math.hypot(...heights);
  return (x, y) => {
    let sum = 0;
    // each octave is moved, so that the lattices' nodes do not lie on each other
    for (let k = 0; k < octaves; k++) {
      const finer = 2 ** k;
      sum += heights[k]! * smoothNoise2((x * finer) / along + 0.37 * k, (y * finer) / across + 0.61 * k, seed + k);
    }
    return (2 * sum) / total;
  };
}

function roundSpectrum(random: Random, low: number, high: number): Texture {
  const period = logUniform(random, low, high);
  const octaves = 1 + random.integer(5);
  return spectrum(random, { along: period, across: period, octaves, slope: random.uniform(0.1, 1.2) });
}

/** Clouds, cast and blasted skin, grain: noise that looks alike in all directions. */
export const cloud: Family = (random) => roundSpectrum(random, 3, 90);

/** Brushed, ground and rolled metal: noise drawn out along x, at times with a second set of marks across it. */
export const brushed: Family = (random) => {
  const across = logUniform(random, 1.2, 14);
  const marks = (): Texture =>
    spectrum(random, {
      along: across * logUniform(random, 5, 80),
      across,
      octaves: 1 + random.integer(3),
      slope: random.uniform(0, 0.8),
    });
  const first = marks();
  if (random.next() < 0.65) return first;
  const second = turned(marks(), random.uniform(0.2, 1.6));
  const share = random.uniform(0.3, 1);
  return (x, y) => first(x, y) + share * second(x, y);
};

/** Ridges, or the valleys between them: the absolute value of a smooth field. */
export const ridges: Family = (random) => {
  const field = roundSpectrum(random, 10, 90);
  const sharpness = random.uniform(0.5, 2);
  const sign = random.pick([-1, 1]);
  return (x, y) => sign * (1 - 2 * Math.min(1, Math.abs(field(x, y))) ** sharpness);
};

/** Terraces and islands: a field in a few levels. */
export const terraces: Family = (random) => {
  const field = roundSpectrum(random, 14, 90);
  const levels = random.uniform(0.6, 4);
  return (x, y) => Math.round(field(x, y) * levels) / levels;
};

/** Speckle of coherent light, and sensor-like grain: few bright points, many dark ones, or the reverse. */
export const speckle: Family = (random) => {
  const period = logUniform(random, 1, 4);
  const [a, b] = [seedOf(random), seedOf(random)];
  const sign = random.pick([-1, 1]);
  return (x, y) => {
    const amplitude = smoothNoise2(x / period, y / period, a) ** 2 + smoothNoise2(x / period, y / period, b) ** 2;
    return sign * (3 * amplitude - 1);
  };
};

/** Veins, wood and marble: waves pushed about by noise. */
export const veins: Family = (random) => {
  const period = logUniform(random, 6, 60);
  const bending = roundSpectrum(random, 20, 120);
  const strength = logUniform(random, 0.3, 6);
  const sharpness = random.uniform(0.4, 1.5);
  return (x, y) => {
    const wave = Math.sin((2 * Math.PI * x) / period + strength * bending(x, y));
    return Math.sign(wave) * Math.abs(wave) ** sharpness;
  };
};

/** Lines of drawn and extruded profiles: bands of every width along x, constant or nearly so along them. */
export const bands: Family = (random) => {
  const period = logUniform(random, 2, 40);
  const octaves = 1 + random.integer(4);
  const seed = seedOf(random);
  const wander = random.next() < 0.5 ? 0 : logUniform(random, 0.5, 20);
  return (x, y) => {
    const at = y + wander * smoothNoise1(x / 60, seed - 1);
    let sum = 0;
    for (let k = 0; k < octaves; k++) sum += smoothNoise1((at * 2 ** k) / period, seed + k) * 0.75 ** k;
    return sum;
  };
};
