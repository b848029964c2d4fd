/** Values of fewer than 8 bits, which fill the range of 8 as other programs have it. */
import type { Pixels } from './raster.ts';

/** Brings 0..largest to 0..255, rounded, in place, where values have 8 bits and the largest is below 255; gives the values back. */
export function fillEightBits<P extends Pixels>(values: P, largest: number): P {
  if (largest < 255 && values instanceof Uint8Array) {
    for (let i = 0; i < values.length; i++) values[i] = Math.round((values[i]! * 255) / largest);
  }
  return values;
}
