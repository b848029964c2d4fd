/**
 * How much two images look like photographs of one physical part, whatever the exposure: they are laid over each other,
 * and the likeness is what three quarters of the blocks of the picture reach. Castings of one model share edges, and
 * edges fill few blocks; one part under two exposures shares the texture everywhere. Where more than a quarter of the
 * picture is empty background, its noise counts too, and near copies of other noise or crop are not recognised.
 */
import { localContrast, logarithm, type Plane, reduce } from './contrast.ts';
import type { Thumbnail } from './thumbnails.ts';

/** Pictures by which the displacement is found, coarse to fine: thumbnail pixels along a pixel, and pixels along a block. */
const coarse = { factor: 4, radius: 2, block: 6 } as const;
const middle = { factor: 2, radius: 2, block: 12 } as const;
const fine = { factor: 1, radius: 4, block: 16 } as const;
/** Pixels along a pixel of the coarse plane. */
export const COARSE = coarse.factor;
/** Coarse pixels searched about the displacement of the descriptors. */
const REACH = 3;
/** Coarse and middle likeness below which a pair is given up: nearly all others lie there, and about one in a hundred near copies. */
const HOPELESS = { coarse: 0.1, middle: 0.25 } as const;
/** Contrast (standard deviation of the logarithm) below which a block shows nothing but noise. */
const FAINT = 0.01;
/** Blocks that must be there to judge by. */
const FEWEST_BLOCKS = 12;
/** The share of blocks that may be less alike: a glare, a shadow, a defect that came later. */
const UNLIKE_SHARE = 0.25;

const planeOf = (thumbnail: Thumbnail, { factor, radius }: { factor: number; radius: number }): Plane => {
  const log = logarithm(thumbnail);
  return localContrast(factor === 1 ? log : reduce(log, factor), radius);
};

/** One image at three levels; how long each is kept is the caller's matter (9, 37 and 147 KB). */
export interface Levels {
  readonly coarse: Plane;
  readonly middle: Plane;
  readonly fine: Plane;
}

/** Makes one level of an image. */
export function levelOf(thumbnail: Thumbnail, level: keyof Levels): Plane {
  return planeOf(thumbnail, { coarse, middle, fine }[level]);
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

const doubled = ({ dx, dy }: Displacement): Displacement => ({ dx: 2 * dx, dy: 2 * dy });

/** The displacement within `reach` pixels of another that correlates best. */
function bestDisplacement(a: Plane, b: Plane, about: Displacement, reach: number): Displacement {
  let best = about;
  let highest = -1;
  for (let dy = about.dy - reach; dy <= about.dy + reach; dy++) {
    for (let dx = about.dx - reach; dx <= about.dx + reach; dx++) {
      const value = correlation(a, b, { dx, dy });
      if (value > highest) {
        highest = value;
        best = { dx, dy };
      }
    }
  }
  return best;
}

/** Correlation of one block about its own means, and the larger of both contrasts. */
function blockCorrelation(a: Plane, b: Plane, x0: number, y0: number, side: number, { dx, dy }: Displacement) {
  let sa = 0;
  let sb = 0;
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (let y = y0; y < y0 + side; y++) {
    for (let x = x0; x < x0 + side; x++) {
      const u = a.data[y * a.width + x]!;
      const v = b.data[(y + dy) * b.width + x + dx]!;
      sa += u;
      sb += v;
      ab += u * v;
      aa += u * u;
      bb += v * v;
    }
  }
  const n = side * side;
  const varianceA = aa / n - (sa / n) ** 2;
  const varianceB = bb / n - (sb / n) ** 2;
  const covariance = ab / n - (sa / n) * (sb / n);
  return {
    value: varianceA > 1e-9 && varianceB > 1e-9 ? covariance / Math.sqrt(varianceA * varianceB) : 0,
    contrast: Math.sqrt(Math.max(varianceA, varianceB)),
  };
}

/** What three quarters of the blocks that show something correlate at least; undefined where there are too few of them. */
function blockLikeness(a: Plane, b: Plane, side: number, displacement: Displacement): number | undefined {
  const { left, right, top, bottom } = overlap(a, b, displacement);
  const values: number[] = [];
  for (let y = top; y + side <= bottom; y += side) {
    for (let x = left; x + side <= right; x += side) {
      const { value, contrast } = blockCorrelation(a, b, x, y, side, displacement);
      if (contrast >= FAINT) values.push(value);
    }
  }
  if (values.length < FEWEST_BLOCKS) return undefined;
  return values.sort((p, q) => p - q)[Math.floor(values.length * UNLIKE_SHARE)]!;
}

/**
 * Likeness of two images, -1..1: laid over each other, three quarters of the blocks that show something correlate at
 * least so much. 0 where the pictures are too small or too plain to judge, or a coarser level shows that it is low.
 *
 * @param about displacement of the coarse planes, known to some pixels
 */
export function likeness(one: Levels, other: Levels, about: Displacement): number {
  const low = bestDisplacement(one.coarse, other.coarse, about, REACH);
  if ((blockLikeness(one.coarse, other.coarse, coarse.block, low) ?? 1) < HOPELESS.coarse) return 0;
  const mid = bestDisplacement(one.middle, other.middle, doubled(low), 1);
  if ((blockLikeness(one.middle, other.middle, middle.block, mid) ?? 1) < HOPELESS.middle) return 0;
  const high = bestDisplacement(one.fine, other.fine, doubled(mid), 1);
  return blockLikeness(one.fine, other.fine, fine.block, high) ?? 0;
}
