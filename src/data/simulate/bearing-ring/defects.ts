/**
 * The defects of a ring face: scratch, dent, rust. Each draws its own form from a wide range and adds the change of reflectance that it makes.
 */
import type { Random } from '../../../core/random.ts';
import { fractalNoise2, smoothNoise1, smoothStep } from '../smooth-noise.ts';
import type { Appearance } from './appearance.ts';
import type { Scan } from './scan.ts';
import { drawTrace } from './trace.ts';

/** The surface that a defect is drawn on. */
interface Ground {
  readonly part: Appearance;
  readonly scan: Scan;
  /** Reflectance of the good part, height x width. */
  readonly surface: Float32Array;
}

/** Adds a defect to `change` (height x width, change of reflectance, 0 where untouched). `strength` scales its contrast. */
export type DrawDefect = (change: Float32Array, ground: Ground, random: Random, strength: number) => void;

/** Uniform in the logarithm: as many small ones as large ones per octave. */
export function logUniform(random: Random, low: number, high: number): number {
  return low * (high / low) ** random.next();
}

/** A point at least `margin` of the way in from every side. */
export function drawPlace(random: Random, scan: Scan, margin: number): { x: number; y: number } {
  return {
    x: scan.width * random.uniform(margin, 1 - margin),
    y: scan.height * random.uniform(margin, 1 - margin),
  };
}

/** A thin curve, cut or ploughed: dark core, bright edge, varying pressure and gaps. */
const drawScratch: DrawDefect = (change, { scan }, random, strength) => {
  const count = random.next() < 0.2 ? 2 : 1;
  const middle = drawPlace(random, scan, 0.2);
  const angle = random.uniform(0, 2 * Math.PI);
  const length = logUniform(random, 18, 150);
  const depth = strength * logUniform(random, 0.16, 0.7);
  for (let i = 0; i < count; i++) {
    const turn = angle + random.uniform(-0.15, 0.15);
    drawTrace(
      change,
      scan,
      {
        x: middle.x - (length / 2) * Math.cos(turn) + i * random.uniform(-14, 14),
        y: middle.y - (length / 2) * Math.sin(turn) + i * random.uniform(-14, 14),
        length: length * random.uniform(0.8, 1.1),
        angle: turn,
        bend: random.uniform(0, 0.03),
        halfWidth: random.uniform(0.5, 1.5),
        depth: depth * (i === 0 ? 1 : 0.7),
        edge: random.uniform(0.3, 1) * (random.next() < 0.5 ? -1 : 1),
        gaps: random.uniform(0, 0.4),
      },
      random,
    );
  }
};

/** A tilted ellipse on the surface; lengths in pixels, the tilt in radians. */
interface Ellipse {
  readonly place: { readonly x: number; readonly y: number };
  readonly radius: number;
  /** Shorter axis over the longer one. */
  readonly stretch: number;
  readonly tilt: number;
}

/** Where a pixel lies: dx, dy from the ellipse's middle on the surface, a, b along its axes in their lengths. */
interface Offset {
  readonly a: number;
  readonly b: number;
  readonly dx: number;
  readonly dy: number;
}

/** Visits every pixel within `reach` radii, by its index and where the scan took it. */
export function eachNear(
  scan: Scan,
  ellipse: Ellipse,
  reach: number,
  visit: (p: number, offset: Offset) => void,
): void {
  const { place, radius, stretch, tilt } = ellipse;
  const far = Math.ceil(radius * reach);
  for (let py = Math.max(0, Math.floor(place.y - far)); py < Math.min(scan.height, place.y + far); py++) {
    for (let px = Math.max(0, Math.floor(place.x - far)); px < Math.min(scan.width, place.x + far); px++) {
      const dx = px + scan.across[py]! - place.x;
      const dy = scan.along[py]! - scan.origin - place.y;
      const a = (dx * Math.cos(tilt) + dy * Math.sin(tilt)) / radius;
      const b = (dy * Math.cos(tilt) - dx * Math.sin(tilt)) / (radius * stretch);
      visit(py * scan.width + px, { a, b, dx, dy });
    }
  }
}

/** A crater of 4 to 16 pixels: the wall towards the light is dark, the far rim bright, and its floor bears no grooves. */
const drawDent: DrawDefect = (change, { part, scan, surface }, random, strength) => {
  const place = drawPlace(random, scan, 0.08);
  const radius = logUniform(random, 2, 8);
  const stretch = random.uniform(0.7, 1);
  const tilt = random.uniform(0, Math.PI);
  const depth = strength * logUniform(random, 0.2, 0.75);
  const light = part.lightAngle + random.uniform(-0.2, 0.2);
  const seed = random.integer(2 ** 31);
  eachNear(scan, { place, radius, stretch, tilt }, 2.2, (p, { a, b, dx, dy }) => {
    const bearing = Math.atan2(dy, dx);
    // an uneven outline
    const q = Math.hypot(a, b) * (1 + 0.18 * smoothNoise1(bearing * 1.3 + 10, seed));
    if (q > 2) return;
    const towardsLight = Math.cos(bearing - light);
    const floor = 1 - smoothStep(0.75, 1.1, q);
    const wall = q * Math.exp(-2.2 * (q - 0.65) ** 2) * floor;
    const rim = Math.exp(-18 * (q - 1.12) ** 2) * Math.max(0, -towardsLight);
    change[p]! +=
      depth * (rim * 0.8 - wall * towardsLight * 0.7 - floor * 0.55) + floor * Math.min(1, depth) * (1 - surface[p]!);
  });
};

/** Corrosion: an irregular dull patch, darker and mottled, where smooth noise exceeds a threshold. */
const drawRust: DrawDefect = (change, { scan, surface }, random, strength) => {
  const place = drawPlace(random, scan, 0.1);
  const radius = logUniform(random, 7, 34);
  const stretch = random.uniform(0.5, 1);
  const tilt = random.uniform(0, Math.PI);
  const depth = Math.min(0.85, strength * logUniform(random, 0.14, 0.5));
  const perGrain = random.uniform(1.5, 3.5);
  const threshold = random.uniform(-0.15, 0.1);
  const softness = random.uniform(0.15, 0.5);
  const seed = random.integer(2 ** 31);
  eachNear(scan, { place, radius, stretch, tilt }, 1.6, (p, { a, b, dx, dy }) => {
    const envelope = 1 - Math.hypot(a, b);
    const field = envelope + 0.9 * fractalNoise2(a * perGrain, b * stretch * perGrain, seed, 4);
    const alpha = smoothStep(threshold, threshold + softness, field);
    if (alpha === 0) return;
    const mottle = 0.75 + 0.45 * fractalNoise2(dx / 3.5, dy / 3.5, seed + 77, 2);
    change[p]! += alpha * (0.4 * depth * (1 - surface[p]!) - depth * mottle);
  });
};

/** Every defect class with its drawing. */
export const defectDrawings = { scratch: drawScratch, dent: drawDent, rust: drawRust } as const satisfies Record<
  string,
  DrawDefect
>;

export type DefectClass = keyof typeof defectDrawings;
