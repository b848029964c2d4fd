/** Float pixels that are no numbers: no score comes of NaN, and infinity would count as black or white that no camera saw. */
import { FelfriError } from '../../core/errors.ts';
import type { Pixels } from './raster.ts';

/** Throws IMAGE_VALUES where a value is NaN or infinite. */
export function requireFiniteValues(data: Pixels, subject: string): void {
  if (!(data instanceof Float32Array)) return;
  const wrong = data.reduce((count, value) => count + (Number.isFinite(value) ? 0 : 1), 0);
  if (wrong === 0) return;
  throw new FelfriError(
    'IMAGE_VALUES',
    `${subject}: ${wrong} of ${data.length} values are NaN or infinite, so nobody knows what is there; write a number in their place, the same one in all images, or leave the image out`,
    { subject },
  );
}
