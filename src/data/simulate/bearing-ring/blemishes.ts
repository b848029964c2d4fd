/**
 * What good parts also show: dust, shades of oil, hairlines of handling. Harmless, and the reason that a detector cannot call every mark a defect.
 */
import type { Random } from '../../../core/random.ts';
import { fractalNoise2, smoothStep } from '../smooth-noise.ts';
import type { Scan } from './scan.ts';
import { drawTrace } from './trace.ts';

/** Adds the blemishes of one image to `surface` (reflectance, height x width). `amount` scales their contrast; their number goes with the area. */
export function addBlemishes(surface: Float32Array, scan: Scan, random: Random, amount: number): void {
  const area = (scan.width * scan.height) / 256 ** 2;
  const draws = (mean: number) => Math.floor(mean * area * 2 * random.next() + random.next());
  for (let i = draws(1); i > 0; i--) addOilShade(surface, scan, random, amount);
  for (let i = draws(5); i > 0; i--) addDust(surface, scan, random, amount);
  for (let i = draws(0.6); i > 0; i--) addHairline(surface, scan, random, amount);
}

/** A wide soft shade, a few per cent darker or brighter. */
function addOilShade(surface: Float32Array, scan: Scan, random: Random, amount: number): void {
  const x0 = random.uniform(0, scan.width);
  const y0 = random.uniform(0, scan.height);
  const radius = random.uniform(25, 80);
  const height = amount * random.uniform(0.02, 0.07) * (random.next() < 0.6 ? -1 : 1);
  const seed = random.integer(2 ** 31);
  for (let y = Math.max(0, Math.floor(y0 - 1.5 * radius)); y < Math.min(scan.height, y0 + 1.5 * radius); y++) {
    for (let x = Math.max(0, Math.floor(x0 - 1.5 * radius)); x < Math.min(scan.width, x0 + 1.5 * radius); x++) {
      const field = 1 - Math.hypot(x - x0, y - y0) / radius + 0.6 * fractalNoise2(x / 40, y / 40, seed, 2);
      surface[y * scan.width + x]! += height * smoothStep(0, 0.8, field);
    }
  }
}

/** A speck of dust out of focus: a soft dot, sometimes drawn out to a fibre. */
function addDust(surface: Float32Array, scan: Scan, random: Random, amount: number): void {
  const x0 = random.uniform(0, scan.width);
  const y0 = random.uniform(0, scan.height);
  const radius = random.uniform(0.7, 2.2);
  const stretch = random.next() < 0.3 ? random.uniform(1.5, 3) : 1;
  const angle = random.uniform(0, Math.PI);
  const height = amount * random.uniform(0.05, 0.2) * (random.next() < 0.8 ? -1 : 1);
  const reach = Math.ceil(2.5 * radius * stretch);
  for (let y = Math.max(0, Math.floor(y0 - reach)); y < Math.min(scan.height, y0 + reach); y++) {
    for (let x = Math.max(0, Math.floor(x0 - reach)); x < Math.min(scan.width, x0 + reach); x++) {
      const a = ((x - x0) * Math.cos(angle) + (y - y0) * Math.sin(angle)) / (radius * stretch);
      const b = ((y - y0) * Math.cos(angle) - (x - x0) * Math.sin(angle)) / radius;
      surface[y * scan.width + x]! += height * Math.exp(-a * a - b * b);
    }
  }
}

/** A faint thin mark, shallower than what counts as a scratch. */
function addHairline(surface: Float32Array, scan: Scan, random: Random, amount: number): void {
  const angle = random.uniform(0, 2 * Math.PI);
  drawTrace(
    surface,
    scan,
    {
      x: random.uniform(0, scan.width),
      y: random.uniform(0, scan.height),
      length: random.uniform(15, 80),
      angle,
      bend: random.uniform(0, 0.02),
      halfWidth: random.uniform(0.5, 0.8),
      depth: amount * random.uniform(0.03, 0.1),
      edge: random.uniform(0.2, 0.6) * (random.next() < 0.5 ? -1 : 1),
      gaps: random.uniform(0.1, 0.5),
    },
    random,
  );
}
