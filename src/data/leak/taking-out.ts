/**
 * Taking a common picture out of another, block by block: each block is laid on it by itself, and what the common
 * picture and its two derivatives explain there is taken off. So parts that lie a little beside the usual place, or are
 * a little turned or brighter, lose the design too, to a part of a pixel.
 */
import type { Plane } from './contrast.ts';
import type { Displacement } from './displacement.ts';

/** Pixels along a block. */
const BLOCK = 16;
/** Pixels that a block may lie beside the place of the whole. */
const PLAY = 2;

/** Pixels of a plane: from left and top up to right and below, which are outside. */
interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Where all of an area that a displacement lays on a plane is at least `margin` pixels inside it. */
function within(area: Area, plane: Plane, { dx, dy }: Displacement, margin: number): Area {
  return {
    left: Math.max(area.left, margin - dx),
    right: Math.min(area.right, plane.width - margin - dx),
    top: Math.max(area.top, margin - dy),
    bottom: Math.min(area.bottom, plane.height - margin - dy),
  };
}

/** Energy of an area that the mean explains at a displacement. */
function explained(plane: Plane, mean: Plane, area: Area, { dx, dy }: Displacement): number {
  const { left, right, top, bottom } = within(area, mean, { dx, dy }, 0);
  let ab = 0;
  let bb = 1e-9;
  for (let y = top; y < bottom; y++) {
    const rowA = y * plane.width;
    const rowB = (y + dy) * mean.width + dx;
    for (let x = left; x < right; x++) {
      const m = mean.data[rowB + x]!;
      ab += plane.data[rowA + x]! * m;
      bb += m * m;
    }
  }
  return ab > 0 ? (ab * ab) / bb : 0;
}

function blockPlace(plane: Plane, mean: Plane, area: Area, about: Displacement): Displacement {
  let best = about;
  let highest = 0;
  for (let dy = about.dy - PLAY; dy <= about.dy + PLAY; dy++) {
    for (let dx = about.dx - PLAY; dx <= about.dx + PLAY; dx++) {
      const value = explained(plane, mean, area, { dx, dy });
      if (value <= highest) continue;
      highest = value;
      best = { dx, dy };
    }
  }
  return best;
}

/** The 3 x 3 normal equations of a block: sums of products of mean (m), its derivatives (x, y) and the picture (p). */
interface Sums {
  mm: number;
  mx: number;
  my: number;
  xx: number;
  xy: number;
  yy: number;
  pm: number;
  px: number;
  py: number;
}

/** Solves them, with a little ridge for blocks in which the mean shows nothing. */
function solve(s: Sums): [number, number, number] {
  const ridge = 1e-3 * (s.mm + s.xx + s.yy) + 1e-9;
  const [mm, xx, yy] = [s.mm + ridge, s.xx + ridge, s.yy + ridge];
  const { mx, my, xy, pm, px, py } = s;
  const [c0, c1, c2] = [xx * yy - xy * xy, my * xy - mx * yy, mx * xy - my * xx];
  const determinant = mm * c0 + mx * c1 + my * c2;
  return [
    (c0 * pm + c1 * px + c2 * py) / determinant,
    (c1 * pm + (mm * yy - my * my) * px + (mx * my - mm * xy) * py) / determinant,
    (c2 * pm + (mx * my - mm * xy) * px + (mm * xx - mx * mx) * py) / determinant,
  ];
}

function sumsOver(plane: Plane, mean: Plane, { left, right, top, bottom }: Area, { dx, dy }: Displacement): Sums {
  const s: Sums = { mm: 0, mx: 0, my: 0, xx: 0, xy: 0, yy: 0, pm: 0, px: 0, py: 0 };
  const stride = mean.width;
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const i = (y + dy) * stride + x + dx;
      const m = mean.data[i]!;
      const gx = (mean.data[i + 1]! - mean.data[i - 1]!) / 2;
      const gy = (mean.data[i + stride]! - mean.data[i - stride]!) / 2;
      const p = plane.data[y * plane.width + x]!;
      s.mm += m * m;
      s.mx += m * gx;
      s.my += m * gy;
      s.xx += gx * gx;
      s.xy += gx * gy;
      s.yy += gy * gy;
      s.pm += m * p;
      s.px += gx * p;
      s.py += gy * p;
    }
  }
  return s;
}

/**
 * The values of a plane [height, width] without the mean, which lies on it by `place`: pixel (x, y) of the plane on
 * (x + dx, y + dy) of the mean. Unchanged where the mean does not reach.
 */
export function takeOut(plane: Plane, mean: Plane, place: Displacement): Float32Array<ArrayBuffer> {
  const out = Float32Array.from(plane.data);
  const stride = mean.width;
  for (let y0 = 0; y0 < plane.height; y0 += BLOCK) {
    for (let x0 = 0; x0 < plane.width; x0 += BLOCK) {
      const block: Area = {
        left: x0,
        right: Math.min(x0 + BLOCK, plane.width),
        top: y0,
        bottom: Math.min(y0 + BLOCK, plane.height),
      };
      const at = blockPlace(plane, mean, block, place);
      // at the mean's border there is no derivative
      const area = within(block, mean, at, 1);
      const [c0, c1, c2] = solve(sumsOver(plane, mean, area, at));
      for (let y = area.top; y < area.bottom; y++) {
        for (let x = area.left; x < area.right; x++) {
          const i = (y + at.dy) * stride + x + at.dx;
          const gx = (mean.data[i + 1]! - mean.data[i - 1]!) / 2;
          const gy = (mean.data[i + stride]! - mean.data[i - stride]!) / 2;
          out[y * plane.width + x]! -= c0 * mean.data[i]! + c1 * gx + c2 * gy;
        }
      }
    }
  }
  return out;
}
