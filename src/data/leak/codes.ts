/** Codes of at most 256 bits by which pictures that are alike are found among many: which of their cells are bright. */
import type { Plane } from './contrast.ts';
import type { Displacement } from './displacement.ts';

/** Cells along the usual picture. */
const CELLS = 16;
/** 32-bit words of a code. */
export const WORDS = 8;
/** Coarse pixels by which a query is displaced in each direction, so that each place up to 3 pixels away is next to one. */
const STEP = 2;

/** Displacements of a query in coarse pixels, none first. */
export const shifts: readonly Displacement[] = [0, -STEP, STEP].flatMap((dy) =>
  [0, -STEP, STEP].map((dx) => ({ dx, dy })),
);

/** The grid of cells that all pictures of a set are laid on. */
export interface Grid {
  readonly columns: number;
  readonly rows: number;
  /** Coarse pixels along a cell. */
  readonly cell: number;
  /** Coarse pixels of the usual picture. */
  readonly width: number;
  readonly height: number;
}

/** The grid for a usual picture of so many coarse pixels. */
export function gridFor(width: number, height: number): Grid {
  const cell = Math.max(1, Math.round(Math.sqrt(width * height) / CELLS));
  let columns = Math.max(1, Math.floor(width / cell));
  let rows = Math.max(1, Math.floor(height / cell));
  while (columns * rows > 32 * WORDS) {
    if (columns >= rows) columns--;
    else rows--;
  }
  return { columns, rows, cell, width, height };
}

/** Running sums: entry (y, x) holds the sum above and left of the pixel. */
function runningSums({ width, height, data }: Plane): Float64Array {
  const result = new Float64Array((width + 1) * (height + 1));
  for (let y = 0; y < height; y++) {
    let row = 0;
    for (let x = 0; x < width; x++) {
      row += data[y * width + x]!;
      result[(y + 1) * (width + 1) + x + 1] = result[y * (width + 1) + x + 1]! + row;
    }
  }
  return result;
}

const clamp = (value: number, most: number): number => Math.max(0, Math.min(most, value));

/** Sums of the grid's cells over a picture whose pixel (x, y) lies on (x + dx, y + dy), for each place; 0 outside it. */
export function cellSums(picture: Plane, grid: Grid, places: readonly Displacement[]): Float32Array[] {
  const { width, height } = picture;
  const { columns, rows, cell } = grid;
  const sums = runningSums(picture);
  const stride = width + 1;
  const left = Math.floor((grid.width - columns * cell) / 2);
  const top = Math.floor((grid.height - rows * cell) / 2);
  return places.map(({ dx, dy }) => {
    const result = new Float32Array(columns * rows);
    for (let r = 0; r < rows; r++) {
      const above = clamp(top + r * cell - dy, height) * stride;
      const below = clamp(top + (r + 1) * cell - dy, height) * stride;
      for (let c = 0; c < columns; c++) {
        const x0 = clamp(left + c * cell - dx, width);
        const x1 = clamp(left + (c + 1) * cell - dx, width);
        result[r * columns + c] = sums[below + x1]! - sums[above + x1]! - sums[below + x0]! + sums[above + x0]!;
      }
    }
    return result;
  });
}

/** Writes the code of some cells into words from `offset` on: a bit is 1 where the cell is above its usual value. */
export function writeCode(cells: Float32Array, usual: Float32Array, words: Uint32Array, offset: number): void {
  words.fill(0, offset, offset + WORDS);
  for (let i = 0; i < cells.length; i++) {
    if (cells[i]! > usual[i]!) words[offset + (i >> 5)]! |= 1 << (i & 31);
  }
}

/** The median of each cell over some pictures. */
export function usualCells(all: readonly Float32Array[]): Float32Array {
  const result = new Float32Array(all[0]?.length ?? 0);
  const values = new Float32Array(all.length);
  for (let i = 0; i < result.length; i++) {
    for (let k = 0; k < all.length; k++) values[k] = all[k]![i]!;
    result[i] = values.sort()[values.length >> 1]!;
  }
  return result;
}

/** Bits that are 1 in a 32-bit word. */
function ones(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** A distance no larger than any that is of use. */
export const FAR = 32 * WORDS + 1;

/**
 * Bits in which one of `count` codes differs least from another, with that code's number: 64 * bits + number; FAR * 64
 * when none differs by at most `most`.
 */
export function leastDistance(
  codes: Uint32Array,
  count: number,
  other: Uint32Array,
  offset: number,
  most: number,
): number {
  let best = FAR * 64;
  let least = most;
  // half of a code far beyond half of what is allowed speaks for the rest
  const half = (most >> 1) + 12;
  for (let n = 0, p = 0; n < count; n++, p += WORDS) {
    let bits =
      ones(codes[p]! ^ other[offset]!) +
      ones(codes[p + 1]! ^ other[offset + 1]!) +
      ones(codes[p + 2]! ^ other[offset + 2]!) +
      ones(codes[p + 3]! ^ other[offset + 3]!);
    if (bits > half) continue;
    bits +=
      ones(codes[p + 4]! ^ other[offset + 4]!) +
      ones(codes[p + 5]! ^ other[offset + 5]!) +
      ones(codes[p + 6]! ^ other[offset + 6]!) +
      ones(codes[p + 7]! ^ other[offset + 7]!);
    if (bits > least) continue;
    best = 64 * bits + n;
    least = bits - 1;
  }
  return best;
}
