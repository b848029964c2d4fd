/**
 * Which pairs of images are worth a close look: for each image the few whose codes are nearest to its own, and of these
 * the few whose coarse pictures correlate best. However alike a set is, an image has no more of them.
 */
import type { Breath } from './breath.ts';
import { cellSums, FAR, type Grid, gridFor, leastDistance, shifts, usualCells, WORDS, writeCode } from './codes.ts';
import { bestDisplacement, correlation, type Displacement } from './displacement.ts';
import { type Orientation, orient, orientations, orientPoint } from './orientation.ts';
import { COARSE, type Residual } from './residuals.ts';

/** Images whose coarse pictures an image is compared with. */
const nearest = 32;
/** Images of which the usual cells are taken. */
const SAMPLE = 1000;
/** The share of a code's bits in which images differ that are not looked at: nearly as many as by chance. */
const CHANCE = 0.47;

/** Two images that may be near copies: coarse pixel (x, y) of i, in its orientation, lies on (x + dx, y + dy) of j. */
export interface Candidate {
  readonly i: number;
  readonly j: number;
  readonly about: Displacement;
  /** How i lies there. */
  readonly orientation: Orientation;
  /** Correlation of the coarse pictures there. */
  readonly value: number;
}

/** How an image is looked for: displaced as it lies, or brought into another orientation. */
interface Pose {
  readonly shift: Displacement;
  readonly orientation: Orientation;
}

const poses: readonly Pose[] = [
  ...shifts.map((shift) => ({ shift, orientation: 0 })),
  ...orientations.slice(1).map((orientation) => ({ shift: shifts[0]!, orientation })),
];

/** An image near another: bits in which codes differ, and the pose of the image asked for. */
interface Near {
  readonly j: number;
  readonly bits: number;
  readonly pose: Pose;
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

  /** Where a coarse picture in an orientation lies on the grid: as it lies on the design, else in the middle. */
  #place({ coarse, place }: Residual, orientation: Orientation): Displacement {
    const { width, height } = this.#grid;
    const [w, h] = orientation & 4 ? [coarse.height, coarse.width] : [coarse.width, coarse.height];
    const [x, y] = [(width - coarse.width) / 2, (height - coarse.height) / 2];
    const aside = place ? { dx: place.dx / COARSE - x, dy: place.dy / COARSE - y } : { dx: 0, dy: 0 };
    const { dx, dy } = orientPoint(aside, orientation);
    return { dx: Math.round((width - w) / 2 + dx), dy: Math.round((height - h) / 2 + dy) };
  }

  #cells(residual: Residual, by: readonly Displacement[], orientation = 0): Float32Array[] {
    const { dx, dy } = this.#place(residual, orientation);
    return cellSums(
      orient(residual.coarse, orientation),
      this.#grid,
      by.map((shift) => ({ dx: dx + shift.dx, dy: dy + shift.dy })),
    );
  }

  /** The nearest of some images to image i, itself left out, nearest first and at most `most`. */
  near(i: number, gallery: readonly number[], most: number): Near[] {
    const own = this.#residuals[i];
    if (!own) return [];
    const query = new Uint32Array(poses.length * WORDS);
    const turned = poses.slice(shifts.length).flatMap((pose) => this.#cells(own, [pose.shift], pose.orientation));
    for (const [p, cells] of [...this.#cells(own, shifts), ...turned].entries()) {
      writeCode(cells, this.#usual, query, p * WORDS);
    }
    const bits = this.#grid.columns * this.#grid.rows;
    let least = Math.floor(CHANCE * bits);
    const found: Near[] = [];
    for (const j of gallery) {
      if (j === i || !this.#residuals[j]) continue;
      this.compared++;
      const value = leastDistance(query, poses.length, this.#codes, j * WORDS, least);
      if (value >= FAR * 64) continue;
      const near = { j, bits: value >> 6, pose: poses[value & 63]! };
      let at = found.length;
      while (at > 0 && found[at - 1]!.bits > near.bits) at--;
      found.splice(at, 0, near);
      if (found.length > most) found.pop();
      if (found.length === most) least = found[most - 1]!.bits - 1;
    }
    return found;
  }

  /** The coarse comparison of image i with one that is near. */
  candidate(i: number, { j, pose }: Pick<Near, 'j' | 'pose'>): Candidate {
    const { shift, orientation } = pose;
    const [a, b] = [this.#residuals[i]!, this.#residuals[j]!];
    const [p, q] = [this.#place(a, orientation), this.#place(b, 0)];
    const coarse = orient(a.coarse, orientation);
    const from = { dx: p.dx + shift.dx - q.dx, dy: p.dy + shift.dy - q.dy };
    const about = bestDisplacement(coarse, b.coarse, from, 1);
    return { i, j, about, orientation, value: correlation(coarse, b.coarse, about) };
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
