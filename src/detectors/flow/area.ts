/** What a canvas's regions leave of a flow's maps, within the graph. */
import { mul } from '../../engine/builders.ts';
import type { Graph, Value } from '../../engine/graph.ts';
import type { Canvas } from '../../train/canvas.ts';
import { cellsOf } from '../../train/judged-area.ts';
import { SCALES } from './config.ts';

type Size = readonly [number, number];

export interface JudgedArea {
  /** How many times the threshold each cell bears, 0 where nothing is judged. */
  readonly tolerances: Float32Array;
  /** Cells that are judged, by their number in the map. */
  readonly positions: readonly number[];
  /** (1, 1, h, w): 1 at cells that are judged. */
  readonly all: Value;
  /** The same without the cells of regions with thresholds of their own, which their places alone judge; all of them where nothing else is left. */
  readonly plain: Value;
  /** 1 at cells of such regions; undefined where there are none. */
  readonly own: Value | undefined;
  /** Whether cells without such a threshold are left. */
  readonly hasPlain: boolean;
}

/** Of a map of that size; undefined where the canvas has no regions. */
export function judgedArea(graph: Graph, canvas: Canvas, [height, width]: Size): JudgedArea | undefined {
  const tolerances = cellsOf(canvas, { height, width });
  if (!tolerances) return undefined;
  const marked = (is: (tolerance: number) => boolean): Value =>
    graph.constant(
      [1, 1, height, width],
      Array.from(tolerances, (t) => (is(t) ? 1 : 0)),
    );
  const hasPlain = tolerances.includes(1);
  const all = marked((t) => t > 0);
  return {
    tolerances,
    positions: Array.from(tolerances.keys()).filter((i) => tolerances[i]! > 0),
    all,
    plain: hasPlain ? marked((t) => t === 1) : all,
    own: tolerances.some((t) => t > 0 && t !== 1) ? marked((t) => t > 0 && t !== 1) : undefined,
    hasPlain,
  };
}

/** 1 at the cells of each scale that are judged, (1, 1, h, w); undefined where the canvas has no regions. */
export function judgedScales(graph: Graph, canvas: Canvas, [height, width]: Size): Value[] | undefined {
  if (!canvas.regions) return undefined;
  return Array.from({ length: SCALES }, (_, scale) => {
    const half = (side: number): number => (scale === 0 ? side : Math.ceil(side / 2 ** scale));
    return judgedArea(graph, canvas, [half(height), half(width)])!.all;
  });
}

/** What is judged of what a picture shows: `shown` (1, 1, h, w) is 1 off the padding. */
export const within = (area: JudgedArea, shown: Value | undefined): JudgedArea =>
  shown
    ? {
        ...area,
        all: mul(area.all, shown),
        plain: mul(area.plain, shown),
        own: area.own && mul(area.own, shown),
      }
    : area;
