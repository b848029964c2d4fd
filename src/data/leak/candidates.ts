/**
 * Which pairs of images are worth a close look: for each image the few whose codes are nearest to its own, and of these
 * the few whose coarse pictures correlate best. However alike a set is, an image has no more of them.
 */
import type { Breath } from './breath.ts';
import { cellSums, FAR, type Grid, gridFor, leastDistance, shifts, usualCells, WORDS, writeCode } from './codes.ts';
import { bestDisplacement, correlation, type Displacement } from './displacement.ts';
import { COARSE, type Residual } from './residuals.ts';

/** Images whose coarse pictures an image is compared with. */
const nearest = 32;
/** Images of which the usual cells are taken. */
const SAMPLE = 1000;
/** The share of a code's bits in which images differ that are not looked at: nearly as many as by chance. */
const CHANCE = 0.47;

/** Two images that may be near copies: coarse pixel (x, y) of i lies on (x + dx, y + dy) of j. */
export interface Candidate {
  readonly i: number;
  readonly j: number;
  readonly about: Displacement;
  /** Correlation of the coarse pictures there. */
  readonly value: number;
}

/** An image near another: bits in which codes differ, and by which of `shifts` the image asked for was displaced. */
interface Near {
  readonly j: number;
  readonly bits: number;
  readonly shift: Displacement;
}

const middle = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? 1;

/** The codes of a set, by which the nearest of an image are found. */
export class CodeIndex {
  readonly #residuals: readonly (Residual | undefined)[];
  readonly #grid: Grid;
  readonly #usual: Float32Array;
  readonly #codes: Uint32Array;
  /** Codes that were compared, for tests of the bound. */
  compared = 0;

  constructor(residuals: readonly (Residual | undefined)[]) {
    this.#residuals = residuals;
    const read = residuals.filter((residual) => residual !== undefined);
    this.#grid = gridFor(middle(read.map((r) => r.coarse.width)), middle(read.map((r) => r.coarse.height)));
    const step = Math.max(1, Math.floor(read.length / SAMPLE));
    this.#usual = usualCells(read.filter((_, k) => k % step === 0).map((r) => this.#cells(r, [shifts[0]!])[0]!));
    this.#codes = new Uint32Array(residuals.length * WORDS);
    for (const [k, residual] of residuals.entries()) {
      if (residual) writeCode(this.#cells(residual, [shifts[0]!])[0]!, this.#usual, this.#codes, k * WORDS);
    }
  }

  /** Where a coarse picture lies on the grid: as it lies on the design, else in the middle. */
  #place({ coarse, place }: Residual): Displacement {
    if (place) return { dx: Math.round(place.dx / COARSE), dy: Math.round(place.dy / COARSE) };
    const { width, height } = this.#grid;
    return { dx: Math.round((width - coarse.width) / 2), dy: Math.round((height - coarse.height) / 2) };
  }

  #cells(residual: Residual, by: readonly Displacement[]): Float32Array[] {
    const { dx, dy } = this.#place(residual);
    return cellSums(
      residual.coarse,
      this.#grid,
      by.map((shift) => ({ dx: dx + shift.dx, dy: dy + shift.dy })),
    );
  }

  /** The nearest of some images to image i, itself left out, nearest first and at most `most`. */
  near(i: number, gallery: readonly number[], most: number): Near[] {
    const own = this.#residuals[i];
    if (!own) return [];
    const query = new Uint32Array(shifts.length * WORDS);
    for (const [s, cells] of this.#cells(own, shifts).entries()) writeCode(cells, this.#usual, query, s * WORDS);
    const bits = this.#grid.columns * this.#grid.rows;
    let least = Math.floor(CHANCE * bits);
    const found: Near[] = [];
    for (const j of gallery) {
      if (j === i || !this.#residuals[j]) continue;
      this.compared++;
      const value = leastDistance(query, shifts.length, this.#codes, j * WORDS, least);
      if (value >= FAR * 64) continue;
      const near = { j, bits: value >> 6, shift: shifts[value & 63]! };
      let at = found.length;
      while (at > 0 && found[at - 1]!.bits > near.bits) at--;
      found.splice(at, 0, near);
      if (found.length > most) found.pop();
      if (found.length === most) least = found[most - 1]!.bits - 1;
    }
    return found;
  }

  /** The coarse comparison of image i with one that is near. */
  candidate(i: number, { j, shift }: { j: number; shift: Displacement }): Candidate {
    const [a, b] = [this.#residuals[i]!, this.#residuals[j]!];
    const [p, q] = [this.#place(a), this.#place(b)];
    const about = bestDisplacement(a.coarse, b.coarse, { dx: p.dx + shift.dx - q.dx, dy: p.dy + shift.dy - q.dy }, 1);
    return { i, j, about, value: correlation(a.coarse, b.coarse, about) };
  }
}

/**
 * Pairs to look at closely, i from `queries`, j from `gallery`; where both are the same array, each pair comes once. A
 * query asks for at most `most`, the likeliest first.
 */
export async function findCandidates(
  index: CodeIndex,
  queries: readonly number[],
  gallery: readonly number[],
  most: number,
  breath: Breath,
): Promise<Candidate[]> {
  const pairs = new Map<string, Candidate>();
  for (const [n, i] of queries.entries()) {
    const own = index
      .near(i, gallery, nearest)
      .map((near) => index.candidate(i, near))
      .sort((p, q) => q.value - p.value || p.j - q.j);
    for (const candidate of own.slice(0, most)) {
      const { j } = candidate;
      const key = queries === gallery ? `${Math.min(i, j)},${Math.max(i, j)}` : `${i},${j}`;
      const known = pairs.get(key);
      if (!known || candidate.value > known.value) pairs.set(key, candidate);
    }
    await breath(n + 1, queries.length);
  }
  return [...pairs.values()];
}
