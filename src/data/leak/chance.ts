/**
 * From which likeness on two images of a set count as near copies: above what images reach that are alike without being
 * of one part. Those are the images that come some thirty places down in the list of an image's likest, beyond its own
 * part's photographs; where even they are copies by the measure of places further down, these are taken.
 */
import { Random } from '../../core/random.ts';
import type { Breath } from './breath.ts';
import type { CodeIndex } from './candidates.ts';
import { candidateFit } from './likeness.ts';
import type { Residual } from './residuals.ts';

/** Places in the list that are looked at, first and last; a small set has them nearer together. */
const WINDOWS = [
  { from: 24, to: 40 },
  { from: 64, to: 128 },
  { from: 256, to: 512 },
] as const;
/** Images whose lists are looked at, and images taken of each window. */
const IMAGES = 64;
const EACH = 4;
/** Deviations above the usual likeness of a window. */
const DEVIATIONS = 4.6;
/** Likeness below which no two images count, whatever the set: what noise and the last of a design leave. */
const leastLikeness = 0.5;
/** Likeness that is always enough. */
const SURE = 0.95;

/** Fisher's transformation, by which correlations near 1 are spread like others. */
const spread = (likeness: number): number => Math.atanh(Math.max(-0.99, Math.min(0.99, likeness)));

function limitFrom(values: readonly number[]): { usual: number; limit: number } {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => spread(sorted[Math.floor(share * (sorted.length - 1))] ?? 0);
  const usual = at(0.5);
  // 1.28 deviations lie between the median and nine tenths
  return { usual: Math.tanh(usual), limit: Math.tanh(usual + (DEVIATIONS * (at(0.9) - usual)) / 1.28) };
}

/** The likeness from which on two images of the set count as near copies, 0..1. */
export async function likenessLimit(
  index: CodeIndex,
  residuals: readonly (Residual | undefined)[],
  breath: Breath,
): Promise<number> {
  const read = [...residuals.keys()].filter((k) => residuals[k]);
  const random = Random.of(0, 'leak', 'windows');
  const sample = random.shuffle(read).slice(0, IMAGES);
  const all = read.length - 1;
  const windows = WINDOWS.map(({ from, to }, n) => ({
    from: Math.min(from, Math.floor((all * (n + 1)) / (n + 3))),
    to: Math.min(to, Math.floor((all * (n + 2)) / (n + 3))),
    values: [] as number[],
  })).filter((window, n) => n === 0 || window.from < window.to);
  for (const i of sample) {
    const list = index.near(i, read, windows.at(-1)!.to);
    for (const { from, to, values } of windows) {
      for (let k = 0; k < EACH; k++) {
        const near = list[from + random.integer(Math.max(1, to - from))];
        // an image that is not near by its code is not alike
        values.push((near && candidateFit(residuals, index.candidate(i, near))?.value) ?? 0);
      }
      await breath();
    }
  }
  let chosen = limitFrom(windows[0]!.values);
  for (const window of windows.slice(1)) {
    const next = limitFrom(window.values);
    if (chosen.usual < Math.max(leastLikeness, next.limit)) break;
    chosen = next;
  }
  return Math.min(SURE, Math.max(leastLikeness, chosen.limit));
}
