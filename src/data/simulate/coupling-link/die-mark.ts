/** The number of the die, raised in the pocket of every link: harmless, and to a careless detector a row of laps. */
import { smoothStep } from '../smooth-noise.ts';

/** Segments of a figure of 4 x 2 mm about its middle: x1 y1 x2 y2. Order: top, upper right, lower right, bottom, lower left, upper left, middle. */
const segments = [
  [-1, -2, 1, -2],
  [1, -2, 1, 0],
  [1, 0, 1, 2],
  [-1, 2, 1, 2],
  [-1, 0, -1, 2],
  [-1, -2, -1, 0],
  [-1, 0, 1, 0],
] as const;

/** The segments of 0 to 9, as a string of their numbers. */
const figureSegments = ['012345', '12', '01346', '01236', '1256', '02356', '023456', '012', '0123456', '012356'];

const spacing = 4.4;

/** Height of the number at a place of the front, 0 to 1; -1 far from it. x and y in mm. */
export function dieMark(figures: readonly number[], x: number, y: number): number {
  const middle = ((figures.length - 1) * spacing) / 2;
  if (Math.abs(y) > 3 || Math.abs(x) > middle + 2.2) return -1;
  const index = Math.min(figures.length - 1, Math.max(0, Math.round((x + middle) / spacing)));
  const u = x + middle - index * spacing;
  let nearest = Number.POSITIVE_INFINITY;
  for (const name of figureSegments[figures[index]!]!) {
    const [x1, y1, x2, y2] = segments[Number(name) as 0];
    const dx = Math.max(x1 - u, 0, u - x2);
    const dy = Math.max(y1 - y, 0, y - y2);
    nearest = Math.min(nearest, Math.hypot(dx, dy));
  }
  return 1 - smoothStep(0.1, 0.9, nearest);
}
