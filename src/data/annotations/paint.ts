/** Drawings as masks: one painter for each kind of shape. */
import { FelfriError } from '../../core/errors.ts';
import type { Drawing, Geometry, Shape, Size } from './drawing.ts';
import { Bitmap } from './raster/bitmap.ts';
import { fillCocoPolygon } from './raster/coco-polygon.ts';
import { fillOpencvEllipse } from './raster/opencv-ellipse.ts';
import { drawOpencvLine } from './raster/opencv-line.ts';
import { fillOpencvPolygon } from './raster/opencv-polygon.ts';
import { fillPillowEllipse } from './raster/pillow-ellipse.ts';
import { drawPillowLine, fillPillowPolygon, fillPillowRectangle } from './raster/pillow-polygon.ts';

type Of<K extends Geometry['kind']> = Extract<Geometry, { kind: K }>;

function paintEllipse(bitmap: Bitmap, { x, y, radiusX, radiusY, angle }: Of<'ellipse'>): void {
  const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  const reach = Math.max(radiusX, radiusY);
  const rows = [Math.max(0, Math.floor(y - reach)), Math.min(bitmap.height - 1, Math.ceil(y + reach))] as const;
  const columns = [Math.max(0, Math.floor(x - reach)), Math.min(bitmap.width - 1, Math.ceil(x + reach))] as const;
  for (let row = rows[0]; row <= rows[1]; row++) {
    for (let column = columns[0]; column <= columns[1]; column++) {
      const [dx, dy] = [column + 0.5 - x, row + 0.5 - y];
      const along = (dx * cos + dy * sin) / radiusX;
      const across = (dy * cos - dx * sin) / radiusY;
      if (along * along + across * across <= 1) bitmap.point(column, row);
    }
  }
  bitmap.point(Math.floor(x), Math.floor(y));
}

function paintBox(bitmap: Bitmap, { x0, y0, x1, y1 }: Of<'box'>): void {
  // rounded to a millionth first, so that a border between pixels stays one after a text of decimals
  const edge = (v: number): number => Math.ceil(Math.round((v - 0.5) * 1e6) / 1e6);
  const from = Math.min(edge(x0), Math.floor((x0 + x1) / 2));
  const to = Math.max(edge(x1) - 1, from);
  const top = Math.min(edge(y0), Math.floor((y0 + y1) / 2));
  for (let y = Math.max(0, top); y <= Math.min(bitmap.height - 1, Math.max(edge(y1) - 1, top)); y++)
    bitmap.row(y, from, to);
}

function paintThinLine(bitmap: Bitmap, { points }: Of<'thin-line'>): void {
  const at = points.map(Math.floor);
  if (at.length === 2) bitmap.point(at[0]!, at[1]!);
  for (let i = 0; i + 3 < at.length; i += 2)
    drawOpencvLine(bitmap, { x0: at[i]!, y0: at[i + 1]!, x1: at[i + 2]!, y1: at[i + 3]! });
}

function paintRuns(bitmap: Bitmap, { order, runs, box }: Of<'runs'>): void {
  const { left, top, width, height } = box ?? { left: 0, top: 0, width: bitmap.width, height: bitmap.height };
  for (let i = 0; i < runs.length; i += 2) {
    const end = Math.min(runs[i]! + runs[i + 1]!, width * height);
    for (let at = runs[i]!; at < end; at++) {
      if (order === 'columns') bitmap.point(left + Math.floor(at / height), top + (at % height));
      else {
        const row = Math.floor(at / width);
        const last = Math.min(end, (row + 1) * width) - 1;
        bitmap.row(top + row, left + at - row * width, left + last - row * width);
        at = last;
      }
    }
  }
}

