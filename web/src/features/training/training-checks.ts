/** What can be told of a training before it is started, so that it does not fail, or disappoint, some minutes later. Knows no browser. */
import type { DataSetCounts } from '../../api/contract.ts';
import { GOOD_TO_RELY_ON, GOOD_TO_TRY } from '../live/first-visit.ts';

/** Images with masks: some are kept for calibration and test, so that of one none is left to learn from, and of few perhaps none. */
const MASKS_LEAST = 2;
const MASKS_FEW = 5;

export interface TrainingCheck {
  /** It cannot be started so. */
  readonly refused: boolean;
  readonly text: string;
}

interface Asked {
  readonly counts: DataSetCounts;
  readonly needsMasks: boolean;
  /** Whether it learns synthetic defects alone, for which good images are enough. */
  readonly syntheticOnly: boolean;
}

export function trainingChecks({ counts, needsMasks, syntheticOnly }: Asked): TrainingCheck[] {
  const { good, masks, unlabelled, defective } = counts;
  const found: TrainingCheck[] = [];
  const say = (refused: boolean, text: string) => found.push({ refused, text });
  if (good === 0) say(true, 'No image is labelled good: label some first.');
  else if (good < GOOD_TO_TRY) say(false, `${good} good images are few; ${GOOD_TO_TRY} are enough to try.`);
  else if (good < GOOD_TO_RELY_ON)
    say(false, `${good} good images are enough to try; about ${GOOD_TO_RELY_ON} make a limit that can be relied on.`);
  if (needsMasks && !syntheticOnly) {
    if (masks < MASKS_LEAST)
      say(true, `${masks} images have a mask: draw ${MASKS_FEW} or more, or let it learn synthetic defects alone.`);
    else if (masks < MASKS_FEW)
      say(false, `${masks} images have a mask; a split may leave none to learn from. Draw ${MASKS_FEW} or more.`);
    else if (masks < defective)
      say(false, `${defective - masks} defective images have no mask; they judge, and are not learned from.`);
  }
  if (defective === 0) say(false, 'No defective image: how many defects are found cannot be said at the end.');
  if (unlabelled > 0) say(false, `${unlabelled} images are not labelled and take no part.`);
  return found;
}
