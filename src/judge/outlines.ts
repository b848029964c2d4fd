/**
 * Whether the outlines of heat maps explain verdicts: round the defects of parts that were found, and on good parts nowhere. For maps in the unit
 * of the score, at the threshold; one map in memory at a time.
 */
import { FelfriError } from '../core/errors.ts';

export interface OutlineEvaluation {
  /** Images with a masked defect that scored at or above the threshold. */
  readonly found: number;
  /** Of these, images whose outline holds at least a pixel of the defect. */
  readonly touched: number;
  /** Share of the defect's pixels that lie inside the outline, averaged over the images found; null where none was. */
  readonly inside: number | null;
  /** Images without a defective pixel. */
  readonly good: number;
  /** Of these, images with an outline anywhere. */
  readonly outlinedGood: number;
  /** 2 tp / (2 tp + fp + fn) of what lies inside outlines, over all pixels of all images together; null where no mask has a pixel. */
  readonly dice: number | null;
}

export class OutlineMetrics {
  readonly #threshold: number;
  #counts = { found: 0, touched: 0, good: 0, outlinedGood: 0 };
  #insideSum = 0;
  #pixels = { both: 0, called: 0, defective: 0 };

  constructor(threshold: number) {
    this.#threshold = threshold;
  }

  /** A map and its mask (anything but 0 is defective), pixel by pixel, and the image's score. Throws MASK_MISMATCH where their lengths differ. */
  add(map: ArrayLike<number>, mask: ArrayLike<number>, score: number): void {
    if (map.length !== mask.length)
      throw new FelfriError('MASK_MISMATCH', `got a mask of ${mask.length} pixels for a map of ${map.length}`);
    let [both, called, defective] = [0, 0, 0];
    for (let i = 0; i < map.length; i++) {
      const isCalled = map[i]! >= this.#threshold;
      if (isCalled) called++;
      if (mask[i] === 0) continue;
      defective++;
      if (isCalled) both++;
    }
    const all = this.#pixels;
    this.#pixels = { both: all.both + both, called: all.called + called, defective: all.defective + defective };
    if (defective === 0) {
      this.#counts.good++;
      if (called > 0) this.#counts.outlinedGood++;
    } else if (score >= this.#threshold) {
      this.#counts.found++;
      if (both > 0) this.#counts.touched++;
      this.#insideSum += both / defective;
    }
  }

  result(): OutlineEvaluation {
    const { both, called, defective } = this.#pixels;
    const { found } = this.#counts;
    return {
      ...this.#counts,
      inside: found === 0 ? null : this.#insideSum / found,
      dice: defective === 0 ? null : (2 * both) / (called + defective),
    };
  }
}
