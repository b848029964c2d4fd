/** Whether the parts that a monitor learned from are like the good parts of the bundle's calibration: what it learned may be a drift itself. */
import { readStoredScores } from '../../jobs/judge/stored-scores.ts';

/** Bytes of a file of scores that are read, and good images that say something. */
const MOST_BYTES = 8 * 2 ** 20;
const LEAST_IMAGES = 20;
/** Share of pairs in which the learned one is the larger; by chance it is beyond once in some hundred thousand calibrations of 20 images. */
const SHARE = 0.8;
/** Levels of brightness that nobody needs to look for. */
const LEVELS = 5;

/** Of all pairs the share in which the one of `a` is larger; equal ones count half. In one pass: no image waits for it, though a calibration may be of 50,000. */
function shareAbove(a: readonly number[], b: readonly number[]): number {
  const sorted = Float64Array.from(b).sort();
  let [below, upTo, sum] = [0, 0, 0];
  for (const value of Float64Array.from(a).sort()) {
    while (below < sorted.length && sorted[below]! < value) below++;
    while (upTo < sorted.length && sorted[upTo]! <= value) upTo++;
    sum += (below + upTo) / 2;
  }
  return sum / (a.length * b.length);
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;
const plain = (value: number): string => String(Number(value.toPrecision(3)));

interface LearnedValues {
  readonly score: readonly number[];
  readonly brightness: readonly number[];
}

/** What is not as at calibration, and what to do; null where all is, or where the bundle does not say. */
export async function unlikeCalibration(bundle: string, learned: LearnedValues): Promise<string | null> {
  const stored = await readStoredScores(bundle, 'calibration', MOST_BYTES).catch(() => undefined);
  const good = (stored?.images ?? []).filter(({ label, picture }) => label === 'good' && picture === undefined);
  if (good.length < LEAST_IMAGES) return null;
  const said: string[] = [];
  const scores = good.map(({ score }) => score);
  if (shareAbove(learned.score, scores) >= SHARE)
    said.push(
      `parts have higher scores than the good parts of the calibration (${plain(median(learned.score))}, then ${plain(median(scores))})`,
    );
  const brightness = good.map((image) => image.brightness);
  const share = shareAbove(learned.brightness, brightness);
  const [now, then] = [median(learned.brightness), median(brightness)];
  if (Math.max(share, 1 - share) >= SHARE && Math.abs(now - then) >= LEVELS)
    said.push(`pictures are ${now > then ? 'brighter' : 'darker'} (${plain(now)}, then ${plain(then)} of 255)`);
  if (said.length === 0) return null;
  return `${said.join('; ')}: look whether light, exposure and lens are as they were, or calibrate on parts of this camera`;
}