const painters: { readonly [K in Geometry['kind']]: (bitmap: Bitmap, shape: Of<K>) => void } = {
  'pillow-polygon': (bitmap, { points }) => fillPillowPolygon(bitmap, points),
  'pillow-rectangle': (bitmap, { points }) => fillPillowRectangle(bitmap, points),
  'pillow-line': (bitmap, { points, width }) => drawPillowLine(bitmap, points, width),
  'pillow-circle': (bitmap, { x, y, radius: r }) => fillPillowEllipse(bitmap, x - r, y - r, x + r, y + r),
  'coco-polygons': (bitmap, { polygons }) => {
    for (const points of polygons) fillCocoPolygon(bitmap, points);
  },
  'opencv-polygon': (bitmap, { points }) => fillOpencvPolygon(bitmap, points),
  'opencv-ellipse': (bitmap, { x, y, radiusX, radiusY, angle }) =>
    fillOpencvEllipse(bitmap, x, y, radiusX, radiusY, angle),
  ellipse: paintEllipse,
  box: paintBox,
  'thin-line': paintThinLine,
  runs: paintRuns,
};

/** A shape in shares of the image, in its pixels. Products are in single precision, as ultralytics computes them. */
function inPixels({ geometry, relative }: Shape, { width, height }: Size): Geometry {
  if (relative === undefined) return geometry;
  if (geometry.kind === 'box') {
    const { x0, y0, x1, y1 } = geometry;
    return { ...geometry, x0: x0 * width, x1: x1 * width, y0: y0 * height, y1: y1 * height };
  }
  if (geometry.kind === 'opencv-polygon') {
    const points = geometry.points.map((v, i) => Math.fround(Math.fround(v) * (i % 2 === 0 ? width : height)));
    return { ...geometry, points };
  }
  throw new TypeError(`no ${geometry.kind} in shares of an image`);
}

function requireRunsFit({ runs }: Of<'runs'>, total: number): string | undefined {
  for (let i = 0; i < runs.length; i += 2) {
    const end = runs[i]! + runs[i + 1]!;
    if (end > total) return `has a run that ends at pixel ${end}, where the image has ${total}`;
  }
  return undefined;
}

/** Paints a shape; gives what is wrong with it, if anything is. */
function paintShape(bitmap: Bitmap, shape: Shape): string | undefined {
  const geometry = inPixels(shape, bitmap);
  if (geometry.kind === 'runs' && geometry.box === undefined) {
    const fault = requireRunsFit(geometry, bitmap.width * bitmap.height);
    if (fault !== undefined) return fault;
  }
  bitmap.begin(shape.erases ? 0 : 1);
  (painters[geometry.kind] as (bitmap: Bitmap, shape: Geometry) => void)(bitmap, geometry);
  if (bitmap.touched) return undefined;
  return `sets no pixel of the image's ${bitmap.width} x ${bitmap.height}: it lies outside, or is thinner than a pixel`;
}

function shapeError({ file }: Drawing, index: number, label: string, why: string): FelfriError {
  return new FelfriError(
    'ANNOTATION_INVALID',
    `${file}: shape ${index + 1} of the image (${label}) ${why}; correct it in the tool that wrote it, and export again`,
    { subject: file },
  );
}

/** Paints all shapes, each on the bitmap that `target` gives for it; one that erases, on all of them. */
function paintAll(drawing: Drawing, target: (shape: Shape) => readonly Bitmap[]): void {
  for (const [i, shape] of drawing.shapes.entries()) {
    for (const bitmap of target(shape)) {
      const fault = paintShape(bitmap, shape);
      if (fault !== undefined) throw shapeError(drawing, i, shape.label, fault);
    }
  }
}

/**
 * The mask of each label, in the order in which labels come first: [height, width], 1 where defect.
 * Throws ANNOTATION_INVALID for a shape that does not fit the image or sets no pixel.
 */
export function paintLabels(drawing: Drawing, { width, height }: Size): Map<string, Uint8Array> {
  const found = new Map<string, Bitmap>();
  paintAll(drawing, ({ label, erases }) => {
    if (erases) return [...found.values()];
    const bitmap = found.get(label) ?? new Bitmap(width, height);
    found.set(label, bitmap);
    return [bitmap];
  });
  return new Map([...found].map(([label, { data }]) => [label, data]));
}

/** The mask of all labels together. Throws as `paintLabels`. */
export function paintDrawing(drawing: Drawing, { width, height }: Size): Uint8Array {
  const bitmap = new Bitmap(width, height);
  paintAll(drawing, () => [bitmap]);
  return bitmap.data;
}
