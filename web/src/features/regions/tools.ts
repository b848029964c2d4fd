/** What a region is drawn with: each tool makes one form of shape from places on the picture, in its pixels. */
import type { Shape } from '../../../../src/data/regions/schema.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

interface ToolRow {
  readonly word: string;
  readonly help: string;
  /** So many places make a shape. */
  readonly least: number;
  /** Whether so many places are all it takes, else the person says when it is done. */
  readonly ends: boolean;
  /** Whether places are set while the pointer is held. */
  readonly drags: boolean;
  /** `brush`: the diameter in pixels of the picture. */
  readonly shape: (places: readonly Point[], size: Size, brush: number) => Shape;
}

const share = (value: number): number => Math.round(Math.min(1, Math.max(0, value)) * 1e5) / 1e5;
const shares = ({ x, y }: Point, { width, height }: Size): number[] => [share(x / width), share(y / height)];
const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);

export const tools = {
  polygon: {
    word: 'Polygon',
    help: 'Click each corner, and the first one again.',
    least: 3,
    ends: false,
    drags: false,
    shape: (places, size) => ({ form: 'polygon', points: places.map((place) => shares(place, size)) }),
  },
  ring: {
    word: 'Disc or ring',
    help: 'Click the middle, then a place on the rim. A hole is said beside it.',
    least: 2,
    ends: true,
    drags: false,
    shape: ([centre, rim], size) => ({
      form: 'ring',
      centre: shares(centre!, size),
      outer: Math.min(2, Math.max(1, distance(centre!, rim!)) / size.width),
      inner: 0,
    }),
  },
  stroke: {
    word: 'Brush',
    help: 'Draw with the button held.',
    least: 1,
    ends: false,
    drags: true,
    shape: (places, size, brush) => ({
      form: 'stroke',
      points: thinned(places, brush / 8).map((place) => shares(place, size)),
      radius: Math.min(0.5, brush / 2 / size.width),
    }),
  },
} as const satisfies Readonly<Record<string, ToolRow>>;

export type Tool = keyof typeof tools;
export const toolNames = Object.keys(tools) as Tool[];
export const toolOf = (tool: Tool): ToolRow => tools[tool];

/** Most points of a shape. */
const MOST_POINTS = 2000;

/** Without places that lie nearer than `apart` to the one before. */
function thinned(places: readonly Point[], apart: number): readonly Point[] {
  const kept: Point[] = [];
  for (const place of places) {
    const last = kept.at(-1);
    if (!last || distance(last, place) >= apart) kept.push(place);
  }
  return kept.length <= MOST_POINTS ? kept : thinned(kept, 2 * Math.max(apart, 0.5));
}
