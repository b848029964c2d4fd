/** The line round what is above a limit: white with a black edge, so that it is seen on any part and on any colour. */
import type { Image } from '../data/image/raster.ts';

const WHITE = 255;
const BLACK = 0;

/** Of the shorter side of an image, one pixel of line for so many. */
const PIXELS_A_LINE = 400;

/** Pixels that reach the limit and have a neighbour that does not; the border of the image is none. */
function* edgeOf(values: ArrayLike<number>, width: number, height: number, limit: number): Generator<[number, number]> {
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      if (values[i]! < limit) continue;
      const outside =
        (x > 0 && values[i - 1]! < limit) ||
        (x < width - 1 && values[i + 1]! < limit) ||
        (y > 0 && values[i - width]! < limit) ||
        (y < height - 1 && values[i + width]! < limit);
      if (outside) yield [x, y];
    }
  }
}

/** Whether any of the values does. */
export function reaches(values: ArrayLike<number>, limit: number): boolean {
  for (let i = 0; i < values.length; i++) if (values[i]! >= limit) return true;
  return false;
}

/** Draws it into an RGB image; `values` are the map at its size, row-major. Says whether any of them reaches the limit. */
export function drawOutline(image: Image, values: ArrayLike<number>, limit: number): boolean {
  const { width, height } = image;
  drawLine(image, [...edgeOf(values, width, height, limit)]);
  return reaches(values, limit);
}

/** Draws the line along the border of an RGB image. */
export function drawFrame(image: Image): void {
  const { width, height } = image;
  const inset = thickness(image);
  const [right, bottom] = [Math.max(0, width - 1 - inset), Math.max(0, height - 1 - inset)];
  const [left, top] = [Math.min(inset, right), Math.min(inset, bottom)];
  const line: [number, number][] = [];
  for (let x = left; x <= right; x++) line.push([x, top], [x, bottom]);
  for (let y = top; y <= bottom; y++) line.push([left, y], [right, y]);
  drawLine(image, line);
}

/** Pixels of white on either side of a line's middle. */
const thickness = ({ width, height }: Image): number =>
  Math.max(0, Math.round(Math.min(width, height) / PIXELS_A_LINE) - 1);

function drawLine(image: Image, line: readonly (readonly [number, number])[]): void {
  const { width, height, data } = image;
  const wide = thickness(image);
  for (const [radius, grey] of [
    [wide + 1, BLACK],
    [wide, WHITE],
  ] as const) {
    for (const [x, y] of line) {
      for (let row = Math.max(0, y - radius); row <= Math.min(height - 1, y + radius); row++) {
        const from = (row * width + Math.max(0, x - radius)) * 3;
        data.fill(grey, from, (row * width + Math.min(width - 1, x + radius) + 1) * 3);
      }
    }
  }
}
