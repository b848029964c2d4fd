/**
 * Polygons as OpenCV's fillPoly draws them, which is how YOLO's own training makes masks: whole coordinates, and the outline
 * itself is drawn too, so that right and lower borders belong to the polygon.
 */
import type { Bitmap, Points } from './bitmap.ts';
import { clipLine, drawOpencvLine } from './opencv-line.ts';

/** Fixed-point fractions have 16 bits. */
const one = 65_536;

interface Edge {
  readonly y0: number;
  readonly y1: number;
  x: number;
  readonly dx: number;
}

/**
 * The edges of a polygon. The slope of one that leaves the image is that of its part inside, whose ends were rounded, and
 * so its start is found by that slope from there.
 */
function edgesOf(at: readonly number[], width: number, height: number): Edge[] {
  const edges: Edge[] = [];
  for (let i = 0; i < at.length; i += 2) {
    const j = (i + at.length - 2) % at.length;
    const whole = { x0: at[j]!, y0: at[j + 1]!, x1: at[i]!, y1: at[i + 1]! };
    if (whole.y0 === whole.y1) continue;
    const clipped = clipLine(whole, width, height);
    const used = clipped.y0 === clipped.y1 ? { ...clipped, y0: whole.y0, y1: whole.y1 } : clipped;
    const dx = Math.trunc(((used.x1 - used.x0) * one) / (used.y1 - used.y0));
    const down = whole.y0 < whole.y1;
    const [y0, x, y] = down ? [whole.y0, used.x0, used.y0] : [whole.y1, used.x1, used.y1];
    edges.push({ y0, y1: down ? whole.y1 : whole.y0, x: x * one + (y0 - y) * dx, dx });
  }
  return edges.sort((a, b) => a.y0 - b.y0 || a.x - b.x || a.dx - b.dx);
}

/** Puts the edges that start in a row among the active ones: before the first that lies not left of them. */
function insert(active: Edge[], fresh: readonly Edge[]): Edge[] {
  const merged: Edge[] = [];
  let i = 0;
  for (const e of fresh) {
    while (i < active.length && active[i]!.x < e.x) merged.push(active[i++]!);
    merged.push(e);
  }
  return [...merged, ...active.slice(i)];
}

/** Fills a polygon of at least one point, coordinates cut to whole numbers towards zero; even-odd rule. */
export function fillOpencvPolygon(bitmap: Bitmap, points: Points): void {
  const at = points.map(Math.trunc);
  for (let i = 0; i < at.length; i += 2) {
    // each line starts at the point before, the first at the last one
    const j = (i + at.length - 2) % at.length;
    drawOpencvLine(bitmap, { x0: at[j]!, y0: at[j + 1]!, x1: at[i]!, y1: at[i + 1]! });
  }
  const edges = edgesOf(at, bitmap.width, bitmap.height);
  let next = 0;
  let active: Edge[] = [];
  let bottom = 0;
  for (const { y1 } of edges) bottom = Math.max(bottom, y1);
  bottom = Math.min(bottom, bitmap.height);
  for (let y = edges[0]?.y0 ?? bottom; y < bottom; y++) {
    active = active.filter((e) => e.y1 !== y);
    const from = next;
    while (next < edges.length && edges[next]!.y0 === y) next++;
    if (next > from) active = insert(active, edges.slice(from, next));
    for (let i = 1; i < active.length; i += 2) {
      const [a, b] = [active[i - 1]!, active[i]!];
      bitmap.row(y, Math.ceil(Math.min(a.x, b.x) / one), Math.floor(Math.max(a.x, b.x) / one));
      a.x += a.dx;
      b.x += b.dx;
    }
    active.sort((a, b) => a.x - b.x);
  }
}
