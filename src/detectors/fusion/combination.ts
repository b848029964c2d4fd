/** One score of a flow's and a U-Net's, both on the common scale (scale.ts). */
import { auroc, aurocDifferenceError } from '../../core/auroc.ts';

/** One number of each detector. */
export interface Parts {
  readonly flow: number;
  readonly unet: number;
}

/**
 * `larger`: whichever detector finds the image odder decides (smallest tail share: Tippett 1931). `sum`: both add up, so that two
 * half-hearted suspicions make one (product of the tail shares: Fisher 1932).
 */
export type Combination = 'larger' | 'sum';

export function combine({ flow, unet }: Parts, combination: Combination): number {
  return combination === 'larger' ? Math.max(flow, unet) : flow + unet;
}

/** AUROC of each detector alone and of both ways to combine them, on the same images. */
export interface Areas extends Parts, Readonly<Record<Combination, number>> {}

/** The AUROCs of images, each with its parts; null when they are of one kind only. */
export function areasOf(images: readonly Parts[], defective: readonly boolean[]): Areas | null {
  if (!defective.includes(true) || !defective.includes(false)) return null;
  const area = (score: (parts: Parts) => number): number => auroc(images.map(score), defective);
  return {
    flow: area((parts) => parts.flow),
    unet: area((parts) => parts.unet),
    larger: area((parts) => combine(parts, 'larger')),
    sum: area((parts) => combine(parts, 'sum')),
  };
}

/** The way of higher AUROC; `larger`, whose reason is the plainer one, where both are equal or no defective image can tell. */
export const betterOf = (areas: Areas | null): Combination =>
  areas !== null && areas.sum > areas.larger ? 'sum' : 'larger';

/** How much each detector's score counts in the sum; together 2, so that half of a sum is one detector's share whatever the weights. */
export interface Weights extends Parts {
  /** Such as 'the U-Net's counted twice'. */
  readonly title: string;
}

/** A detector that knows little adds noise, and is then nearly left out; docs/fusion.md has the figures. */
const unequal: readonly Weights[] = [
  { title: "the flow's counted twice", flow: 4 / 3, unet: 2 / 3 },
  { title: "the U-Net's counted twice", flow: 2 / 3, unet: 4 / 3 },
  { title: 'the flow all but alone', flow: 1.98, unet: 0.02 },
  { title: 'the U-Net all but alone', flow: 0.02, unet: 1.98 },
];

/** By how many standard errors of the difference unequal weights must be better than equal ones. */
const CLEARLY = 1;

/** Fewer good or defective images choose no weights. */
const FEWEST = 5;

/** Unequal weights that are clearly better than the combination of equal ones, and their AUROC; undefined where there are none. */
export function betterWeights(
  images: readonly Parts[],
  defective: readonly boolean[],
  combination: Combination,
): { readonly weights: Weights; readonly area: number } | undefined {
  const bad = defective.filter(Boolean).length;
  if (Math.min(bad, defective.length - bad) < FEWEST) return undefined;
  const equal = images.map((parts) => combine(parts, combination));
  const tried = unequal.map((weights) => {
    const scores = images.map(({ flow, unet }) => weights.flow * flow + weights.unet * unet);
    return { weights, scores, area: auroc(scores, defective) };
  });
  const best = tried.reduce((a, b) => (b.area > a.area ? b : a));
  const clearly = best.area - auroc(equal, defective) > CLEARLY * aurocDifferenceError(best.scores, equal, defective);
  return clearly ? { weights: best.weights, area: best.area } : undefined;
}
