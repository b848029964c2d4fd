/** Why a verdict is what it is, in words: which detectors of a fusion, or views of a flow, found the image out of the ordinary. */
import type { RegionScore } from '../data/regions/places.ts';
import type { Decision } from './decision.ts';

/** Scores of a fusion's detectors on their common scale. */
export interface PartScores {
  readonly flow: number;
  readonly unet: number;
}

const words = { unet: 'known defect (U-Net)', flow: 'unlike good parts (flow)' } as const;

/**
 * The reason for NG or REVIEW, null for OK. `limit` is the threshold that the combined score has reached, `sum` whether that is the sum of
 * the two or the larger. A detector is named when its own score reaches its share of the limit: all of it, or half where both add up. So at
 * least one always does.
 */
export function reasonFor(
  parts: PartScores,
  decision: Decision,
  { limit, sum }: { readonly limit: number | null; readonly sum: boolean },
): string | null {
  if (decision === 'OK' || limit === null) return null;
  // rounding must not leave nobody to name
  const share = Math.min(sum ? limit / 2 : limit, Math.max(parts.flow, parts.unet));
  return (['unet', 'flow'] as const)
    .filter((detector) => parts[detector] >= share)
    .map((detector) => words[detector])
    .join(' and ');
}

/** Names the regions that reach the limit, the oddest first; null where none does, as where a part is odd as a whole. */
export function reasonOfRegions(regions: readonly RegionScore[], limit: number | null): string | null {
  if (limit === null) return null;
  const reached = regions.filter(({ value }) => value >= limit).sort((a, b) => b.value - a.value);
  if (reached.length === 0) return null;
  const names = reached.map(({ name, tolerance }) =>
    tolerance === 1 ? name : `${name} (its threshold is ${tolerance} times the recipe's)`,
  );
  return `in ${names.join(' and ')}`;
}

/** What each view of an image says when it finds that out of the ordinary. */
export const viewWords = {
  place: 'a place is unlike that place on good parts',
  flow: 'something is like nothing on good parts',
  whole: 'the texture of the whole part is unlike good parts',
} as const;

/** What one view says of an image: the score is the sum of these, each by its weight. */
export interface ViewScore {
  readonly view: keyof typeof viewWords;
  /** How rarely a good image is so odd to it, as minus a decimal logarithm. */
  readonly rarity: number;
  readonly weight: number;
}

/** Views of a smaller share of the score are not named, but for the largest. */
const LEAST_SHARE = 0.15;

/** Where every view says so many times the threshold, a picture is like nothing that was learned. A large defect leaves the whole nearer (docs/heat-maps.md). */
const FAR_OUT = 50;
const FAR_WORDS = 'unlike anything learned (another product, or another picture than the camera usually gives?)';

/**
 * The reason for NG or REVIEW, null for OK: what the views say that make up most of the score, the largest share first. Far above the threshold it
 * asks whether this is such a part at all.
 */
export function reasonOfViews(
  views: readonly ViewScore[],
  decision: Decision,
  threshold: number | null,
): string | null {
  if (decision === 'OK') return null;
  const sum = views.reduce((total, { rarity, weight }) => total + rarity * weight, 0);
  const far = threshold !== null && threshold > 0 && views.every(({ rarity }) => rarity >= FAR_OUT * threshold);
  const falling = views
    .map(({ view, rarity, weight }) => ({ view, share: (rarity * weight) / Math.max(sum, Number.MIN_VALUE) }))
    .sort((a, b) => b.share - a.share);
  const said = falling
    .filter(({ share }, i) => i === 0 || share >= LEAST_SHARE)
    .map(({ view, share }) => `${viewWords[view]} (${Math.round(100 * share)} % of the score)`);
  return [...(far ? [FAR_WORDS] : []), ...said].join('; ');
}
