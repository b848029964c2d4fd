/**
 * All that pixel metrics need of any number of score maps, one map in memory at a time and whatever the range of their values: a
 * histogram whose bins are the floating-point numbers themselves, cut to 24 bits. A bin is 1/32,768 of its value wide or less, so a
 * flow's long tail and a probability near 0 are resolved alike; areas under curves do not change under such stretching.
 */
import { FelfriError } from '../core/errors.ts';
import { connectedRegions } from './regions.ts';

/** Bits of a float32 that are dropped: 24 stay, of which sign 1, exponent 8, fraction 15. */
const DROPPED = 8;
const PAGE = 4096;
const PAGES = 2 ** (32 - DROPPED) / PAGE;

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** Bin of the finite float32 with these bits, rising with it. */
function binOf(pattern: number): number {
  return (pattern >= 0x80000000 ? ~pattern >>> 0 : (pattern | 0x80000000) >>> 0) >>> DROPPED;
}

/** The smallest score of a bin. */
function lowestOf(bin: number): number {
  const ordered = (bin << DROPPED) >>> 0;
  // of negative numbers the bin's smallest has the largest magnitude
  bits[0] = ordered >= 0x80000000 ? ordered & 0x7fffffff : ~ordered >>> 0;
  return float[0]!;
}

/** The smallest score of the bin above that of a score that is the smallest of its own. */
function after(lowest: number): number {
  float[0] = lowest;
  return lowestOf(binOf(bits[0]!) + 1);
}

/** One bin's content. */
interface Bin {
  /** Its smallest score. */
  readonly lowest: number;
  readonly good: number;
  readonly defective: number;
  /** Its defective pixels, each weighted by one over the size of its region. */
  readonly overlap: number;
}

export interface Area {
  readonly value: number;
  /** The area without bins is within this of `value`. */
  readonly error: number;
}

export class PixelHistogram {
  /** Pages of bins that hold anything: good, defective and overlap, one after the other. */
  readonly #pages: (Float64Array | undefined)[] = new Array(PAGES);
  #good = 0;
  #defective = 0;
  #regions = 0;

  get goodPixels(): number {
    return this.#good;
  }

  get defectivePixels(): number {
    return this.#defective;
  }

  /** Defect regions, see `connectedRegions`. */
  get regions(): number {
    return this.#regions;
  }

  /**
   * @param map scores, any range, one per pixel, row-major.
   * @param mask as many values; anything but 0 is defective.
   * @param width of both.
   * @throws FelfriError MASK_MISMATCH when the lengths differ or are no multiple of the width, SCORES_INVALID on a score that is not a
   *   finite float32; then nothing was added.
   */
  add(map: ArrayLike<number>, mask: ArrayLike<number>, width: number): void {
    if (map.length !== mask.length || !(width > 0) || map.length % width !== 0) {
      throw new FelfriError(
        'MASK_MISMATCH',
        `got a mask of ${mask.length} pixels for a map of ${map.length}, rows of ${width}; they must be equal and whole rows`,
      );
    }
    const scores = new Float32Array(map.length);
    for (let i = 0; i < scores.length; i++) {
      scores[i] = map[i]! + 0; // -0 becomes 0
      if (Number.isFinite(scores[i])) continue;
      throw new FelfriError(
        'SCORES_INVALID',
        `pixel ${i} has the score ${map[i]}; a score map must hold finite numbers`,
      );
    }
    const patterns = new Uint32Array(scores.buffer);
    const { region, sizes } = connectedRegions(mask, width);
    for (let i = 0; i < patterns.length; i++) {
      const bin = binOf(patterns[i]!);
      const page = this.#page(Math.floor(bin / PAGE));
      const at = bin % PAGE;
      const own = region[i]!;
      if (own === 0) {
        page[at]!++;
        this.#good++;
      } else {
        page[PAGE + at]!++;
        page[2 * PAGE + at]! += 1 / sizes[own - 1]!;
        this.#defective++;
      }
    }
    this.#regions += sizes.length;
  }

