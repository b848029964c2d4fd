/**
 * What few images leave open, in the words that command line, report and page share. Of n exchangeable scores and one new one,
 * the new one is the outermost with a chance of 1 in n + 1, whatever the threshold was chosen by.
 */
import { trialsNeeded } from '../sample-size.ts';

/** The share of new parts beyond all calibration images from which these are few, and the rate that is worth showing. */
const SHARE = 0.05;

/** The fewest images of a kind that are not called few: 19. */
export const ENOUGH_IMAGES = Math.round(1 / SHARE) - 1;

const shown = trialsNeeded({ rate: 1 - SHARE, confidence: 0.95 });

const kinds = {
  good: { beyond: 'score above all of them', rate: 'at most 5 % false alarms' },
  defective: { beyond: 'score below all of them', rate: 'a recall of 95 %' },
} as const;

/** That n images of a kind are few, and how many would do; nothing where they are enough, or where there are none of them. */
export function fewImages(kind: keyof typeof kinds, n: number): string[] {
  if (n === 0 || n >= ENOUGH_IMAGES) return [];
  const { beyond, rate } = kinds[kind];
  return [
    `${n} ${kind} ${n === 1 ? 'image is' : 'images are'} few to set a threshold on: a new ${kind} part may ${beyond} with a chance of 1 in ${n + 1}; ` +
      `${ENOUGH_IMAGES} make it 1 in ${ENOUGH_IMAGES + 1}, and ${shown} can show ${rate}`,
  ];
}
