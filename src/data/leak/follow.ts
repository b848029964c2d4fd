/** Finding the turn and zoom between two pictures from a place that nearly fits: least squares by Gauss and Newton. */
import type { Plane } from './contrast.ts';
import { type Affine, warp } from './warp.ts';

/** Steps in all, and those after which a map that gains nothing is given up. */
const STEPS = 8;
const TRIED = 2;
/** What they must add to the correlation by then. */
const GAIN = 0.015;
/** Largest slope that is believed: a turn of some eight degrees, a zoom by 15 %. */
const STEEPEST = 0.15;
/** Change in pixels at the border below which it is found. */
const SMALL = 0.05;

/** The solution of a symmetric positive system of n equations, in place; undefined where it has none. */
function solve(m: Float64Array, rhs: Float64Array, n: number): Float64Array | undefined {
  for (let k = 0; k < n; k++) {
    const pivot = m[k * n + k]!;
    if (!(pivot > 1e-9)) return undefined;
    for (let i = k + 1; i < n; i++) {
      const f = m[i * n + k]! / pivot;
      for (let j = k; j < n; j++) m[i * n + j]! -= f * m[k * n + j]!;
      rhs[i]! -= f * rhs[k]!;
    }
  }
  for (let k = n - 1; k >= 0; k--) {
    for (let j = k + 1; j < n; j++) rhs[k]! -= m[k * n + j]! * rhs[j]!;
    rhs[k]! /= m[k * n + k]!;
  }
  return rhs;
}

/** By how much a picture that lies under a is to be multiplied, and what they correlate where it reaches. */
function agreement(a: Plane, under: Plane): { gain: number; value: number } {
  let [ab, aa, bb] = [0, 1e-9, 1e-9];
  for (let i = 0; i < a.data.length; i++) {
    const [u, v] = [a.data[i]!, under.data[i]!];
    if (v === 0) continue;
    ab += u * v;
    aa += u * u;
    bb += v * v;
  }
  return { gain: ab / bb, value: ab / Math.sqrt(aa * bb) };
}

/** Sums over a picture, products of its derivatives each by 1, x, y, xx, xy, yy, and of the errors each by 1, x, y. */
interface Sums {
  readonly xx: Float64Array;
  readonly xy: Float64Array;
  readonly yy: Float64Array;
  readonly errors: Float64Array;
}

/** Adds one product of derivatives by the six products of a place (p, q). */
function add(sums: Float64Array, value: number, p: number, q: number): void {
  sums[0]! += value;
  sums[1]! += value * p;
  sums[2]! += value * q;
  sums[3]! += value * p * p;
  sums[4]! += value * p * q;
  sums[5]! += value * q * q;
}

function sumsOver(a: Plane, under: Plane, gain: number): Sums {
  const { width, height } = a;
  const [from, to] = [under.data, a.data];
  const [xx, xy, yy, errors] = [6, 6, 6, 6].map((n) => new Float64Array(n)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let y = 1; y < height - 1; y++) {
    const q = (2 * y) / height - 1;
    for (let x = 1, i = y * width + 1; x < width - 1; x++, i++) {
      const value = from[i]!;
      // where the one does not reach
      if (value === 0) continue;
      const gx = (gain * (from[i + 1]! - from[i - 1]!)) / 2;
      const gy = (gain * (from[i + width]! - from[i - width]!)) / 2;
      const error = to[i]! - gain * value;
      const p = (2 * x) / width - 1;
      add(xx, gx * gx, p, q);
      add(xy, gx * gy, p, q);
      add(yy, gy * gy, p, q);
      const [ex, ey] = [gx * error, gy * error];
      errors[0]! += ex;
      errors[1]! += ex * p;
      errors[2]! += ex * q;
      errors[3]! += ey;
      errors[4]! += ey * p;
      errors[5]! += ey * q;
    }
  }
  return { xx, xy, yy, errors };
}

/** Which of six products stands in row and column 1, x, y of a block of the normal equations. */
const PRODUCT = [0, 1, 2, 1, 3, 4, 2, 4, 5] as const;

/** The change of (dx, dxx, dxy, dy, dyx, dyy), slopes at the border, by which `under` fits a better; undefined where nothing says. */
function change(a: Plane, under: Plane, gain: number): Float64Array | undefined {
  if (!(gain > 0)) return undefined;
  const { xx, xy, yy, errors } = sumsOver(a, under, gain);
  const m = new Float64Array(36);
  for (let r = 0; r < 3; r++) {
    for (let c = 0; c < 3; c++) {
      const k = PRODUCT[3 * r + c]!;
      m[r * 6 + c] = xx[k]!;
      m[(r + 3) * 6 + c + 3] = yy[k]!;
      m[r * 6 + c + 3] = m[(r + 3) * 6 + c] = xy[k]!;
    }
  }
  for (let r = 0; r < 6; r++) m[r * 7] = m[r * 7]! * 1.001 + 1e-9;
  return solve(m, errors, 6);
}

/** The map by which b lies under a best, sought from one that nearly fits, and what they correlate there. */
export function follow(a: Plane, b: Plane, from: Affine): { at: Affine; value: number } {
  const [cx, cy] = [a.width / 2, a.height / 2];
  let under = warp(b, from, a);
  let { gain, value } = agreement(a, under);
  const first = { at: from, value };
  let best = first;
  let at = from;
  for (let k = 1; k <= STEPS; k++) {
    const d = change(a, under, gain);
    if (!d) break;
    const [dxx, dxy, dyx, dyy] = [d[1]! / cx, d[2]! / cy, d[4]! / cx, d[5]! / cy];
    at = {
      dx: at.dx + d[0]! - d[1]! - d[2]!,
      dxx: at.dxx + dxx,
      dxy: at.dxy + dxy,
      dy: at.dy + d[3]! - d[4]! - d[5]!,
      dyx: at.dyx + dyx,
      dyy: at.dyy + dyy,
    };
    if (!(Math.max(...[at.dxx, at.dxy, at.dyx, at.dyy].map(Math.abs)) < STEEPEST)) break;
    under = warp(b, at, a);
    ({ gain, value } = agreement(a, under));
    if (value > best.value) best = { at, value };
    if (Math.max(...[...d].map(Math.abs)) < SMALL) break;
    if (k === TRIED && best.value < first.value + GAIN) break;
  }
  return best;
}
