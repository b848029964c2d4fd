/**
 * How much two images look like photographs of one physical part, whatever the exposure: they are laid over each other,
 * and the likeness is what three quarters of the blocks of the picture reach. Castings of one model share edges, and
 * edges fill few blocks; one part under two exposures shares the texture everywhere.
 */
import { localContrast, logarithm, type Plane, reduce } from './contrast.ts';
import type { Thumbnail } from './thumbnails.ts';

/** Reductions of the thumbnail at which the displacement is found, coarse to fine, and the box radius of contrast at each. */
const LEVELS = [
  { factor: 4, radius: 2 },
  { factor: 2, radius: 2 },
  { factor: 1, radius: 4 },
] as const;
/** Thumbnail pixels along a pixel of the coarse plane. */
export const COARSE = LEVELS[0].factor;
/** Coarse pixels searched about the displacement of the descriptors. */
const REACH = 3;
/** Coarse correlation below which two images are not looked at further. */
const HOPELESS = 0.3;
/** Pixels along a block. */
const BLOCK = 16;
/** Contrast (standard deviation of the logarithm) below which a block shows nothing but noise. */
const FAINT = 0.01;
/** Blocks that must be there to judge by. */
const FEWEST_BLOCKS = 12;
/** The share of blocks that may be less alike: a glare, a shadow, a defect that came later. */
const UNLIKE_SHARE = 0.25;

/** An image's contrast at each level, coarse to fine. */
export type Pyramid = readonly Plane[];

const planeAt = (log: Plane, level: number): Plane => {
  const { factor, radius } = LEVELS[level]!;
  return localContrast(factor === 1 ? log : reduce(log, factor), radius);
};

/** The coarsest level alone, 9 KB. */
export function coarsePlane(thumbnail: Thumbnail): Plane {
  return planeAt(logarithm(thumbnail), 0);
}

/** The finer two levels, 190 KB. */
export function finePlanes(thumbnail: Thumbnail): Pyramid {
  const log = logarithm(thumbnail);
  return [planeAt(log, 1), planeAt(log, 2)];
}

/** Pixel (x, y) of the one image lies on (x + dx, y + dy) of the other. */
export interface Displacement {
  readonly dx: number;
  readonly dy: number;
}

function overlap(a: Plane, b: Plane, { dx, dy }: Displacement) {
  return {
    left: Math.max(0, -dx),
    right: Math.min(a.width, b.width - dx),
    top: Math.max(0, -dy),
    bottom: Math.min(a.height, b.height - dy),
  };
}

/** Correlation of two planes where they overlap; their local means are zero by construction. */
function correlation(a: Plane, b: Plane, displacement: Displacement): number {
  const { left, right, top, bottom } = overlap(a, b, displacement);
  const { dx, dy } = displacement;
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (let y = top; y < bottom; y++) {
    const rowA = y * a.width;
    const rowB = (y + dy) * b.width + dx;
    for (let x = left; x < right; x++) {
      const u = a.data[rowA + x]!;
      const v = b.data[rowB + x]!;
      ab += u * v;
      aa += u * u;
      bb += v * v;
    }
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0;
}

function bestDisplacement(a: Plane, b: Plane, from: Displacement, reachX: number, reachY: number) {
  let best = { dx: from.dx, dy: from.dy, value: -1 };
  for (let dy = from.dy - reachY; dy <= from.dy + reachY; dy++) {
    for (let dx = from.dx - reachX; dx <= from.dx + reachX; dx++) {
      const value = correlation(a, b, { dx, dy });
      if (value > best.value) best = { dx, dy, value };
    }
  }
  return best;
}

/** Correlation of one block about its own means, and the larger of both contrasts. */
function blockCorrelation(a: Plane, b: Plane, x0: number, y0: number, { dx, dy }: Displacement) {
  let sa = 0;
  let sb = 0;
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (let y = y0; y < y0 + BLOCK; y++) {
    for (let x = x0; x < x0 + BLOCK; x++) {
      const u = a.data[y * a.width + x]!;
      const v = b.data[(y + dy) * b.width + x + dx]!;
      sa += u;
      sb += v;
      ab += u * v;
      aa += u * u;
      bb += v * v;
    }
  }
  const n = BLOCK * BLOCK;
  const varianceA = aa / n - (sa / n) ** 2;
  const varianceB = bb / n - (sb / n) ** 2;
  const covariance = ab / n - (sa / n) * (sb / n);
  return {
    value: varianceA > 1e-9 && varianceB > 1e-9 ? covariance / Math.sqrt(varianceA * varianceB) : 0,
    contrast: Math.sqrt(Math.max(varianceA, varianceB)),
  };
}

/**
 * Lays one coarse plane over another, near a displacement that is known to a descriptor's pixel. Undefined where they
 * nowhere correlate enough to be one part.
 */
export function layOver(a: Plane, b: Plane, about: Displacement): Displacement | undefined {
  const found = bestDisplacement(a, b, about, REACH, REACH);
  return found.value < HOPELESS ? undefined : found;
}

/**
 * Likeness of two images, -1..1, from their finer planes and the displacement of the coarse ones: three quarters of the
 * blocks that show something correlate at least so much. 0 where the pictures are too small or too plain to judge.
 */
export function likeness(one: Pyramid, other: Pyramid, coarse: Displacement): number {
  let found = coarse;
  for (const [level, plane] of one.entries()) {
    found = bestDisplacement(plane, other[level]!, { dx: 2 * found.dx, dy: 2 * found.dy }, 1, 1);
  }
  const [a, b] = [one.at(-1)!, other.at(-1)!];
  const { left, right, top, bottom } = overlap(a, b, found);
  const values: number[] = [];
  for (let y = top; y + BLOCK <= bottom; y += BLOCK) {
    for (let x = left; x + BLOCK <= right; x += BLOCK) {
      const { value, contrast } = blockCorrelation(a, b, x, y, found);
      if (contrast >= FAINT) values.push(value);
    }
  }
  if (values.length < FEWEST_BLOCKS) return 0;
  return values.sort((p, q) => p - q)[Math.floor(values.length * UNLIKE_SHARE)]!;
}
