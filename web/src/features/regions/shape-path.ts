/** A region's shape as an SVG path in the pixels of a picture. */
import type { Shape } from '../../../../src/data/regions/schema.ts';
import type { Size } from './tools.ts';

export interface ShapePath {
  /** Filled by the even-odd rule where `stroke` is 0. */
  readonly d: string;
  /** Width of the line with round ends that the shape is. */
  readonly stroke: number;
}

type Paths = { readonly [F in Shape['form']]: (shape: Extract<Shape, { form: F }>, size: Size) => ShapePath };

function disc(x: number, y: number, r: number): string {
  return r > 0 ? `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z` : '';
}

function line(points: readonly (readonly number[])[], { width, height }: Size): string {
  return points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${x! * width} ${y! * height}`).join('');
}

const paths: Paths = {
  polygon: ({ points }, size) => ({ d: `${line(points, size)}Z`, stroke: 0 }),
  ring: ({ centre: [x, y], outer, inner }, { width, height }) => ({
    d: [outer, inner].map((radius) => disc(x! * width, y! * height, radius * width)).join(''),
    stroke: 0,
  }),
  // a line of no length is drawn as a dot
  stroke: ({ points, radius }, size) => ({
    d: line(points.length === 1 ? [points[0]!, points[0]!] : points, size),
    stroke: 2 * radius * size.width,
  }),
  mask: ({ width, height, runs }, size) => ({
    d: rectangles(width, runs)
      .map(({ x, y, length }) => {
        const [w, h] = [size.width / width, size.height / height];
        return `M${x * w} ${y * h}h${length * w}v${h}h${-length * w}Z`;
      })
      .join(''),
    stroke: 0,
  }),
};

/** The marked stretches of each row. */
function rectangles(width: number, runs: readonly number[]): { x: number; y: number; length: number }[] {
  const all: { x: number; y: number; length: number }[] = [];
  let at = 0;
  for (const [i, run] of runs.entries()) {
    for (let left = i % 2 === 1 ? run : 0; left > 0; ) {
      const [x, y] = [at % width, Math.floor(at / width)];
      const length = Math.min(left, width - x);
      all.push({ x, y, length });
      at += length;
      left -= length;
    }
    if (i % 2 === 0) at += run;
  }
  return all;
}

export const pathOf = (shape: Shape, size: Size): ShapePath =>
  (paths[shape.form] as (shape: Shape, size: Size) => ShapePath)(shape, size);
