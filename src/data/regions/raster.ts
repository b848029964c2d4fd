/** Regions as pixels of a picture, of a canvas and of a map's cells. Needs nothing of Node. */
import type { Region, Regions, Shape } from './schema.ts';
import { spansOf } from './shapes.ts';

export interface Grid {
  readonly height: number;
  readonly width: number;
}

/** Pictures of other proportions than this share shift what regions lie on by a visible part of themselves. */
const PROPORTIONS = 0.02;

/** Whether a picture has the proportions that the regions were drawn on. */
export const hasProportions = ({ aspect }: Regions, { width, height }: Grid): boolean =>
  Math.abs(Math.log(width / height / aspect)) <= PROPORTIONS;

/** Calls `mark` with the first pixel and the one behind the last of each stretch whose pixels' centres lie within. */
function eachStretch(shape: Shape, aspect: number, { height, width }: Grid, mark: (from: number, to: number) => void) {
  for (let row = 0; row < height; row++) {
    const spans = spansOf(shape, (row + 0.5) / height, aspect);
    for (let i = 0; i + 1 < spans.length; i += 2) {
      const from = Math.max(0, Math.ceil(spans[i]! * width - 0.5));
      const to = Math.min(width, Math.ceil(spans[i + 1]! * width - 0.5));
      if (from < to) mark(row * width + from, row * width + to);
    }
  }
}

/** 1 at each pixel of the picture whose centre a shape covers. */
export function shapeMask(shape: Shape, aspect: number, grid: Grid): Uint8Array {
  const mask = new Uint8Array(grid.height * grid.width);
  eachStretch(shape, aspect, grid, (from, to) => mask.fill(1, from, to));
  return mask;
}

const toleranceOf = ({ tolerance = 1 }: Region): number => tolerance;

/** Regions of interest, in their order. */
export const inspectedRegions = ({ regions }: Regions): Region[] => regions.filter(({ kind }) => kind === 'inspect');

/**
 * What each pixel of the picture bears: 0 where nothing is judged, else how many times the threshold. Where regions of interest overlap the
 * strictest counts; what is ignored is ignored whatever else covers it.
 */
export function tolerances(regions: Regions, grid: Grid): Float32Array {
  const { aspect } = regions;
  const inspected = inspectedRegions(regions);
  const values = new Float32Array(grid.height * grid.width).fill(inspected.length === 0 ? 1 : 0);
  // the strictest last, so that it stays
  for (const region of inspected.sort((a, b) => toleranceOf(b) - toleranceOf(a)))
    eachStretch(region.shape, aspect, grid, (from, to) => values.fill(toleranceOf(region), from, to));
  for (const { kind, shape } of regions.regions)
    if (kind === 'ignore') eachStretch(shape, aspect, grid, (from, to) => values.fill(0, from, to));
  return values;
}

/** How a canvas takes a picture, as `Canvas` has it. */
interface Fitted extends Grid {
  readonly fit: 'stretch' | 'letterbox';
}

/** The part of a canvas, from the upper left, that a picture of some proportions takes. */
export function shownOn({ height, width, fit }: Fitted, aspect: number): Grid {
  if (fit === 'stretch') return { height, width };
  const wide = width / height >= aspect;
  const side = (length: number): number => Math.max(1, Math.round(length));
  return wide ? { height, width: side(height * aspect) } : { height: side(width / aspect), width };
}

/** The same on a canvas, row-major; 0 on padding. */
export function canvasTolerances(regions: Regions, canvas: Fitted): Float32Array {
  const shown = shownOn(canvas, regions.aspect);
  const values = new Float32Array(canvas.height * canvas.width);
  const own = tolerances(regions, shown);
  for (let y = 0; y < shown.height; y++)
    values.set(own.subarray(y * shown.width, (y + 1) * shown.width), y * canvas.width);
  return values;
}

/**
 * The same for the cells of a map that covers the canvas: a cell is judged where any of its pixels is, and as the strictest of these asks, so that
 * nothing that is to be judged falls between cells.
 */
export function cellTolerances(pixels: Float32Array, canvas: Grid, cells: Grid): Float32Array {
  const values = new Float32Array(cells.height * cells.width);
  for (let y = 0; y < canvas.height; y++) {
    const row = Math.floor((y * cells.height) / canvas.height) * cells.width;
    for (let x = 0; x < canvas.width; x++) {
      const tolerance = pixels[y * canvas.width + x]!;
      if (tolerance === 0) continue;
      const cell = row + Math.floor((x * cells.width) / canvas.width);
      values[cell] = values[cell] === 0 ? tolerance : Math.min(values[cell]!, tolerance);
    }
  }
  return values;
}

/** 1 where something is judged. */
export const judgedPlaces = (values: Float32Array): Uint8Array => Uint8Array.from(values, (v) => (v > 0 ? 1 : 0));
