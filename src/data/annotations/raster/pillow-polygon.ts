/**
 * Polygons, wide lines and rectangles as Pillow's ImageDraw fills them, which is how LabelMe makes masks: right and lower
 * borders belong to the shape, and coordinates are cut to whole numbers towards zero. Pillow computes in single precision,
 * and so does this, or pixels on the border would differ.
 */
import type { Bitmap, Points } from './bitmap.ts';

const single = Math.fround;

interface Edge {
  readonly x0: number;
  readonly y0: number;
  xMin: number;
  xMax: number;
  readonly yMin: number;
  readonly yMax: number;
  /** Change of x from one row to the next. */
  readonly slope: number;
}

function edge(x0: number, y0: number, x1: number, y1: number): Edge {
  return {
    x0,
    y0,
    xMin: Math.min(x0, x1),
    xMax: Math.max(x0, x1),
    yMin: Math.min(y0, y1),
    yMax: Math.max(y0, y1),
    slope: y0 === y1 ? 0 : single((x1 - x0) / (y1 - y0)),
  };
}

const xAt = (e: Edge, y: number): number => single(single((y - e.y0) * e.slope) + e.x0);

/** C's roundf: halves away from zero. */
const roundHalfAway = (v: number): number => Math.sign(v) * Math.floor(Math.abs(v) + 0.5);

/** Where a span starts: halves away from zero. */
const firstPixel = (v: number): number => (v >= 0 ? Math.floor(single(v + 0.5)) : -Math.floor(Math.abs(v) + 0.5));
/** Where a span ends: halves towards zero. */
const lastPixel = (v: number): number => (v >= 0 ? Math.ceil(single(v - 0.5)) : -Math.ceil(Math.abs(v) - 0.5));

/**
 * The crossing of an edge that ends in a row where another edge ends at the same pixel: Pillow widens such a corner so that
 * flat ones leave no gap.
 */
function cornerCrossing(current: Edge, x: number, y: number, others: readonly Edge[]): number {
  for (const other of others) {
    const next = y === current.yMax ? y - 1 : y + 1;
    if (next < other.yMin || next > other.yMax) continue;
    const here = xAt(current, next);
    const there = xAt(other, next);
    if (x > single(here + 1) && x > single(there + 1)) return roundHalfAway(Math.max(here, there)) + 1;
    if (x < single(here - 1) && x < single(there - 1)) return roundHalfAway(Math.min(here, there)) - 1;
    return x;
  }
  return x;
}

/** Crossings of a row with the edges that reach it, which come in the polygon's order. */
function crossings(active: readonly Edge[], y: number, lastRow: number): number[] {
  const found: number[] = [];
  const corners = new Map<number, Edge[]>();
  for (const e of active) {
    const x = xAt(e, y);
    const ends = y === e.yMin || y === e.yMax;
    const pixel = roundHalfAway(x);
    if (y === e.yMax && y < lastRow) found.push(x, x);
    else if (ends && e.slope !== 0) found.push(cornerCrossing(e, x, y, corners.get(pixel) ?? []));
    else found.push(x);
    if (ends && e.slope !== 0) {
      const list = corners.get(pixel);
      if (list) list.push(e);
      else corners.set(pixel, [e]);
    }
  }
  return found.sort((a, b) => a - b);
}

function fillEdges(bitmap: Bitmap, edges: readonly Edge[]): void {
  const slanted: Edge[] = [];
  let top = bitmap.height - 1;
  let bottom = 0;
  for (const e of edges) {
    top = Math.min(top, e.yMin);
    bottom = Math.max(bottom, e.yMax);
    if (e.yMin === e.yMax) bitmap.row(e.yMin, e.xMin, e.xMax);
    else slanted.push(e);
  }
  top = Math.max(0, top);
  bottom = Math.min(bitmap.height, bottom);
  const starting = new Map<number, number[]>();
  for (const [i, e] of slanted.entries()) {
    const row = Math.max(top, e.yMin);
    const list = starting.get(row);
    if (list) list.push(i);
    else starting.set(row, [i]);
  }
  let active: number[] = [];
  for (let y = top; y <= bottom; y++) {
    active = active.filter((i) => slanted[i]!.yMax >= y);
    const fresh = starting.get(y);
    if (fresh) active = [...active, ...fresh.filter((i) => slanted[i]!.yMax >= y)].sort((a, b) => a - b);
    const xs = crossings(
      active.map((i) => slanted[i]!),
      y,
      bottom,
    );
    for (let i = 1; i < xs.length; i += 2) bitmap.row(y, firstPixel(xs[i - 1]!), lastPixel(xs[i]!));
  }
}

/** Fills a polygon of at least two points; it is closed by itself. */
export function fillPillowPolygon(bitmap: Bitmap, points: Points): void {
  const at = points.map(Math.trunc);
  const edges: Edge[] = [];
  const last = at.length - 2;
  for (let i = 0; i < last; i += 2) {
    const [x0, y0, x1, y1] = [at[i]!, at[i + 1]!, at[i + 2]!, at[i + 3]!];
    const before = at[i - 2];
    if (before !== undefined && y0 === y1 && y0 === at[i - 1]) {
      // horizontal after horizontal in one direction is one edge
      const previous = edges.at(-1)!;
      if (x1 > x0 && x0 > before) {
        previous.xMax = x1;
        continue;
      }
      if (x1 < x0 && x0 < before) {
        previous.xMin = x1;
        continue;
      }
    }
    edges.push(edge(x0, y0, x1, y1));
  }
  if (at[last] !== at[0] || at[last + 1] !== at[1]) edges.push(edge(at[last]!, at[last + 1]!, at[0]!, at[1]!));
  fillEdges(bitmap, edges);
}

/** Draws the pieces of an open line, each as a rectangle of its own `width` pixels wide with flat ends. */
export function drawPillowLine(bitmap: Bitmap, points: Points, width: number): void {
  const at = points.map(Math.trunc);
  const half = (width - 1) / 2;
  for (let i = 0; i + 3 < at.length; i += 2) {
    const [x0, y0, x1, y1] = [at[i]!, at[i + 1]!, at[i + 2]!, at[i + 3]!];
    const [dx, dy] = [x1 - x0, y1 - y0];
    if (dx === 0 && dy === 0) {
      bitmap.point(x0, y0);
      continue;
    }
    const length = Math.hypot(dx, dy);
    const more = firstPixel(half) / length;
    const less = lastPixel(half) / length;
    const corners = [
      [x0 - lastPixel(less * dy), y0 + lastPixel(more * dx)],
      [x1 - lastPixel(less * dy), y1 + lastPixel(more * dx)],
      [x1 + lastPixel(more * dy), y1 - lastPixel(less * dx)],
      [x0 + lastPixel(more * dy), y0 - lastPixel(less * dx)],
    ] as const;
    fillEdges(
      bitmap,
      corners.map(([x, y], k) => edge(x, y, ...corners[(k + 1) % 4]!)),
    );
  }
}

/** Fills the rectangle between two corners in any order, both included. */
export function fillPillowRectangle(bitmap: Bitmap, points: Points): void {
  const [xa, ya, xb, yb] = points as readonly [number, number, number, number];
  const [x0, x1] = [Math.trunc(Math.min(xa, xb)), Math.trunc(Math.max(xa, xb))];
  const [y0, y1] = [Math.trunc(Math.min(ya, yb)), Math.trunc(Math.max(ya, yb))];
  for (let y = Math.max(0, y0); y <= Math.min(bitmap.height - 1, y1); y++) bitmap.row(y, x0, x1);
}
