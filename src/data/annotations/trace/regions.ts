/**
 * Marked pixels as pieces without holes, since a polygon of most formats can have none: connected regions, cut along the rows
 * where holes begin. The pieces together are the mask exactly.
 */

/** Which neighbours of a marked pixel belong to its region. */
export type Connectivity = 4 | 8;

/** A piece in a box of its own: `data` is [height, width], 1 where marked. */
export interface Piece {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

const steps = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
  [1, 1],
  [1, -1],
  [-1, 1],
  [-1, -1],
] as const;

type Grid = Pick<Piece, 'width' | 'height' | 'data'>;

/** Positions reached from `start` over pixels of the same value; they are marked in `seen`. */
function flood({ width, height, data }: Grid, start: number, connectivity: Connectivity, seen: Uint8Array): number[] {
  const value = data[start];
  const found = [start];
  seen[start] = 1;
  for (let i = 0; i < found.length; i++) {
    const [x, y] = [found[i]! % width, Math.floor(found[i]! / width)];
    for (let s = 0; s < connectivity; s++) {
      const [nx, ny] = [x + steps[s]![0], y + steps[s]![1]];
      if (nx < 0 || ny < 0 || nx >= width || ny >= height) continue;
      const next = ny * width + nx;
      if (seen[next] || data[next] !== value) continue;
      seen[next] = 1;
      found.push(next);
    }
  }
  return found;
}

function pieceOf(positions: readonly number[], width: number, offset: { left: number; top: number }): Piece {
  let [left, top, right, bottom] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0, 0];
  for (const p of positions) {
    const [x, y] = [p % width, Math.floor(p / width)];
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  const box = { width: right - left + 1, height: bottom - top + 1 };
  const data = new Uint8Array(box.width * box.height);
  for (const p of positions) data[(Math.floor(p / width) - top) * box.width + (p % width) - left] = 1;
  return { left: offset.left + left, top: offset.top + top, ...box, data };
}

/** Connected regions, in the order of their first pixel. */
export function regionsOf(grid: Grid, connectivity: Connectivity, offset = { left: 0, top: 0 }): Piece[] {
  const seen = new Uint8Array(grid.data.length);
  const pieces: Piece[] = [];
  for (let p = 0; p < grid.data.length; p++) {
    if (grid.data[p] && !seen[p]) pieces.push(pieceOf(flood(grid, p, connectivity, seen), grid.width, offset));
  }
  return pieces;
}

/** Rows, within the piece, in which a hole has its first pixel. */
function holeRows(piece: Piece, connectivity: Connectivity): Set<number> {
  const width = piece.width + 2;
  const padded = { width, height: piece.height + 2, data: new Uint8Array(width * (piece.height + 2)) };
  for (let y = 0; y < piece.height; y++)
    padded.data.set(piece.data.subarray(y * piece.width, (y + 1) * piece.width), (y + 1) * width + 1);
  const seen = Uint8Array.from(padded.data);
  // what surrounds a region that holds together over corners is cut by corners, and the other way about
  const around = connectivity === 8 ? 4 : 8;
  flood(padded, 0, around, seen);
  const rows = new Set<number>();
  for (let p = 0; p < seen.length; p++) {
    if (seen[p]) continue;
    rows.add(Math.floor(p / width) - 1);
    flood(padded, p, around, seen);
  }
  return rows;
}

/** Regions without holes. */
export function piecesOf(grid: Grid, connectivity: Connectivity): Piece[] {
  return regionsOf(grid, connectivity).flatMap((region) => {
    const cuts = [...holeRows(region, connectivity)].sort((a, b) => a - b);
    if (cuts.length === 0) return [region];
    return [...cuts, region.height - 1].flatMap((last, i) => {
      const first = i === 0 ? 0 : cuts[i - 1]! + 1;
      const { width, left } = region;
      const strip = { width, height: last - first + 1, data: region.data.subarray(first * width, (last + 1) * width) };
      return regionsOf(strip, connectivity, { left, top: region.top + first });
    });
  });
}
