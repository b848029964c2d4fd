/**
 * Where between two calibration scores a threshold stands. Every threshold above `below` and up to `at` decides all calibration images
 * alike, so the place within that gap is chosen for parts that were not seen. On the edge, at the lowest score that is called defective, one
 * new defective part in n + 1 passes. A false OK is the worst fault, so the threshold stands near the scores that pass: as far above the
 * highest of them as that lies above the usual (median) good score, but at most a quarter of the gap. docs/experiments/thresholds.md compares places.
 */

/** Scores that no image has lie between; null where the gap is open on that side. */
export interface Gap {
  /** The highest calibration score that passes. */
  readonly below: number | null;
  /** The lowest calibration score that is called defective. */
  readonly at: number | null;
}

/** Largest share of the gap that lies below the threshold. */
const SHARE = 0.25;
/** Share of the spread that a threshold keeps from the outermost score, beyond which nothing is known. */
const OPEN_SHARE = 0.1;

export interface PlaceOptions {
  /** The usual score of a good image: the median; null without good images. */
  readonly usual: number | null;
  /** How many spreads above `below`; 1 unless told. */
  readonly spreads?: number;
}

/**
 * A threshold within the gap that decides every calibration score as `at` would: `below < threshold <= at`. It is a number of 32 bits where
 * one lies there, so that a device that keeps it so decides alike. Where `below` and `at` are neighbours, `at` itself is all there is.
 */
export function placeWithin(gap: Gap, { usual, spreads = 1 }: PlaceOptions): number {
  const { below, at } = gap;
  if (below === null && at === null) return 0;
  if (below === null) return exact(at! - openMargin(at!, usual), gap);
  if (at === null) return exact(below + openMargin(below, usual), gap);
  // weighed, not subtracted: the difference of two huge scores may be infinite
  const share = below * (1 - SHARE) + at * SHARE;
  const spread = usual === null ? 0 : below - usual;
  return exact(spread > 0 ? Math.min(share, below + spreads * spread) : share, gap);
}

/**
 * A threshold above the highest good score, `spreads` times as far as that lies above the usual one. Where no spread is known the score itself,
 * or 1, stands for it. It lies above `placeWithin` of the same open gap, so that there is room for REVIEW.
 */
export function placeBeyond(below: number, { usual, spreads = 1 }: PlaceOptions): number {
  const spread = usual === null ? 0 : below - usual;
  const room = spreads * (spread > 0 ? spread : Math.abs(below) || 1);
  return exact(below + Math.max(room, 2 * openMargin(below, usual)), { below, at: null });
}

/** What to keep from an outermost score: a tenth of its distance from the usual good score, or of itself by rounding where all are equal. */
function openMargin(score: number, usual: number | null): number {
  const spread = usual === null ? 0 : Math.abs(score - usual);
  return Math.max(OPEN_SHARE * spread, Math.abs(score) * 1e-4, 1e-30);
}

/** The wanted place as a number of 32 bits, where that is within the gap. */
function exact(wanted: number, { below, at }: Gap): number {
  const within = (x: number): boolean =>
    Number.isFinite(x) && (below === null || x > below) && (at === null || x <= at);
  const rounded = Math.fround(wanted);
  const candidates = [rounded, nextFloat(rounded), wanted];
  return candidates.find(within) ?? at ?? nextDouble(below!);
}

/** The next larger number of 32 bits. */
function nextFloat(x: number): number {
  const bits = new DataView(new ArrayBuffer(4));
  bits.setFloat32(0, x === 0 ? 0 : x);
  bits.setInt32(0, bits.getInt32(0) + (x < 0 ? -1 : 1));
  return bits.getFloat32(0);
}

/** The next larger double: JSON can hold it, unlike Infinity. */
function nextDouble(x: number): number {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, x === 0 ? 0 : x);
  bits.setBigInt64(0, bits.getBigInt64(0) + (x < 0 ? -1n : 1n));
  return bits.getFloat64(0);
}
