/**
 * Polygons as COCO's mask library fills them: the outline is walked on a grid five times as fine, and each column is
 * toggled where the outline crosses the middle of its pixels. The right and lower borders do not belong to the polygon, so
 * that (2,2)-(6,6) sets 16 pixels. CVAT's and Label Studio's exports draw by the same rule.
 */
import type { Bitmap, Points } from './bitmap.ts';

const fineness = 5;

/** Calls `visit` for every point of a line on the fine grid, from its start to its end, both included. */
function walk(x0: number, y0: number, x1: number, y1: number, visit: (x: number, y: number) => void): void {
  const [dx, dy] = [Math.abs(x1 - x0), Math.abs(y1 - y0)];
  const flat = dx >= dy;
  // the line is computed from its left or upper end, so that both directions give the same points
  const turned = flat ? x0 > x1 : y0 > y1;
  const [xs, ys, xe, ye] = turned ? [x1, y1, x0, y0] : [x0, y0, x1, y1];
  const steps = flat ? dx : dy;
  const slope = flat ? (ye - ys) / dx : (xe - xs) / dy;
  for (let d = 0; d <= steps; d++) {
    const t = turned ? steps - d : d;
    if (flat) visit(t + xs, dx === 0 ? ys : Math.trunc(ys + slope * t + 0.5));
    else visit(Math.trunc(xs + slope * t + 0.5), t + ys);
  }
}

/** Positions in the columns, one after the other, at which the polygon begins or ends; sorted. */
function toggles(points: Points, width: number, height: number): number[] {
  const fine = points.map((v) => Math.trunc(fineness * v + 0.5));
  const positions: number[] = [];
  let [u, v] = [Number.NaN, Number.NaN];
  const visit = (x: number, y: number): void => {
    if (x !== u && !Number.isNaN(u)) {
      const column = ((x < u ? x : x - 1) + 0.5) / fineness - 0.5;
      if (Number.isInteger(column) && column >= 0 && column <= width - 1) {
        const row = (Math.min(y, v) + 0.5) / fineness - 0.5;
        positions.push(column * height + Math.ceil(Math.min(Math.max(row, 0), height)));
      }
    }
    [u, v] = [x, y];
  };
  for (let i = 0; i < fine.length; i += 2) {
    const j = (i + 2) % fine.length;
    walk(fine[i]!, fine[i + 1]!, fine[j]!, fine[j + 1]!, visit);
  }
  return positions.sort((a, b) => a - b);
}

/** Fills a polygon of at least three points; it is closed by itself, and may cross itself (even-odd rule). */
export function fillCocoPolygon(bitmap: Bitmap, points: Points): void {
  const { width, height } = bitmap;
  const positions = [...toggles(points, width, height), width * height];
  for (let i = 0; i + 1 < positions.length; i += 2) {
    for (let p = positions[i]!; p < positions[i + 1]!; p++) bitmap.point(Math.floor(p / height), p % height);
  }
}