  /** Chance that a defective pixel scores higher than a good one; scores in one bin count as ties. Throws SCORES_INVALID without both. */
  auroc(): Area {
    this.#requireBoth();
    let above = 0;
    let pairs = 0;
    let tied = 0;
    for (const { good, defective } of this.#falling()) {
      pairs += good * above;
      tied += good * defective;
      above += defective;
    }
    const all = this.#good * this.#defective;
    return { value: (pairs + tied / 2) / all, error: tied / 2 / all };
  }

  /**
   * Area under the per-region-overlap curve (AUPRO; Bergmann et al. 2021, section 6.2.2): the share of each defect region that scores
   * at least the threshold, averaged over all regions, against the share of good pixels that do, from 0 up to `limit`, divided by
   * `limit` so that it lies in 0..1. Good pixels are those of all images added. Straight lines between bins and at the limit.
   * Throws SCORES_INVALID without good or without defective pixels.
   */
  aupro(limit = 0.3): Area {
    this.#requireBoth();
    let area = 0;
    let error = 0;
    let rate = 0;
    let overlap = 0;
    for (const bin of this.#falling()) {
      const step = bin.good / this.#good;
      const rise = bin.overlap / this.#regions;
      const width = Math.min(step, limit - rate);
      const within = step > 0 ? (width / step) * rise : rise;
      area += width * (overlap + within / 2);
      // the true curve may rise at either end of the bin
      error += width * Math.max(within / 2, rise - within / 2);
      rate += step;
      overlap += rise;
      if (rate >= limit) break;
    }
    return { value: area / limit, error: error / limit };
  }

  /** The map value at which Dice over all pixels added is highest; the highest such value. Throws SCORES_INVALID without defective pixels. */
  highestDice(): { threshold: number; dice: number } {
    this.#requireBoth();
    let best = { threshold: Number.NaN, dice: -1 };
    let tp = 0;
    let called = 0;
    for (const { lowest, good, defective } of this.#falling()) {
      tp += defective;
      called += good + defective;
      const dice = (2 * tp) / (called + this.#defective);
      if (dice > best.dice) best = { threshold: lowest, dice };
    }
    return best;
  }

  /** The lowest map value that no more than `share` (0..1) of the good pixels reach. Throws SCORES_INVALID without good pixels. */
  goodQuantile(share: number): number {
    if (this.#good === 0) throw tooFew(0, this.#defective);
    let threshold: number | undefined;
    let above = 0;
    for (const { lowest, good } of this.#falling()) {
      // the first bin holds the highest score, and what lies above it is reached by none
      threshold ??= after(lowest);
      above += good;
      if (above > share * this.#good) break;
      threshold = lowest;
    }
    return threshold!;
  }

  #page(index: number): Float64Array {
    const page = this.#pages[index] ?? new Float64Array(3 * PAGE);
    this.#pages[index] = page;
    return page;
  }

  #requireBoth(): void {
    if (this.#good === 0 || this.#defective === 0) throw tooFew(this.#good, this.#defective);
  }

  /** The bins that hold anything, highest first. */
  *#falling(): Generator<Bin> {
    for (let p = PAGES - 1; p >= 0; p--) {
      const page = this.#pages[p];
      if (page === undefined) continue;
      for (let at = PAGE - 1; at >= 0; at--) {
        const good = page[at]!;
        const defective = page[PAGE + at]!;
        if (good + defective === 0) continue;
        yield { lowest: lowestOf(p * PAGE + at), good, defective, overlap: page[2 * PAGE + at]! };
      }
    }
  }
}

function tooFew(good: number, defective: number): FelfriError {
  return new FelfriError(
    'SCORES_INVALID',
    `got ${good} good and ${defective} defective pixels; pixel metrics need at least one of each`,
  );
}
