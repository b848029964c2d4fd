/** Pixel-level metrics over any number of score maps, one map in memory at a time. A pixel is called defective when its score >= threshold. */
import { FelfriError } from '../core/errors.ts';
import type { Confusion } from './metrics.ts';
import type { OutlineEvaluation } from './outlines.ts';
import { PixelHistogram } from './pixel-histogram.ts';

export interface PixelOptions {
  /** For Dice. */
  readonly threshold: number;
  /** Where it came from, such as 'fixed beforehand'; tables print these words. */
  readonly chosenOn: string;
}

export interface PixelEvaluation {
  readonly pixels: number;
  readonly defectivePixels: number;
  /** Connected defect regions (8-connectivity). */
  readonly regions: number;
  /** Chance that a defective pixel scores higher than a good one. */
  readonly auroc: number;
  /** The exact AUROC is within this of `auroc`: scores that differ by less than 1/32,768 of themselves may count as ties. */
  readonly aurocError: number;
  /** Mean overlap per defect region up to 30 % false positives among good pixels, 0..1 (see `PixelHistogram.aupro`). */
  readonly aupro: number;
  readonly auproError: number;
  readonly threshold: number;
  /** Where the threshold came from; never the judged images but in a paper protocol. */
  readonly chosenOn: string;
  /** 2 tp / (2 tp + fp + fn) over all pixels of all images together. */
  readonly dice: number;
  /** Dice of each image whose mask has a pixel, averaged. */
  readonly meanDice: number;
  readonly confusion: Confusion;
  /** Of maps in the unit of the score, where there is a threshold above 0. */
  readonly outlines?: OutlineEvaluation;
}

/** Accumulates maps with their masks; `result` may be asked for at any time. */
export class PixelMetrics {
  readonly #options: PixelOptions;
  readonly #histogram = new PixelHistogram();
  #confusion = { tp: 0, fp: 0, fn: 0, tn: 0 };
  #diceSum = 0;
  #masked = 0;

  /** Throws OPTION_INVALID when the threshold is not a number. */
  constructor(options: PixelOptions) {
    if (Number.isNaN(options.threshold)) {
      throw new FelfriError('OPTION_INVALID', 'the threshold is not a number; choose one or give a number', {
        subject: 'threshold',
      });
    }
    this.#options = options;
  }

  /** Arguments and errors as `PixelHistogram.add`. */
  add(map: ArrayLike<number>, mask: ArrayLike<number>, width: number): void {
    this.#histogram.add(map, mask, width);
    let tp = 0;
    let fp = 0;
    let positives = 0;
    for (let i = 0; i < map.length; i++) {
      const called = map[i]! >= this.#options.threshold ? 1 : 0;
      if (mask[i] !== 0) {
        positives++;
        tp += called;
      } else {
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

  /** Whether there were good and defective pixels, without which there is no result. */
  get hasBoth(): boolean {
    return this.#histogram.goodPixels > 0 && this.#histogram.defectivePixels > 0;
  }

  /** Throws SCORES_INVALID when there was no good or no defective pixel. */
  result(): PixelEvaluation {
    const histogram = this.#histogram;
    const auroc = histogram.auroc();
    const aupro = histogram.aupro();
    const { tp, fp, fn, tn } = this.#confusion;
    return {
      pixels: histogram.goodPixels + histogram.defectivePixels,
      defectivePixels: histogram.defectivePixels,
      regions: histogram.regions,
      auroc: auroc.value,
      aurocError: auroc.error,
      aupro: aupro.value,
      auproError: aupro.error,
      ...this.#options,
      dice: (2 * tp) / (2 * tp + fp + fn),
      meanDice: this.#diceSum / this.#masked,
      confusion: { tp, fp, fn, tn },
    };
  }
}
