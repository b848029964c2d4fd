/** A part that lies a little off: shifted and turned. What comes into the picture is a mirror image of what is beside it. */
import type { DeepImage } from './unit-image.ts';

export interface Move {
  /** Pixels. */
  readonly x: number;
  readonly y: number;
  /** About the middle of the picture. */
  readonly degrees: number;
}

/** A place beyond the border, mirrored at it: 0 1 2 3 are followed by 2 1 0. */
function mirrored(at: number, length: number): number {
  const period = 2 * (length - 1);
  if (period === 0) return 0;
  const within = ((at % period) + period) % period;
  return within < length ? within : period - within;
}

/** The picture moved, by bilinear interpolation. */
export function moved(image: DeepImage, { x, y, degrees }: Move): DeepImage {
  const { width, height, channels, data } = image;
  const angle = (-degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [middleX, middleY] = [(width - 1) / 2, (height - 1) / 2];
  const out = new Uint16Array(data.length);
  for (let row = 0, at = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const [dx, dy] = [column - x - middleX, row - y - middleY];
      const fromX = mirrored(cos * dx - sin * dy + middleX, width);
      const fromY = mirrored(sin * dx + cos * dy + middleY, height);
      const [left, above] = [Math.floor(fromX), Math.floor(fromY)];
      const [u, v] = [fromX - left, fromY - above];
      const right = Math.min(left + 1, width - 1);
      const below = Math.min(above + 1, height - 1) * width;
      for (let c = 0; c < channels; c++, at++) {
        const value = (line: number, place: number): number => data[(line + place) * channels + c]!;
        const upper = value(above * width, left) * (1 - u) + value(above * width, right) * u;
        const lower = value(below, left) * (1 - u) + value(below, right) * u;
        out[at] = Math.round(upper * (1 - v) + lower * v);
      }
    }
  }
  return { width, height, channels, data: out };
}
