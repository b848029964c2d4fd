/**
 * A map as it is kept: one byte a place, 0 to 128 up to the threshold and from there on by logarithm to 255, so that what was above it is still
 * told apart when it is drawn later. Needs nothing of Node.
 */
import type { Tensor } from '../core/tensor.ts';
import { STRONGEST } from './heat-map.ts';

const AT_THRESHOLD = 128;
const ABOVE = (255 - AT_THRESHOLD) / Math.log(STRONGEST);

/** From a map in the score's unit; `threshold` above 0. A value below the threshold is never rounded up to it. */
export function levelBytes({ data }: Tensor, threshold: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const times = data[i]! / threshold;
    bytes[i] =
      times < 1
        ? Math.max(0, Math.floor(times * AT_THRESHOLD))
        : Math.min(255, AT_THRESHOLD + Math.round(ABOVE * Math.log(times)));
  }
  return bytes;
}

/** How many times the threshold each byte is. */
export const levelsOf = (bytes: ArrayLike<number>): Float32Array<ArrayBuffer> =>
  Float32Array.from(bytes, (b) => (b < AT_THRESHOLD ? b / AT_THRESHOLD : Math.exp((b - AT_THRESHOLD) / ABOVE)));
