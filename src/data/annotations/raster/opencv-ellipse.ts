/**
 * Filled ellipses as OpenCV draws them, which is what CVAT's server makes masks of ellipses with: a polygon of few corners
 * (every 5 to 90 degrees, by size) with coordinates in fixed point.
 */
import type { Bitmap } from './bitmap.ts';
import { clipLine } from './opencv-line.ts';

const one = 65_536;
const half = 32_768;

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Halves to the even neighbour, as Python and OpenCV round. */
function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest < 0.5 || (rest === 0.5 && floor % 2 === 0) ? floor : floor + 1;
}

/** OpenCV's table of sines: seven decimals, in single precision. */
const sine = (degrees: number): number => Math.fround(Math.round(Math.sin((degrees * Math.PI) / 180) * 1e7) / 1e7);

/** Corners of the polygon that stands for an ellipse, in fixed point. */
function corners(centre: Point, axisX: number, axisY: number, angle: number): Point[] {
  const largest = Math.max(axisX, axisY);
  const step = largest < 3 ? 90 : largest < 10 ? 30 : largest < 15 ? 18 : 5;
  const turned = ((angle % 360) + 360) % 360;
  const [cosine, sineOf] = [sine(450 - turned), sine(turned)];
  const fixed = (v: number): number => {
    const whole = roundHalfEven(v / one) * one;
    return whole + roundHalfEven(v - whole);
  };
  const found: Point[] = [];
  for (let at = 0; at < 360 + step; at += step) {
    const degrees = Math.min(at, 360);
    const x = axisX * one * sine(450 - degrees);
    const y = axisY * one * sine(degrees);
    const point = {
      x: fixed(centre.x * one + x * cosine - y * sineOf),
      y: fixed(centre.y * one + x * sineOf + y * cosine),
    };
    const last = found.at(-1);
    if (last?.x !== point.x || last.y !== point.y) found.push(point);
  }
  return found.length > 1 ? found : [{ x: centre.x * one, y: centre.y * one }, found[0]!];
}

/** Draws a line between two points in fixed point. */
function drawFixedLine(bitmap: Bitmap, from: Point, to: Point): void {
  const ends = { x0: from.x, y0: from.y, x1: to.x, y1: to.y };
  const clipped = clipLine(ends, bitmap.width * one, bitmap.height * one);
  if (!clipped.visible) return;
  let { x0, y0, x1, y1 } = clipped;
  const flat = Math.abs(x1 - x0) > Math.abs(y1 - y0);
  if (flat ? x1 < x0 : y1 < y0) [x0, y0, x1, y1] = [x1, y1, x0, y0];
  bitmap.point(Math.floor((x1 + half) / one), Math.floor((y1 + half) / one));
  const [long, short] = flat ? [x1 - x0, y1 - y0] : [y1 - y0, x1 - x0];
  const step = Math.trunc((short * one) / (long % 2 === 0 ? long + 1 : long));
  let across = (flat ? y0 : x0) + half;
  let along = Math.floor(((flat ? x0 : y0) + half) / one);
  for (let i = Math.floor(long / one); i >= 0; i--) {
    if (flat) bitmap.point(along, Math.floor(across / one));
    else bitmap.point(Math.floor(across / one), along);
    along++;
    across += step;
  }
}

/** One side of a convex polygon on its way down. */
interface Side {
  index: number;
  readonly direction: number;
  x: number;
  dx: number;
  until: number;
}

function fillConvex(bitmap: Bitmap, polygon: readonly Point[]): void {
  const n = polygon.length;
  for (const [i, point] of polygon.entries()) drawFixedLine(bitmap, polygon[(i + n - 1) % n]!, point);
  const rows = polygon.map(({ y }) => Math.floor((y + half) / one));
  const lowest = Math.min(bitmap.height - 1, Math.max(...rows));
  let top = 0;
  for (const [i, { y }] of polygon.entries()) if (y < polygon[top]!.y) top = i;
  let y = rows[top]!;
  if (n < 3 || lowest < 0 || y >= bitmap.height) return;
  let left = n;
  const sides = [1, n - 1].map((direction): Side => ({ index: top, direction, x: -one, dx: 0, until: y }));
  for (; y <= lowest; y++) {
    for (const side of sides) {
      if (y < side.until) continue;
      let from = side.index;
      let to = (from + side.direction) % n;
      while (left-- > 0) {
        const row = rows[to]!;
        if (row > y) {
          const [xs, xe] = [polygon[from]!.x, polygon[to]!.x];
          side.until = row;
          side.dx = Math.trunc(((xe - xs) * 2 + (row - y)) / (2 * (row - y)));
          side.x = xs;
          side.index = to;
          break;
        }
        from = to;
        to = (to + side.direction) % n;
      }
    }
    if (left < 0) return;
    const [a, b] = [sides[0]!.x, sides[1]!.x];
    bitmap.row(y, Math.floor((Math.min(a, b) + half) / one), Math.floor((Math.max(a, b) + half) / one));
    for (const side of sides) side.x += side.dx;
  }
}

/** Fills an ellipse; centre, half axes and angle (degrees, clockwise) are rounded to whole numbers first. */
export function fillOpencvEllipse(
  bitmap: Bitmap,
  centreX: number,
  centreY: number,
  axisX: number,
  axisY: number,
  angle: number,
): void {
  const centre = { x: roundHalfEven(centreX), y: roundHalfEven(centreY) };
  const axes = [Math.abs(roundHalfEven(axisX)), Math.abs(roundHalfEven(axisY))] as const;
  fillConvex(bitmap, corners(centre, ...axes, roundHalfEven(angle)));
}
