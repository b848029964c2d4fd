/**
 * What annotation files say of one image: shapes, each with the rule by which its tool turns it into pixels. Plain data.
 */
import type { Runs } from './codecs/runs.ts';
import type { Points } from './raster/bitmap.ts';

/** A shape as its tool means it. Coordinates are in pixels, x to the right and y down. */
export type Geometry =
  /** LabelMe's polygons. */
  | { readonly kind: 'pillow-polygon'; readonly points: Points }
  | { readonly kind: 'pillow-rectangle'; readonly points: Points }
  | { readonly kind: 'pillow-line'; readonly points: Points; readonly width: number }
  | { readonly kind: 'pillow-circle'; readonly x: number; readonly y: number; readonly radius: number }
  /** COCO's polygons, united, and those that CVAT and Label Studio export as such. */
  | { readonly kind: 'coco-polygons'; readonly polygons: readonly Points[] }
  /** Ultralytics' segments. */
  | { readonly kind: 'opencv-polygon'; readonly points: Points }
  /** CVAT's ellipses; half axes, and degrees clockwise. */
  | {
      readonly kind: 'opencv-ellipse';
      readonly x: number;
      readonly y: number;
      readonly radiusX: number;
      readonly radiusY: number;
      readonly angle: number;
    }
  /** Where no tool has a rule: pixels whose centre lies within. */
  | {
      readonly kind: 'ellipse';
      readonly x: number;
      readonly y: number;
      readonly radiusX: number;
      readonly radiusY: number;
      readonly angle: number;
    }
  /** Pixels whose centre lies in the half-open box, but at least one. */
  | { readonly kind: 'box'; readonly x0: number; readonly y0: number; readonly x1: number; readonly y1: number }
  /** A line one pixel wide through the pixels that hold its points; a single point is its pixel. */
  | { readonly kind: 'thin-line'; readonly points: Points }
  /** Runs row by row or column by column within a box, or within the whole image. */
  | {
      readonly kind: 'runs';
      readonly order: 'rows' | 'columns';
      readonly runs: Runs;
      readonly box?: {
        readonly left: number;
        readonly top: number;
        readonly width: number;
        readonly height: number;
      };
    };

/** A shape in unit lengths of the image (0 to 1), as YOLO writes it, becomes one in pixels when the image's size is known. */
export interface Shape {
  readonly label: string;
  readonly geometry: Geometry;
  /** Coordinates are shares of width and height. */
  readonly relative?: true;
  /** It takes away what shapes before it set. */
  readonly erases?: true;
  /** A box around the defect rather than the defect. */
  readonly rough?: true;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The shapes of one image. */
export interface Drawing {
  /** Absolute path of the file that they are from. */
  readonly file: string;
  readonly shapes: readonly Shape[];
  /** What the file says of the image's size. */
  readonly size?: Size;
  /** Whether coordinates are of the image as it is shown, EXIF orientation applied; not known for most tools. */
  readonly upright?: true;
}
