/**
 * The one table of shapes. Each says where a row of the picture lies within it, which is all that drawing, training and judging need. Imports
 * nothing that runs in Node alone.
 */
import type { Shape } from './schema.ts';

/** Pairs of ends, from left to right or not: shares of the picture's width. They may overlap. */
export type Spans = readonly number[];

interface ShapeRow<S> {
  /** What of the row at `y` (share of the height) lies within; `aspect` is width over height of the picture. */
  readonly spans: (shape: S, y: number, aspect: number) => Spans;
  /** Why it encloses nothing, null where it encloses something. */
  readonly fault: (shape: S) => string | null;
}

type Of<F extends Shape['form']> = Extract<Shape, { form: F }>;

/** Where a row meets the edges of a polygon, by the even-odd rule. */
function polygonSpans(points: readonly (readonly number[])[], y: number): number[] {
  const crossings: number[] = [];
  for (let i = 0; i < points.length; i++) {
    const [x1, y1] = points[i] as [number, number];
    const [x2, y2] = points[(i + 1) % points.length] as [number, number];
    if (y1 > y !== y2 > y) crossings.push(x1 + ((y - y1) / (y2 - y1)) * (x2 - x1));
  }
  return crossings.sort((a, b) => a - b);
}

/** Half of what a disc covers of a row that lies `away` from its centre; undefined where they do not meet. */
const halfChord = (radius: number, away: number): number | undefined =>
  Math.abs(away) < radius ? Math.sqrt(radius ** 2 - away ** 2) : undefined;

function ringSpans({ centre, outer, inner }: Of<'ring'>, y: number, aspect: number): number[] {
  const [x, cy] = centre as [number, number];
  const away = (y - cy) / aspect;
  const wide = halfChord(outer, away);
  if (wide === undefined) return [];
  const hole = halfChord(inner, away);
  return hole === undefined ? [x - wide, x + wide] : [x - wide, x - hole, x + hole, x + wide];
}

/** One stretch of a brush: what lies within its radius of a line. Convex, so that a row meets it in one span. */
function stretchSpan(a: readonly number[], b: readonly number[], radius: number, y: number): number[] {
  const [ax, ay, bx, by] = [a[0]!, a[1]!, b[0]!, b[1]!];
  const ends: number[] = [];
  for (const [x, cy] of [
    [ax, ay],
    [bx, by],
  ] as const) {
    const half = halfChord(radius, y - cy);
    if (half !== undefined) ends.push(x - half, x + half);
  }
  const length = Math.hypot(bx - ax, by - ay);
  if (length > 0) {
    const [nx, ny] = [(-(by - ay) / length) * radius, ((bx - ax) / length) * radius];
    const corners = [
      [ax + nx, ay + ny],
      [bx + nx, by + ny],
      [bx - nx, by - ny],
      [ax - nx, ay - ny],
    ];
    ends.push(...polygonSpans(corners, y));
  }
  return ends.length === 0 ? [] : [Math.min(...ends), Math.max(...ends)];
}

function strokeSpans({ points, radius }: Of<'stroke'>, y: number, aspect: number): number[] {
  const metric = points.map(([x, py]) => [x!, py! / aspect]);
  const stretches = metric.length === 1 ? [[metric[0]!, metric[0]!]] : metric.slice(1).map((b, i) => [metric[i]!, b]);
  return stretches.flatMap(([a, b]) => stretchSpan(a!, b!, radius, y / aspect));
}

/** Of each row of a mask the spans that are marked, made once. */
const rowsOfMasks = new WeakMap<Of<'mask'>, number[][]>();

function rowsOf(mask: Of<'mask'>): number[][] {
  const known = rowsOfMasks.get(mask);
  if (known) return known;
  const { width, height, runs } = mask;
  const rows = Array.from({ length: height }, (): number[] => []);
  let at = 0;
  for (const [i, run] of runs.entries()) {
    // a marked run may go on over rows
    for (let left = i % 2 === 1 ? run : 0; left > 0; ) {
      const column = at % width;
      const here = Math.min(left, width - column);
      rows[Math.floor(at / width)]?.push(column / width, (column + here) / width);
      at += here;
      left -= here;
    }
    if (i % 2 === 0) at += run;
  }
  rowsOfMasks.set(mask, rows);
  return rows;
}

const shapes: { readonly [F in Shape['form']]: ShapeRow<Of<F>> } = {
  polygon: {
    spans: ({ points }, y) => polygonSpans(points, y),
    fault: ({ points }) => {
      const twice = points.reduce((sum, [x, y], i) => {
        const [nx, ny] = points[(i + 1) % points.length] as [number, number];
        return sum + x! * ny - nx * y!;
      }, 0);
      return Math.abs(twice) > 1e-9 ? null : 'its corners enclose no area';
    },
  },
  ring: {
    spans: ringSpans,
    fault: ({ outer, inner }) => (inner < outer ? null : 'its inner radius is not below its outer one'),
  },
  stroke: { spans: strokeSpans, fault: () => null },
  mask: {
    spans: (mask, y) => rowsOf(mask)[Math.min(mask.height - 1, Math.max(0, Math.floor(y * mask.height)))]!,
    fault: ({ width, height, runs }) => {
      const all = runs.reduce((sum, run) => sum + run, 0);
      if (all !== width * height) return `its runs hold ${all} pixels, not ${width} x ${height}`;
      return runs.some((run, i) => i % 2 === 1 && run > 0) ? null : 'it marks nothing';
    },
  },
};

const rowOf = (shape: Shape) => shapes[shape.form] as ShapeRow<Shape>;

export const spansOf = (shape: Shape, y: number, aspect: number): Spans => rowOf(shape).spans(shape, y, aspect);
export const faultOf = (shape: Shape): string | null => rowOf(shape).fault(shape);
