/**
 * Which pairs of images are worth a close look: for each image the few whose descriptors are most like its own, at any
 * of nine small displacements.
 */
import { type Descriptors, moved } from './descriptors.ts';
import { type LeakControl, stopIfAborted } from './thumbnails.ts';

/** Descriptors less alike than this are never near copies. */
const LEAST = 0.2;
/** Milliseconds of computing between two looks at the signal. */
const SLICE = 50;

/** Two images that may be near copies: pixel (x, y) of descriptor i lies on (x + dx, y + dy) of descriptor j. */
export interface Candidate {
  readonly i: number;
  readonly j: number;
  readonly dx: number;
  readonly dy: number;
  readonly value: number;
}

/** The best few candidates of one image, most alike first. */
class Best {
  readonly candidates: Candidate[] = [];
  /** What a further one must surpass. */
  least = LEAST;
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  add(candidate: Candidate): void {
    let at = this.candidates.length;
    while (at > 0 && this.candidates[at - 1]!.value < candidate.value) at--;
    this.candidates.splice(at, 0, candidate);
    if (this.candidates.length > this.#most) this.candidates.pop();
    if (this.candidates.length === this.#most) this.least = this.candidates[this.#most - 1]!.value;
  }
}

/** Of 64-bit numbers, which this runtime multiplies twice as fast as 32-bit ones. */
function dot(a: Float64Array, b: Float64Array): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  const even = a.length & ~3;
  for (let i = 0; i < even; i += 4) {
    s0 += a[i]! * b[i]!;
    s1 += a[i + 1]! * b[i + 1]!;
    s2 += a[i + 2]! * b[i + 2]!;
    s3 += a[i + 3]! * b[i + 3]!;
  }
  for (let i = even; i < a.length; i++) s0 += a[i]! * b[i]!;
  return s0 + s1 + s2 + s3;
}

const displacements = [-1, 0, 1].flatMap((dy) => [-1, 0, 1].map((dx) => [dx, dy] as const));

/**
 * Pairs to look at closely, i from `queries`, j from `gallery` (indices of the descriptors). Where both are the same
 * array, each pair comes once. An image has at most `most`, the likeliest first. Costs nine products of some two hundred numbers a pair: 2 to 3 microseconds.
 */
export async function findCandidates(
  { width, height, planes }: Descriptors,
  queries: readonly number[],
  gallery: readonly number[],
  most: number,
  { onProgress, signal }: LeakControl = {},
): Promise<Candidate[]> {
  const within = queries === gallery;
  const best = new Map(queries.map((i) => [i, new Best(most)]));
  let slice = performance.now();
  for (let q = 0; q < queries.length; q++) {
    const i = queries[q]!;
    const own = best.get(i)!;
    const variants = displacements.map(([dx, dy]) => moved(planes[i]!, width, height, dx, dy));
    for (let g = within ? q + 1 : 0; g < gallery.length; g++) {
      const j = gallery[g]!;
      const other = within ? best.get(j)! : undefined;
      let value = -1;
      let at = 0;
      for (let v = 0; v < variants.length; v++) {
        const product = dot(variants[v]!, planes[j]!);
        if (product > value) {
          value = product;
          at = v;
        }
      }
      if (value <= own.least && value <= (other?.least ?? 1)) continue;
      const [dx, dy] = displacements[at]!;
      const candidate = { i, j, dx, dy, value };
      if (value > own.least) own.add(candidate);
      if (other && value > other.least) other.add(candidate);
    }
    if (performance.now() - slice > SLICE) {
      await new Promise((resolve) => setImmediate(resolve));
      stopIfAborted(signal);
      onProgress?.(q + 1, queries.length);
      slice = performance.now();
    }
  }
  return [...new Set([...best.values()].flatMap(({ candidates }) => candidates))];
}
