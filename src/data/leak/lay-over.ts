/** Laying one picture over another region by region, so that a small turn or zoom between them is followed. */
import type { Bytes } from './contrast.ts';
import { type Displacement, overlap } from './displacement.ts';
import type { Affine } from './warp.ts';

/** Pixels that a region of the picture may lie beside the whole. */
const PLAY = 4;
/** Regions along the picture. */
const REGIONS = 3;
/** Correlation from which on a region says where it lies. */
const TELLING = 0.1;

/** Pixels of a picture: from left and top up to right and bottom, which are outside. */
interface Region {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Correlation of every `step`-th pixel of every `rows`-th row of a region at a displacement. */
function regionCorrelation(
  a: Bytes,
  b: Bytes,
  region: Region,
  dx: number,
  dy: number,
  step: number,
  rows = step,
): number {
  let ab = 0;
  let aa = 0;
  let bb = 0;
  const left = Math.max(region.left, -dx);
  const right = Math.min(region.right, b.width - dx);
  const top = Math.max(region.top, -dy);
  const bottom = Math.min(region.bottom, b.height - dy);
  for (let y = top; y < bottom; y += rows) {
    const rowA = y * a.width;
    const rowB = (y + dy) * b.width + dx;
    for (let x = left; x < right; x += step) {
      const u = a.data[rowA + x]!;
      const v = b.data[rowB + x]!;
      ab += u * v;
      aa += u * u;
      bb += v * v;
    }
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0;
}

const whole = ({ width, height }: Bytes): Region => ({ left: 0, right: width, top: 0, bottom: height });

/**
 * The displacement next to one that is known to `reach` pixels; or none at all, where that fits better: a periodic picture
 * lies well in many places, and where it lay in the first place is the one that copies of a file share.
 */
export function settle(a: Bytes, b: Bytes, about: Displacement, reach: number): Displacement & { value: number } {
  let best: Displacement = { dx: 0, dy: 0 };
  let highest = regionCorrelation(a, b, whole(a), 0, 0, 4);
  for (let dy = about.dy - reach; dy <= about.dy + reach; dy++) {
    for (let dx = about.dx - reach; dx <= about.dx + reach; dx++) {
      const value = regionCorrelation(a, b, whole(a), dx, dy, 4);
      if (value <= highest) continue;
      highest = value;
      best = { dx, dy };
    }
  }
  return { ...best, value: highest };
}

/** The best place of a region about a displacement: every second one is tried, then those about the best. */
function regionPlace(a: Bytes, b: Bytes, region: Region, about: Displacement): Displacement & { value: number } {
  let best = { dx: 0, dy: 0, value: 0 };
  const look = (dx: number, dy: number, rows: number): void => {
    const value = regionCorrelation(a, b, region, about.dx + dx, about.dy + dy, 2, rows);
    if (value > best.value) best = { dx, dy, value };
  };
  for (let dy = -PLAY; dy <= PLAY; dy += 2) for (let dx = -PLAY; dx <= PLAY; dx += 2) look(dx, dy, 4);
  const { dx, dy } = best;
  best = { dx, dy, value: 0 };
  for (const v of [-1, 0, 1]) for (const u of [-1, 0, 1]) look(dx + u, dy + v, 2);
  return best;
}

interface Point {
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
  readonly weight: number;
}

/** Least squares of a value over 1, x and y; a slope that little speaks for stays small. */
function fitPlane(points: readonly Point[], read: (point: Point) => number): [number, number, number] {
  let [s, sx, sy, sz] = [0, 0, 0, 0];
  for (const point of points) {
    s += point.weight;
    sx += point.weight * point.x;
    sy += point.weight * point.y;
    sz += point.weight * read(point);
  }
  if (s <= 0) return [0, 0, 0];
  const [mx, my, mz] = [sx / s, sy / s, sz / s];
  let [xx, xy, yy, xz, yz] = [1, 0, 1, 0, 0];
  for (const point of points) {
    const { weight, x, y } = point;
    const z = read(point);
    xx += weight * (x - mx) ** 2;
    xy += weight * (x - mx) * (y - my);
    yy += weight * (y - my) ** 2;
    xz += weight * (x - mx) * (z - mz);
    yz += weight * (y - my) * (z - mz);
  }
  const determinant = xx * yy - xy * xy;
  const [p, q] = [(xz * yy - yz * xy) / determinant, (yz * xx - xz * xy) / determinant];
  return [mz - p * mx - q * my, p, q];
}

/** Where b lies under a, found from the nine regions of their overlap that correlate about a displacement. */
export function layOver(a: Bytes, b: Bytes, about: Displacement): Affine {
  const { left, right, top, bottom } = overlap(a, b, about);
  const edge = (from: number, to: number, n: number): number => Math.round(from + ((to - from) * n) / REGIONS);
  const points: Point[] = [];
  for (let row = 0; row < REGIONS; row++) {
    for (let column = 0; column < REGIONS; column++) {
      const region: Region = {
        left: edge(left, right, column),
        right: edge(left, right, column + 1),
        top: edge(top, bottom, row),
        bottom: edge(top, bottom, row + 1),
      };
      const { dx, dy, value } = regionPlace(a, b, region, about);
      const [x, y] = [(region.left + region.right) / 2, (region.top + region.bottom) / 2];
      points.push({ x, y, dx, dy, weight: Math.max(0, value - TELLING) ** 2 });
    }
  }
  const [dx, dxx, dxy] = fitPlane(points, (point) => point.dx);
  const [dy, dyx, dyy] = fitPlane(points, (point) => point.dy);
  return { dx: about.dx + dx, dxx, dxy, dy: about.dy + dy, dyx, dyy };
}
