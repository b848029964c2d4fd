/**
 * Pictures that show one design, where a set holds several: two sides of a part, several cameras, variants. Each has a
 * common picture of its own, which the mean of all would blur.
 */
import type { Breath } from './breath.ts';
import type { Plane } from './contrast.ts';
import { correlation } from './displacement.ts';

/** Correlation from which on two coarse pictures show one design. */
const ALIKE = 0.5;
/** Coarse pixels searched in steps of two. */
const REACH = 4;
/** The smallest share of a set that is a design and not one part's photographs, and the fewest pictures. */
const SHARE = 0.15;
const FEWEST = 8;

function bestCorrelation(a: Plane, b: Plane): number {
  const dx = Math.round((b.width - a.width) / 2);
  const dy = Math.round((b.height - a.height) / 2);
  let best = -1;
  for (let v = -REACH; v <= REACH; v += 2) {
    for (let u = -REACH; u <= REACH; u += 2) best = Math.max(best, correlation(a, b, { dx: dx + u, dy: dy + v }, 2));
  }
  return best;
}

/**
 * Families of pictures by their numbers, largest first; all in one where no family is large enough. A picture that is
 * alike to none of them is in none.
 *
 * @param coarse local contrasts of some pictures, much reduced
 */
export async function familiesOf(coarse: readonly Plane[], breath: Breath): Promise<number[][]> {
  const all = [...coarse.keys()];
  const alike = coarse.map(() => new Set<number>());
  for (const i of all) {
    for (const j of all) {
      if (j <= i || bestCorrelation(coarse[i]!, coarse[j]!) < ALIKE) continue;
      alike[i]!.add(j);
      alike[j]!.add(i);
    }
    await breath();
  }
  const least = Math.max(FEWEST, SHARE * coarse.length);
  const families: number[][] = [];
  const free = new Set(all);
  for (;;) {
    const left = [...free].map((i) => [i, ...alike[i]!].filter((j) => free.has(j)));
    const largest = left.reduce((best, family) => (family.length > best.length ? family : best), [] as number[]);
    if (largest.length < least) break;
    families.push(largest);
    for (const i of largest) free.delete(i);
  }
  return families.length > 0 ? families : [all];
}
