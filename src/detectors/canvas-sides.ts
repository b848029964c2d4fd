/** Which sides a canvas may have. */
import { FelfriError } from '../core/errors.ts';

/** Pixels; larger ones are no canvas, but a memory that runs full. */
const MOST = 16_384;

/**
 * Throws OPTION_INVALID unless both sides are multiples of `unit` up to what is sensible; the message names the least and one that is near.
 * `what` is such as 'the canvas'; `on` says what demands it.
 */
export function requireSides(
  { height, width }: { readonly height: number; readonly width: number },
  unit: number,
  { what = 'the canvas', on, subject = 'canvas' }: { what?: string; on: string; subject?: string },
): void {
  const isLegal = (side: number): boolean =>
    Number.isInteger(side) && side >= unit && side <= MOST && side % unit === 0;
  if (isLegal(height) && isLegal(width)) return;
  const most = Math.floor(MOST / unit);
  const near = (side: number): number => Math.min(most, Math.max(1, Math.round(side / unit))) * unit;
  throw new FelfriError(
    'OPTION_INVALID',
    `${what} is ${height} x ${width} pixels; with ${on} both sides must be multiples of ${unit}, at least ${unit} and at most ${most * unit}, such as ${near(height)} x ${near(width)}`,
    { subject },
  );
}
