/** The axis of scores: linear, or logarithmic where a few scores are many times the usual ones. */
import { scaleLinear, scaleLog, scaleSymlog } from 'd3-scale';

export interface ScoreAxis {
  readonly kind: 'linear' | 'logarithmic';
  readonly low: number;
  readonly high: number;
  /** Place of a score, 0 at the low end to 1 at the high end; beyond them it is held there. */
  place(score: number): number;
  /** The score at a place. */
  score(place: number): number;
  readonly ticks: readonly number[];
}

/** How many times the median the largest score must be for the axis to become logarithmic. */
const SKEWED = 8;

/** Times the smallest score that a logarithmic axis can span and still be read. */
const WIDEST = 1e6;

/** Scores no further apart than this cannot be told apart on an axis. */
const LEAST = 1e-12;

/**
 * An axis on which all scores and marks (thresholds) lie with some room on both sides.
 *
 * @param scores in any order; with none, marks alone decide, and without both the axis is 0..1.
 */
export function scoreAxis(scores: readonly number[], marks: readonly number[] = []): ScoreAxis {
  const all = [...scores, ...marks].filter(Number.isFinite).sort((a, b) => a - b);
  const first = all[0] ?? 0;
  const last = all.at(-1) ?? 1;
  const median = all[Math.floor(all.length / 2)] ?? 1;
  const readable = first > last / WIDEST;
  if (readable && scores.length > 2 && last > SKEWED * median) return logarithmic(first, last);
  const usual = Math.max(Math.abs(median), median - first);
  const skewed = last - median > SKEWED * usual && last < WIDEST * usual && usual > LEAST;
  if (first <= 0 && scores.length > 2 && skewed) return logarithmicBeyond(usual, first, last);
  // equal scores, or as good as equal, get an axis around them all the same
  const room = 0.06 * ([last - first, Math.abs(last)].find((size) => size > LEAST) ?? 1);
  const low = first >= 0 ? Math.max(0, first - room) : first - room;
  const scale = scaleLinear([low, last + room], [0, 1]).clamp(true);
  return axis('linear', low, last + room, scale, scale.ticks(7));
}

function logarithmic(first: number, last: number): ScoreAxis {
  const room = (last / first) ** 0.06;
  const scale = scaleLog([first / room, last * room], [0, 1]).clamp(true);
  const steps = scale.ticks().filter((tick) => /^[125]/.test(tick.toExponential()));
  return axis('logarithmic', first / room, last * room, scale, steps);
}

/** Scores of a flow are logarithms of densities and can be negative: linear about zero, logarithmic on both sides of it. */
function logarithmicBeyond(usual: number, first: number, last: number): ScoreAxis {
  const [low, high] = [first - 0.2 * usual, last * 1.25];
  const scale = scaleSymlog([low, high], [0, 1])
    .constant(usual / 4)
    .clamp(true);
  const steps = scaleLog([usual / 4, high], [0, 1])
    .ticks()
    .filter((tick) => /^[125]/.test(tick.toExponential()));
  const ticks = [...steps.map((tick) => -tick).reverse(), 0, ...steps].filter((tick) => tick > low && tick < high);
  return axis('logarithmic', low, high, scale, ticks);
}

function axis(
  kind: ScoreAxis['kind'],
  low: number,
  high: number,
  scale: { (score: number): number; invert(place: number): number },
  ticks: readonly number[],
): ScoreAxis {
  return { kind, low, high, ticks, place: scale, score: (place) => scale.invert(place) };
}

export interface Bin {
  /** Places on the axis, from..to. */
  readonly from: number;
  readonly to: number;
  readonly good: number;
  readonly defective: number;
}

/** Bars of the histogram. */
export const BARS = 48;

/** The bar that a place (0..1) of the axis lies in, of as many equally wide ones. */
export const barAt = (place: number, bins: number): number => Math.min(bins - 1, Math.max(0, Math.floor(place * bins)));

/** How many good and defective scores lie in each of equally wide stretches of the axis. */
export function histogram(
  axis: ScoreAxis,
  good: readonly number[],
  defective: readonly number[],
  bins: number,
): readonly Bin[] {
  const count = (scores: readonly number[]) => {
    const counts = new Array<number>(bins).fill(0);
    for (const score of scores) counts[barAt(axis.place(score), bins)]!++;
    return counts;
  };
  const [g, d] = [count(good), count(defective)];
  return g.map((good, i) => ({ from: i / bins, to: (i + 1) / bins, good, defective: d[i]! }));
}
