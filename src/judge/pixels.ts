/**
 * Pixel-level metrics over any number of score maps, one map in memory at a time: AUROC from a histogram, Dice at a
 * threshold. A pixel is called defective when its score >= threshold.
 */
import { FelfriError } from '../core/errors.ts';
import type { Confusion } from './metrics.ts';

/** The smallest and largest value of the maps added: the first of two passes where the range is not known beforehand. */
export class ScoreRange {
  low = Number.POSITIVE_INFINITY;
  high = Number.NEGATIVE_INFINITY;

  /** Throws SCORES_INVALID on a value that is not finite. */
  add(map: ArrayLike<number>): void {
    for (let i = 0; i < map.length; i++) {
      const score = map[i]!;
      if (!Number.isFinite(score)) throw notFinite(i, score);
      if (score < this.low) this.low = score;
      if (score > this.high) this.high = score;
    }
  }
}

export interface PixelOptions {
  /** Range of the scores; values outside count as the nearest end. */
  readonly low: number;
  readonly high: number;
  /** Bins of equal width, default 65,536. */
  readonly bins?: number;
  /** For Dice. */
  readonly threshold: number;
}

export interface PixelEvaluation {
  readonly pixels: number;
  readonly defectivePixels: number;
  /** Chance that a defective pixel scores higher than a good one; scores in one bin count as ties. */
  readonly auroc: number;
  /** Width of one bin: scores closer than this may count as ties. */
  readonly resolution: number;
  /** The exact AUROC is within this of `auroc`: half the share of (good, defective) pairs that fell into one bin. */
  readonly aurocError: number;
  readonly threshold: number;
  /** 2 tp / (2 tp + fp + fn) over all pixels of all images together. */
  readonly dice: number;
  /** Dice of each image whose mask has a pixel, averaged. */
  readonly meanDice: number;
  readonly confusion: Confusion;
}

function notFinite(index: number, score: number): FelfriError {
  return new FelfriError(
    'SCORES_INVALID',
    `pixel ${index} has the score ${score}; a score map must hold finite numbers`,
  );
}

/** Accumulates maps with their masks; `result` may be asked for at any time. */
export class PixelMetrics {
  readonly #low: number;
  readonly #width: number;
  readonly #threshold: number;
  // doubles count exactly to 2^53
  readonly #good: Float64Array;
  readonly #defective: Float64Array;
  #confusion = { tp: 0, fp: 0, fn: 0, tn: 0 };
  #diceSum = 0;
  #masked = 0;

  /** Throws OPTION_INVALID unless low <= high, bins is a positive whole number and the threshold is a number. */
  constructor({ low, high, bins = 65_536, threshold }: PixelOptions) {
    if (
      !(Number.isFinite(high - low) && low <= high) ||
      !Number.isInteger(bins) ||
      bins < 1 ||
      Number.isNaN(threshold)
    ) {
      throw new FelfriError(
        'OPTION_INVALID',
        `got the range ${low} to ${high}, ${bins} bins and threshold ${threshold}; legal are finite low <= high, bins from 1 on and a number`,
      );
    }
    this.#low = low;
    this.#width = (high - low) / bins || 1;
    this.#threshold = threshold;
    this.#good = new Float64Array(bins);
    this.#defective = new Float64Array(bins);
  }

  /**
   * @param map scores, any range, one per pixel.
   * @param mask as many values; anything but 0 is defective.
   * @throws FelfriError MASK_MISMATCH when the lengths differ, SCORES_INVALID on a score that is not finite; then nothing was added.
   */
  add(map: ArrayLike<number>, mask: ArrayLike<number>): void {
    if (map.length !== mask.length) {
      throw new FelfriError(
        'MASK_MISMATCH',
        `got a mask of ${mask.length} pixels for a map of ${map.length}; they must be equal`,
      );
    }
    for (let i = 0; i < map.length; i++) if (!Number.isFinite(map[i])) throw notFinite(i, map[i]!);
    const last = this.#good.length - 1;
    let tp = 0;
    let fp = 0;
    let positives = 0;
    for (let i = 0; i < map.length; i++) {
      const score = map[i]!;
      const bin = Math.min(last, Math.max(0, Math.floor((score - this.#low) / this.#width)));
      const called = score >= this.#threshold ? 1 : 0;
      if (mask[i] !== 0) {
        this.#defective[bin]!++;
        positives++;
        tp += called;
      } else {
        this.#good[bin]!++;
        fp += called;
      }
    }
    const fn = positives - tp;
    const total = this.#confusion;
    this.#confusion = {
      tp: total.tp + tp,
      fp: total.fp + fp,
      fn: total.fn + fn,
      tn: total.tn + map.length - positives - fp,
    };
    if (positives > 0) {
      this.#masked++;
      this.#diceSum += (2 * tp) / (2 * tp + fp + fn);
    }
  }

  /** Throws SCORES_INVALID when there was no good or no defective pixel. */
  result(): PixelEvaluation {
    const { tp, fp, fn, tn } = this.#confusion;
    const defectivePixels = tp + fn;
    const goodPixels = fp + tn;
    if (defectivePixels === 0 || goodPixels === 0) {
      throw new FelfriError(
        'SCORES_INVALID',
        `got ${goodPixels} good and ${defectivePixels} defective pixels; pixel metrics need at least one of each`,
      );
    }
    let goodBelow = 0;
    let above = 0;
    let tied = 0;
    for (let bin = 0; bin < this.#good.length; bin++) {
      above += this.#defective[bin]! * goodBelow;
      tied += this.#defective[bin]! * this.#good[bin]!;
      goodBelow += this.#good[bin]!;
    }
    const pairs = goodPixels * defectivePixels;
    return {
      pixels: goodPixels + defectivePixels,
      defectivePixels,
      auroc: (above + tied / 2) / pairs,
      resolution: this.#width,
      aurocError: tied / 2 / pairs,
      threshold: this.#threshold,
      dice: (2 * tp) / (2 * tp + fp + fn),
      meanDice: this.#diceSum / this.#masked,
      confusion: { tp, fp, fn, tn },
    };
  }
}
