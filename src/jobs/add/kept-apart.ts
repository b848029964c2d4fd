/** Which new good photographs are learned from, and which set scale and threshold. */
import { FelfriError } from '../../core/errors.ts';
import { Random } from '../../core/random.ts';
import type { PartImage } from '../../data/part-image.ts';

/** Good images that the scale of a score rests on at least, as in training. */
const FEWEST_GOOD = 10;

/** One in so many is kept apart, and more where too few good ones are there; half of them at most. */
const EVERY = 4;

/** Good images to learn from and to keep apart, whole part groups, drawn by a fixed seed. Throws DATASET_TOO_SMALL. */
export function keepApart(good: readonly PartImage[], known: number): { learned: PartImage[]; keptApart: PartImage[] } {
  const wanted = Math.max(Math.ceil(good.length / EVERY), FEWEST_GOOD - known);
  const most = Math.min(wanted, Math.floor(good.length / 2));
  const groups = [...new Set(good.map(({ partGroup }) => partGroup))].sort();
  const apart = new Set<string>();
  let count = 0;
  for (const i of Random.of(0, 'kept apart').permutation(groups.length)) {
    const size = good.filter(({ partGroup }) => partGroup === groups[i]).length;
    if (count + size > most) continue;
    apart.add(groups[i]!);
    count += size;
  }
  if (known + count < FEWEST_GOOD) {
    throw new FelfriError(
      'DATASET_TOO_SMALL',
      `got ${known} good calibration images and ${good.length} good new ones, of which ${count} can be kept apart; the scale of the score needs ` +
        `${FEWEST_GOOD} that nothing is learned from: add more, or train anew`,
    );
  }
  return {
    learned: good.filter(({ partGroup }) => !apart.has(partGroup)),
    keptApart: good.filter(({ partGroup }) => apart.has(partGroup)),
  };
}
