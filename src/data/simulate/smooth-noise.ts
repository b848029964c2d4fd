/**
 * Smooth random fields without tables: lattice values come from an integer hash, so a field has no edge and no period
 * that a strip of any length could meet. (Value noise: K. Perlin, An Image Synthesizer, SIGGRAPH 1985, with values at the nodes.)
 */

/** The value of a lattice node, uniform in [-1, 1). */
export function nodeValue(i: number, j: number, seed: number): number {
  let h = Math.imul(i, 0x27d4eb2d) ^ Math.imul(j, 0x165667b1) ^ seed;
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) / 2147483648;
}

/** Smooth noise of one variable with nodes at the integers, in [-1, 1). `seed` is a 32-bit integer. */
export function smoothNoise1(x: number, seed: number): number {
  const i = Math.floor(x);
  const f = x - i;
  const a = nodeValue(i, 0, seed);
  return a + (nodeValue(i + 1, 0, seed) - a) * f * f * (3 - 2 * f);
}

/** Smooth noise of two variables with nodes at the integers, in [-1, 1). `seed` is a 32-bit integer. */
export function smoothNoise2(x: number, y: number, seed: number): number {
  const i = Math.floor(x);
  const j = Math.floor(y);
  const fx = x - i;
  const fy = y - j;
  const wx = fx * fx * (3 - 2 * fx);
  const a = nodeValue(i, j, seed);
  const b = nodeValue(i, j + 1, seed);
  const top = a + (nodeValue(i + 1, j, seed) - a) * wx;
  const below = b + (nodeValue(i + 1, j + 1, seed) - b) * wx;
  return top + (below - top) * fy * fy * (3 - 2 * fy);
}

/** Sum of `octaves` fields, each of half the period and half the height of the one before; about -1..1. */
export function fractalNoise2(x: number, y: number, seed: number, octaves: number): number {
  let sum = 0;
  let height = 0.5;
  for (let k = 0; k < octaves; k++) {
    sum += height * smoothNoise2(x, y, (seed + Math.imul(k, 0x9e3779b9)) | 0);
    // turned by 37 degrees, so that the lattices of the octaves do not line up into visible squares
    const turned = 1.6 * x + 1.2 * y;
    y = 1.6 * y - 1.2 * x;
    x = turned;
    height /= 2;
  }
  return sum * 1.5;
}

/** 0 below `low`, 1 above `high`, a smooth cubic between. */
export function smoothStep(low: number, high: number, x: number): number {
  const t = Math.min(1, Math.max(0, (x - low) / (high - low)));
  return t * t * (3 - 2 * t);
}

/** The value of a node of a lattice of three dimensions, uniform in [-1, 1). */
function nodeValue3(i: number, j: number, k: number, seed: number): number {
  let h = Math.imul(i, 0x27d4eb2d) ^ Math.imul(j, 0x165667b1) ^ Math.imul(k, 0x3c6ef372) ^ seed;
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) / 2147483648;
}

/** Where `smoothNoise3` leaves the gradient. */
export type Gradient = Float64Array;

/** Smooth noise of three variables with nodes at the integers, in [-1, 1); its derivatives by x, y, z go to `gradient`. `seed` is a 32-bit integer. */
export function smoothNoise3(x: number, y: number, z: number, seed: number, gradient: Gradient): number {
  const i = Math.floor(x);
  const j = Math.floor(y);
  const k = Math.floor(z);
  const fx = x - i;
  const fy = y - j;
  const fz = z - k;
  const wx = fx * fx * (3 - 2 * fx);
  const wy = fy * fy * (3 - 2 * fy);
  const wz = fz * fz * (3 - 2 * fz);
  const a = nodeValue3(i, j, k, seed);
  const b = nodeValue3(i + 1, j, k, seed);
  const c = nodeValue3(i, j + 1, k, seed);
  const d = nodeValue3(i + 1, j + 1, k, seed);
  const e = nodeValue3(i, j, k + 1, seed);
  const f = nodeValue3(i + 1, j, k + 1, seed);
  const g = nodeValue3(i, j + 1, k + 1, seed);
  const h = nodeValue3(i + 1, j + 1, k + 1, seed);
  // mixed along x on the four edges, along y on the two faces, along z between them
  const ab = a + (b - a) * wx;
  const cd = c + (d - c) * wx;
  const ef = e + (f - e) * wx;
  const gh = g + (h - g) * wx;
  const near = ab + (cd - ab) * wy;
  const far = ef + (gh - ef) * wy;
  const slopeNear = b - a + (d - c - b + a) * wy;
  const slopeFar = f - e + (h - g - f + e) * wy;
  gradient[0] = (slopeNear + (slopeFar - slopeNear) * wz) * 6 * fx * (1 - fx);
  gradient[1] = (cd - ab + (gh - ef - cd + ab) * wz) * 6 * fy * (1 - fy);
  gradient[2] = (far - near) * 6 * fz * (1 - fz);
  return near + (far - near) * wz;
}
