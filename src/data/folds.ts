/**
 * Folds for a data set that states none: whole part groups, each class spread as evenly as the groups allow.
 */
import { FelfriError } from '../core/errors.ts';
import { Random } from '../core/random.ts';
import { byName } from './listing.ts';
import type { PartImage } from './part-image.ts';

/** Images by part group; groups in the order of their names. */
export function groupImages(images: readonly PartImage[]): Map<string, PartImage[]> {
  const groups = new Map<string, PartImage[]>();
  for (const image of [...images].sort((a, b) => byName(a.name, b.name))) {
    const group = groups.get(image.partGroup);
    if (group) group.push(image);
    else groups.set(image.partGroup, [image]);
  }
  return new Map([...groups].sort(([a], [b]) => byName(a, b)));
}

const countClasses = (images: readonly PartImage[]): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const { className } of images) counts.set(className, (counts.get(className) ?? 0) + 1);
  return counts;
};

/**
 * The fold of each part group, 0..folds-1. Large groups are placed first, each where its classes are rarest so far
 * (greedy least squares of the class shares, as in scikit-learn's StratifiedGroupKFold); ties go to the smallest fold.
 * Equal data and seed give equal folds, whatever the order of the images.
 * Throws SPLIT_IMPOSSIBLE when there are fewer part groups than folds.
 */
export function makeFolds(images: readonly PartImage[], folds: number, seed: number): Map<string, number> {
  const groups = groupImages(images);
  if (groups.size < folds) {
    throw new FelfriError(
      'SPLIT_IMPOSSIBLE',
      `${groups.size} part groups cannot be put on ${folds} folds; legal is at least one group per fold: add parts or ask for fewer folds`,
    );
  }
  const totals = countClasses(images);
  const placed = Array.from({ length: folds }, () => ({ images: 0, classes: new Map<string, number>() }));
  const order = Random.of(seed, 'folds')
    .shuffle([...groups])
    .sort(([, a], [, b]) => b.length - a.length);
  const result = new Map<string, number>();
  for (const [group, members] of order) {
    const classes = [...countClasses(members)];
    // putting n more into a fold that has m of a class raises the sum of squared shares by (2mn + n^2) / total^2
    const costs = placed.map((fold) =>
      classes.reduce((sum, [name, n]) => sum + (n * (fold.classes.get(name) ?? 0)) / totals.get(name)! ** 2, 0),
    );
    let best = 0;
    for (let f = 1; f < folds; f++) {
      const difference = costs[f]! - costs[best]!;
      if (difference < 0 || (difference === 0 && placed[f]!.images < placed[best]!.images)) best = f;
    }
    const fold = placed[best]!;
    fold.images += members.length;
    for (const [name, n] of classes) fold.classes.set(name, (fold.classes.get(name) ?? 0) + n);
    result.set(group, best);
  }
  return result;
}
