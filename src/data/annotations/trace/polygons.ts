/**
 * A mask as polygons that a tool's rule turns into the very same pixels. What a traced outline would not give back exactly is
 * written row by row.
 */
import { Bitmap, type Points } from '../raster/bitmap.ts';
import { fillCocoPolygon } from '../raster/coco-polygon.ts';
import { fillOpencvPolygon } from '../raster/opencv-polygon.ts';
import { fillPillowPolygon } from '../raster/pillow-polygon.ts';
import { outlineAlongEdges, outlineThroughPixels } from './outlines.ts';
import { type Connectivity, type Piece, piecesOf } from './regions.ts';

interface Rule {
  readonly connectivity: Connectivity;
  readonly fill: (bitmap: Bitmap, points: Points) => void;
  readonly outline: (piece: Piece) => Points;
  /** The pixels x0 to x1 of a row. */
  readonly row: (x0: number, x1: number, y: number) => Points;
}

const throughPixels = {
  connectivity: 8,
  outline: outlineThroughPixels,
  row: (x0, x1, y) => [x0, y, x1, y, x0, y],
} as const satisfies Omit<Rule, 'fill'>;

const rules = {
  /** Right and lower borders are left out: COCO, CVAT, Label Studio. */
  coco: {
    connectivity: 4,
    fill: fillCocoPolygon,
    outline: outlineAlongEdges,
    row: (x0, x1, y) => [x0, y, x1 + 1, y, x1 + 1, y + 1, x0, y + 1],
  },
  /** All borders belong to the polygon: LabelMe. */
  pillow: { ...throughPixels, fill: fillPillowPolygon },
  /** Likewise: YOLO. */
  opencv: { ...throughPixels, fill: fillOpencvPolygon },
} as const satisfies Record<string, Rule>;

export type PolygonRule = keyof typeof rules;

function isExact({ fill }: Rule, points: Points, { left, top, width, height, data }: Piece): boolean {
  const bitmap = new Bitmap(width + 2, height + 2);
  fill(
    bitmap,
    points.map((v, i) => v - (i % 2 === 0 ? left : top) + 1),
  );
  return bitmap.data.every((value, p) => {
    const [x, y] = [(p % bitmap.width) - 1, Math.floor(p / bitmap.width) - 1];
    const inside = x >= 0 && y >= 0 && x < width && y < height;
    return value === (inside ? data[y * width + x] : 0);
  });
}

function rowsOf({ row }: Rule, { left, top, width, data }: Piece): Points[] {
  const found: Points[] = [];
  for (let p = 0; p < data.length; p++) {
    if (!data[p]) continue;
    const x0 = p % width;
    let x1 = x0;
    while (x1 + 1 < width && data[p - x0 + x1 + 1]) x1++;
    found.push(row(left + x0, left + x1, top + Math.floor(p / width)));
    p += x1 - x0;
  }
  return found;
}

/** Polygons of a mask, [height, width] with 1 where marked, under a rule. */
export function polygonsOf(mask: { width: number; height: number; data: Uint8Array }, name: PolygonRule): Points[] {
  const rule: Rule = rules[name];
  return piecesOf(mask, rule.connectivity).flatMap((piece) => {
    const points = rule.outline(piece);
    return isExact(rule, points, piece) ? [points] : rowsOf(rule, piece);
  });
}
