/**
 * Rates over images that are not independent: several images show one part, and a detector that misses a defect in one of them is
 * likely to miss it in the others. Clopper-Pearson on images then promises more than it can keep.
 */
import { Random } from '../core/random.ts';
import { checkConfidence, clopperPearson, type Interval, quantile } from './intervals.ts';

export interface GroupedRate {
  /** Part groups that hold an image of the kind in question. */
  readonly partGroups: number;
  /** By part group, see `method`. Percentiles of fewer than about 20 part groups make it narrower than it should be. */
  readonly interval: Interval;
  /**
   * `bootstrap`: percentiles of the rate over part groups drawn with replacement. Where all images are called alike a bootstrap sees no
   * spread, so each part group counts as one single trial instead (`Clopper-Pearson on part groups`).
   */
  readonly method: 'bootstrap' | 'Clopper-Pearson on part groups';
  /**
   * Design effect (Kish 1965): the rate's variance by part group over that of as many independent images; about 1 where images of one
   * part do not resemble each other, about the number of images a part where they are all alike. Null where all are called alike.
   */
  readonly designEffect: number | null;
}

/** An image of one kind: its part group, and whether it was called defective. */
export interface CalledImage {
  readonly partGroup: string | number;
  readonly called: boolean;
}

/**
 * The rate of called images with its uncertainty by part group. Null for fewer than two part groups: one part says nothing of others.
 *
 * The design effect is that of the ratio estimator, with the variance linearised over groups (Cochran 1977, equation 6.9).
 *
 * @param resamples default 1000.
 * @throws FelfriError OPTION_INVALID for a confidence outside 0..1.
 */
export function rateByPartGroup(
  images: readonly CalledImage[],
  { seed, confidence, resamples = 1000 }: { seed: number; confidence: number; resamples?: number },
): GroupedRate | null {
  checkConfidence(confidence);
  const groups = new Map<string | number, { called: number; total: number }>();
  for (const { partGroup, called } of images) {
    const group = groups.get(partGroup) ?? { called: 0, total: 0 };
    group.called += called ? 1 : 0;
    group.total++;
    groups.set(partGroup, group);
  }
  const members = [...groups.values()];
  const n = members.length;
  if (n < 2) return null;
  const total = images.length;
  const called = members.reduce((sum, group) => sum + group.called, 0);
  if (called === 0 || called === total) {
    return {
      partGroups: n,
      interval: clopperPearson(called === 0 ? 0 : n, n, confidence),
      method: 'Clopper-Pearson on part groups',
      designEffect: null,
    };
  }
  const rate = called / total;
  const spread = members.reduce((sum, group) => sum + (group.called - rate * group.total) ** 2, 0);
  const variance = ((n / (n - 1)) * spread) / total ** 2;
  const random = Random.of(seed, 'bootstrap-rate');
  const rates = new Float64Array(resamples);
  for (let r = 0; r < resamples; r++) {
    let drawnCalled = 0;
    let drawn = 0;
    for (let draw = 0; draw < n; draw++) {
      const group = random.pick(members);
      drawnCalled += group.called;
      drawn += group.total;
    }
    rates[r] = drawnCalled / drawn;
  }
  rates.sort();
  const tail = (1 - confidence) / 2;
  return {
    partGroups: n,
    interval: { low: quantile(rates, tail), high: quantile(rates, 1 - tail) },
    method: 'bootstrap',
    designEffect: variance / ((rate * (1 - rate)) / (total - 1)),
  };
}
