/** Why a fusion's verdict is what it is: which of its detectors found the image out of the ordinary. */
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
