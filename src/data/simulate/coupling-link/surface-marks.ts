/**
 * Marks on the skin of a link, each a height and a shade over the plane that touches the solid at one point: forging laps, cracks and dents, and the scuffs
 * and shallow knocks that good links bear too. Lengths in mm.
 */
import type { Random } from '../../../core/random.ts';
import { drawJaggedLine, nearestOnLine } from '../jagged-line.ts';
import { smoothNoise1, smoothNoise2 } from '../smooth-noise.ts';

/** Height in mm over the solid and factor on the reflectance at a place (u, v) of the tangent plane. */
interface MarkPoint {
  readonly height: number;
  readonly albedo: number;
}

export interface SurfaceMark {
  /** Beyond this distance from the middle there is nothing. */
  readonly reach: number;
  readonly at: (u: number, v: number) => MarkPoint;
}

/** Draws a mark; `strength` scales heights and shades. */
type DrawMark = (random: Random, strength: number) => SurfaceMark;

const nothing: MarkPoint = { height: 0, albedo: 1 };

function logUniform(random: Random, low: number, high: number): number {
  return low * (high / low) ** random.next();
}

/** A lap: metal folded over itself and forged shut. A bent dark crease, with a lip on one side that fades away from it. */
const drawLap: DrawMark = (random, strength) => {
  const length = logUniform(random, 12, 42);
  const lip = strength * logUniform(random, 0.1, 0.4) * (random.next() < 0.5 ? -1 : 1);
  const fade = random.uniform(1, 2.6);
  const crease = random.uniform(0.3, 0.55);
  const shade = Math.min(0.85, strength * logUniform(random, 0.15, 0.55));
  const seed = random.integer(2 ** 31);
  const line = drawJaggedLine(random, { length, angle: random.uniform(0, 6.3), piece: 3.2, jag: 0.55 });
  return {
    reach: 0.6 * length + 4,
    at: (u, v) => {
      const { distance, along, left } = nearestOnLine(line, u, v);
      if (distance > 8) return nothing;
      const taper =
        Math.min(1, 5 * Math.min(along, 1 - along)) * (0.75 + 0.4 * smoothNoise1((along * length) / 4, seed));
      const groove = Math.exp(-((distance / crease) ** 2));
      const side = left * Math.sign(lip);
      const step = side > 0 ? (1 - Math.exp(-((side / 0.25) ** 2))) * Math.exp(-side / fade) : 0;
      return { height: taper * (Math.abs(lip) * step - 0.12 * strength * groove), albedo: 1 - shade * taper * groove };
    },
  };
};

/** A crack: fine, dark and jagged. */
const drawCrack: DrawMark = (random, strength) => {
  const length = logUniform(random, 11, 38);
  const halfWidth = random.uniform(0.28, 0.5);
  const shade = Math.min(0.92, strength * logUniform(random, 0.3, 0.85));
  const seed = random.integer(2 ** 31);
  const line = drawJaggedLine(random, {
    length,
    angle: random.uniform(0, 6.3),
    piece: random.uniform(1.3, 2.6),
    jag: random.uniform(0.7, 1.5),
  });
  return {
    reach: 0.6 * length + 2,
    at: (u, v) => {
      const { distance, along } = nearestOnLine(line, u, v);
      if (distance > 3 * halfWidth) return nothing;
      const taper = Math.min(1, 0.1 + 5 * Math.min(along, 1 - along));
      const open =
        taper * (0.75 + 0.4 * smoothNoise1((along * length) / 2, seed)) * Math.exp(-((distance / halfWidth) ** 2));
      return { height: -0.08 * strength * open, albedo: 1 - shade * open };
    },
  };
};

/** A dent: a bowl with a low rim, from a knock against another part while hot or on the way. */
const drawDent: DrawMark = (random, strength) =>
  bowl(random, logUniform(random, 2.2, 7), strength * logUniform(random, 0.1, 0.3));

/** A bowl of some radius; `steepness` is its depth over its radius. */
function bowl(random: Random, radius: number, steepness: number): SurfaceMark {
  const stretch = random.uniform(0.5, 1);
  const tilt = random.uniform(0, Math.PI);
  const rim = random.uniform(0.1, 0.35);
  const shade = random.uniform(-0.3, 0.2) * Math.min(1, steepness * 3);
  const seed = random.integer(2 ** 31);
  const c = Math.cos(tilt);
  const s = Math.sin(tilt);
  return {
    reach: 1.8 * radius,
    at: (u, v) => {
      const a = (u * c + v * s) / radius;
      const b = (v * c - u * s) / (radius * stretch);
      const q = Math.hypot(a, b) * (1 + 0.2 * smoothNoise2(1.5 * a, 1.5 * b, seed));
      if (q > 1.8) return nothing;
      const floor = q < 1 ? (1 - q * q) ** 2 : 0;
      const edge = rim * Math.exp(-(((q - 1.02) / 0.22) ** 2));
      return { height: steepness * radius * (edge - floor), albedo: 1 + shade * floor };
    },
  };
}

/** The defects that lie on the skin. */
export const markDefects = { lap: drawLap, crack: drawCrack, dent: drawDent } as const satisfies Record<
  string,
  DrawMark
>;

/** A scuff, where links rubbed: brighter and a little streaked. */
function drawScuff(random: Random, strength: number): SurfaceMark {
  const radius = random.uniform(1.5, 5);
  const stretch = random.uniform(0.15, 0.6);
  const tilt = random.uniform(0, Math.PI);
  const shine = strength * random.uniform(0.04, 0.13) * (random.next() < 0.7 ? 1 : -1);
  const seed = random.integer(2 ** 31);
  const c = Math.cos(tilt);
  const s = Math.sin(tilt);
  return {
    reach: 2 * radius,
    at: (u, v) => {
      const a = (u * c + v * s) / radius;
      const b = (v * c - u * s) / (radius * stretch);
      const streak = 1 + 0.7 * smoothNoise2(a * 0.8, b * 3.5, seed);
      return { height: 0, albedo: 1 + shine * streak * Math.exp(-(a * a + b * b)) };
    },
  };
}

/** A hairline of handling, bright and thin. */
function drawHairline(random: Random, strength: number): SurfaceMark {
  const length = random.uniform(3, 14);
  const shine = strength * random.uniform(0.06, 0.18) * (random.next() < 0.7 ? 1 : -1);
  const line = drawJaggedLine(random, { length, angle: random.uniform(0, 6.3), piece: 4, jag: 0.2 });
  return {
    reach: 0.6 * length + 1,
    at: (u, v) => {
      const { distance, along } = nearestOnLine(line, u, v);
      const taper = Math.min(1, 4 * Math.min(along, 1 - along));
      return { height: 0, albedo: 1 + shine * taper * Math.exp(-((distance / 0.25) ** 2)) };
    },
  };
}

/** Draws one of the marks that good links bear: scuff, hairline, or a knock too shallow to be called a dent. */
export function drawHarmlessMark(random: Random, strength: number): SurfaceMark {
  const kind = random.next();
  if (kind < 0.45) return drawScuff(random, strength);
  if (kind < 0.75) return drawHairline(random, strength);
  return bowl(random, random.uniform(1.5, 4), strength * random.uniform(0.01, 0.035));
}
