/** A box that was turned, as the four corners of a polygon. */
import type { Points } from '../raster/bitmap.ts';

/** Corners of the box after a turn by `degrees` clockwise about (aboutX, aboutY). */
export function turnedBox(
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  degrees: number,
  aboutX: number,
  aboutY: number,
): Points {
  const corners = [x0, y0, x1, y0, x1, y1, x0, y1];
  if (degrees === 0) return corners;
  const angle = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return corners.map((_, i) => {
    const [dx, dy] = [corners[i - (i % 2)]! - aboutX, corners[i - (i % 2) + 1]! - aboutY];
    return i % 2 === 0 ? aboutX + cos * dx - sin * dy : aboutY + sin * dx + cos * dy;
  });
}
