/** One score of a flow's and a U-Net's, both on the common scale (scale.ts). */
import { auroc } from '../../core/auroc.ts';

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
