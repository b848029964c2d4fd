/** Which part of an image is seen, and how large. */
import type { Point } from './mask-drawing.ts';

/** A pixel of the image at (px, py) is seen at (x + scale * px, y + scale * py). */
export interface Viewport extends Point {
  readonly scale: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** At most, a pixel of the image is this many pixels of the screen. */
const LARGEST = 32;

/** The whole image in the middle, with a margin. */
export function fitted(image: Size, stage: Size): Viewport {
  const scale = Math.min((stage.width - 16) / image.width, (stage.height - 16) / image.height, LARGEST);
  return { scale, x: (stage.width - image.width * scale) / 2, y: (stage.height - image.height * scale) / 2 };
}

/** `factor` times as large, with what is under `point` staying there; never smaller than half of fitted. */
export function zoomed(view: Viewport, factor: number, point: Point, image: Size, stage: Size): Viewport {
  const least = fitted(image, stage).scale / 2;
  const scale = Math.min(LARGEST, Math.max(least, view.scale * factor));
  const k = scale / view.scale;
  return { scale, x: point.x - (point.x - view.x) * k, y: point.y - (point.y - view.y) * k };
}

/** The place in the image that is seen at `point`. */
export function imagePoint(view: Viewport, point: Point): Point {
  return { x: (point.x - view.x) / view.scale, y: (point.y - view.y) / view.scale };
}
