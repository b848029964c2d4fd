/**
 * Outlines of pieces, in the two ways in which tools understand a polygon: along the edges of pixels, or through the middles
 * of the pixels at the border. Points are x, y, x, y, ... in pixels.
 */
import type { Piece } from './regions.ts';

/** Right, down, left, up, and the diagonals between, clockwise. */
const around = [
  [1, 0],
  [1, 1],
  [0, 1],
  [-1, 1],
  [-1, 0],
  [-1, -1],
  [0, -1],
  [1, -1],
] as const;

const isMarked = ({ width, height, data }: Piece, x: number, y: number): boolean =>
  x >= 0 && y >= 0 && x < width && y < height && data[y * width + x] === 1;

/** Leaves out points on the way straight on. */
function cornersOf(points: readonly (readonly [number, number])[]): number[] {
  const n = points.length;
  const kept = points.filter(([x, y], i) => {
    const [beforeX, beforeY] = points[(i + n - 1) % n]!;
    const [afterX, afterY] = points[(i + 1) % n]!;
    return n < 3 || x - beforeX !== afterX - x || y - beforeY !== afterY - y;
  });
  return kept.flat();
}

/** Walks the pixels at the border of an eight-connected piece, clockwise from its first one; a hairline is walked there and back. */
export function outlineThroughPixels(piece: Piece): number[] {
  const startX = piece.data.indexOf(1);
  const points: [number, number][] = [];
  let [x, y, direction] = [startX, 0, 0];
  let first: number | undefined;
  for (;;) {
    let turn = 0;
    // look from the left backwards, so that the border stays on the left hand
    for (; turn < 8; turn++) {
      const [dx, dy] = around[(direction + 5 + turn) % 8]!;
      if (isMarked(piece, x + dx, y + dy)) break;
    }
    if (turn === 8) break;
    const next = (direction + 5 + turn) % 8;
    if (x === startX && y === 0) {
      if (first === next) break;
      first ??= next;
    }
    points.push([x, y]);
    direction = next;
    x += around[next]![0];
    y += around[next]![1];
  }
  const corners = cornersOf(points);
  const { left, top } = piece;
  const moved = (points.length === 0 ? [startX, 0] : corners).map((v, i) => v + (i % 2 === 0 ? left : top));
  // a polygon has three points in every format, also that of a pixel or two
  while (moved.length < 6) moved.push(moved[0]!, moved[1]!);
  return moved;
}

/** Walks the edges of the pixels of a four-connected piece without holes, clockwise, marked pixels on the right hand. */
export function outlineAlongEdges(piece: Piece): number[] {
  const startX = piece.data.indexOf(1);
  const points: [number, number][] = [];
  let [x, y, direction] = [startX, 0, 0];
  do {
    points.push([x, y]);
    const [dx, dy] = around[direction * 2]!;
    x += dx;
    y += dy;
    // the pixels ahead, on the right and on the left of the way
    const [rightX, rightY] = [x + (dx - dy - 1) / 2, y + (dy + dx - 1) / 2];
    const [leftX, leftY] = [x + (dx + dy - 1) / 2, y + (dy - dx - 1) / 2];
    if (!isMarked(piece, rightX, rightY)) direction = (direction + 1) % 4;
    else if (isMarked(piece, leftX, leftY)) direction = (direction + 3) % 4;
  } while (x !== startX || y !== 0 || direction !== 0);
  return cornersOf(points).map((v, i) => v + (i % 2 === 0 ? piece.left : piece.top));
}
